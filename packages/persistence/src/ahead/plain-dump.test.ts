/** Values with many parts are passed on while they arrive: otherwise each piece of the file would begin them anew. */
import { expect, test } from "vitest";
import { RdbInput } from "../rdb-input.ts";
import { joined, sourceOf } from "../testing/dumps.ts";
import { prepareAll } from "../testing/plain-dumps.ts";
import { PlainDump } from "./plain-dump.ts";

const WINDOW_BYTES = 4096;
const PIECE_BYTES = 8192;
const PARTS = 20_000;

/** A 32-bit length. */
function length(value: number): number[] {
  return [0x80, value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
}

function repeated(part: readonly number[], count: number): Uint8Array {
  return Uint8Array.from({ length: part.length * count }, (_, at) => part[at % part.length] ?? 0);
}

/** A string of so many bytes, as it stands in a dump. */
function string(byteLength: number): number[] {
  return [byteLength, ...new Array<number>(byteLength).fill(7)];
}

const pendingId = new Array<number>(16).fill(1);
const time = new Array<number>(8).fill(2);
const totals = new Array<number>(8).fill(0);
const group = [...string(5), 3, 4, 6];
const consumer = [...string(4), ...time, ...time];

/** Type bytes, and what follows the key. */
const values: readonly [string, number, Uint8Array][] = [
  ["a list", 1, joined(length(PARTS), repeated(string(9), PARTS))],
  ["a hash", 4, joined(length(PARTS), repeated([...string(3), ...string(9)], PARTS))],
  ["a sorted set", 5, joined(length(PARTS), repeated([...string(3), ...time], PARTS))],
  ["a stream of many nodes", 21, joined(length(PARTS), repeated([...string(16), ...string(20)], PARTS), totals, [0])],
  [
    "a stream with much that is pending",
    21,
    joined(
      [...length(0), ...totals, 1, ...group, ...length(PARTS)],
      repeated([...pendingId, ...time, 1], PARTS),
      [1, ...consumer, ...length(PARTS)],
      repeated(pendingId, PARTS),
    ),
  ],
];

/** The pieces that come of a file, and what is left to the reader. */
function piecesOf(file: Uint8Array): { pieces: Uint8Array[]; rest: Uint8Array } {
  const pieces: Uint8Array[] = [];
  const input = new RdbInput(WINDOW_BYTES, false, 1e6);
  const piece = (bytes: Uint8Array, byteLength: number): Uint8Array => {
    pieces.push(bytes.slice(0, byteLength));
    return bytes;
  };
  const dump = new PlainDump(input, { piece }, new Uint8Array(PIECE_BYTES), PIECE_BYTES);
  prepareAll(dump, input, sourceOf(file));
  return { pieces, rest: file.subarray(input.offset) };
}

test.each(values)("%s", (_, type, value) => {
  const file = joined("REDIS0011", [type, ...string(2)], value, [255], time);
  const { pieces, rest } = piecesOf(file);
  expect(Math.max(...pieces.map((piece) => piece.length))).toBeLessThan(PIECE_BYTES + WINDOW_BYTES);
  expect(Buffer.compare(joined(...pieces, rest), file)).toBe(0);
  expect(rest).toEqual(joined([255], time));
});
