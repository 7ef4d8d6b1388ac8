/** A value of each type byte that a dump can have, as the bytes behind the key. */
import { RdbOutput } from "../rdb-output.ts";
import { ListpackDraft } from "../values/listpack-draft.ts";
import { bytesOf, joined } from "./dumps.ts";

function listpack(...texts: readonly string[]): Uint8Array {
  const draft = new ListpackDraft();
  draft.begin(16);
  for (const text of texts) draft.text(bytesOf(text), 0, text.length);
  return draft.finish();
}

/** A value as an RDB dump has it: numbers are lengths, texts and arrays strings. */
function value(...parts: readonly (string | number | Uint8Array | { readonly raw: readonly number[] })[]): Uint8Array {
  const pieces: Uint8Array[] = [];
  const output = new RdbOutput((bytes, start, end) => pieces.push(bytes.slice(start, end)), false, false);
  for (const part of parts) {
    if (typeof part === "number") output.length(part);
    else if (typeof part === "string") output.string(bytesOf(part), 0, part.length);
    else if (part instanceof Uint8Array) output.string(part, 0, part.length);
    else output.raw(Uint8Array.from(part.raw), 0, part.raw.length);
  }
  output.flush();
  return joined(...pieces);
}

const ziplist = Uint8Array.from([21, 0, 0, 0, 18, 0, 0, 0, 4, 0, 0, 1, 97, 3, 0xf3, 2, 1, 98, 3, 0xf4, 0xff]);
const id = (sequence: number): number[] => [0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, sequence];
const time = { raw: [1, 2, 3, 4, 5, 0, 0, 0] };
const one = { raw: [0, 0, 0, 0, 0, 0, 0xf0, 0x3f] };
const two = { raw: [0, 0, 0, 0, 0, 0, 0, 0x40] };
const node = listpack("2", "0", "1", "f", "0", "2", "0", "0", "a", "4", "2", "0", "1", "b", "4");

function stream(type: number): Uint8Array {
  const more = type >= 19 ? [5, 1, 0, 0, 2] : [];
  const read = type >= 19 ? [2] : [];
  const active = type >= 21 ? [time] : [];
  return value(
    ...[1, Uint8Array.from(id(1)), node, 2, 5, 2, ...more, 1, "group", 5, 2, ...read],
    ...[2, { raw: id(1) }, time, 1, { raw: id(2) }, time, 3],
    ...[2, "alice", time, ...active, 1, { raw: id(1) }, "bob", time, ...active, 1, { raw: id(2) }],
  );
}

/** By type byte. */
export const VALUES: readonly (readonly [number, Uint8Array])[] = [
  [1, value(3, "a", "12", "x".repeat(70))],
  [2, value(3, "a", "12", "b")],
  [3, value(2, "a", { raw: [1, 49] }, "b", { raw: [254] })],
  [4, value(2, "f", "v", "g", "12")],
  [5, value(2, "a", one, "b", two)],
  [9, value(Uint8Array.from([2, 1, 97, 1, 0, 98, 1, 99, 2, 1, 98, 98, 0, 0xff]))],
  [10, value(ziplist)],
  [11, value(Uint8Array.from([2, 0, 0, 0, 3, 0, 0, 0, 1, 0, 2, 0, 9, 0]))],
  [12, value(ziplist)],
  [13, value(ziplist)],
  [14, value(2, ziplist, ziplist)],
  [15, stream(15)],
  [16, value(listpack("f", "v", "12", "70000"))],
  [17, value(listpack("a", "1", "b", "1.5"))],
  [18, value(3, 2, listpack("a", "5"), 1, "plain", 2, listpack("z"))],
  [19, stream(19)],
  [20, value(listpack("a", "5", "member"))],
  [21, stream(21)],
];
