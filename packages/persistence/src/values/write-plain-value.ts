/** Writes a value that is plain objects: element by element, streams in nodes of a hundred entries. */
import type { RdbStream, RdbStreamEntry, RdbStreamGroup, RdbValue } from "../rdb-items.ts";
import type { RdbOutput } from "../rdb-output.ts";
import { ListpackDraft } from "./listpack-draft.ts";

type Text = Uint8Array | string;

const TYPES: Readonly<Record<RdbValue["type"], number>> = { string: 0, list: 1, set: 2, hash: 4, zset: 5, stream: 21 };
const RDB_TYPE_STREAM_2 = 19;
const FIRST_VERSION_WITH_ACTIVE_TIME = 11;
const ENTRIES_A_NODE = 100;
const ID_BYTES = 16;
const FIXED_PIECES = 3;
const ID = /^\d+-\d+$/;

const textEncoder = new TextEncoder();
const draft = new ListpackDraft();

/** The type byte in a dump of this version. */
export function plainValueType(type: RdbValue["type"], version: number): number {
  return type === "stream" && version < FIRST_VERSION_WITH_ACTIVE_TIME ? RDB_TYPE_STREAM_2 : TYPES[type];
}

/** The value, without its type byte. O(n). @throws TypeError when an id is none */
export function writePlainValue(output: RdbOutput, value: RdbValue<Text>, version: number): void {
  switch (value.type) {
    case "string":
      writeText(output, value.value);
      break;
    case "list":
    case "set":
      output.length(value.value.length);
      for (const element of value.value) writeText(output, element);
      break;
    case "hash":
      output.length(value.value.length);
      for (const [field, fieldValue] of value.value) {
        writeText(output, field);
        writeText(output, fieldValue);
      }
      break;
    case "zset":
      output.length(value.value.length);
      for (const [member, score] of value.value) {
        writeText(output, member);
        output.double(score);
      }
      break;
    case "stream":
      writeStream(output, value.value, version);
  }
}

function writeText(output: RdbOutput, text: Text): void {
  const bytes = bytesOf(text);
  output.string(bytes, 0, bytes.length);
}

function writeStream(output: RdbOutput, stream: RdbStream<Text>, version: number): void {
  const { entries, groups } = stream;
  output.length(Math.ceil(entries.length / ENTRIES_A_NODE));
  for (let at = 0; at < entries.length; at += ENTRIES_A_NODE) {
    const node = entries.slice(at, at + ENTRIES_A_NODE);
    const listpack = nodeListpack(node);
    output.length(ID_BYTES);
    writeRawId(output, node[0].id);
    output.string(listpack, 0, listpack.length);
  }
  output.length(entries.length);
  for (const id of [stream.lastId, stream.firstId, stream.maximalDeletedId]) writeId(output, id);
  output.length(stream.entriesAdded);
  output.length(groups.length);
  for (const group of groups) writeGroup(output, group, version);
}

/** The picture is in plain-stream.ts. The fields of the first entry are named once for all that have the same. */
function nodeListpack(entries: readonly RdbStreamEntry<Text>[]): Uint8Array {
  const [first] = entries;
  const names = first.fields.map(([name]) => bytesOf(name));
  const [masterMs, masterSequence] = partsOf(first.id);
  draft.begin(64 * entries.length);
  for (const count of [entries.length, 0, names.length]) draft.integer(0, count);
  for (const name of names) draft.text(name, 0, name.length);
  draft.integer(0, 0);
  for (const { id, fields } of entries) {
    const isSame = fields.length === names.length && fields.every(([name], at) => areEqual(bytesOf(name), names[at]));
    const [ms, sequence] = partsOf(id);
    draft.integer(0, isSame ? 2 : 0);
    writeDifference(ms - masterMs);
    writeDifference(sequence - masterSequence);
    if (!isSame) draft.integer(0, fields.length);
    for (const [name, value] of fields) {
      for (const text of isSame ? [value] : [name, value]) {
        const bytes = bytesOf(text);
        draft.text(bytes, 0, bytes.length);
      }
    }
    draft.integer(0, FIXED_PIECES + (isSame ? fields.length : fields.length * 2 + 1));
  }
  return draft.finish();
}

function writeDifference(difference: bigint): void {
  draft.integer(Number(BigInt.asIntN(32, difference >> 32n)), Number(BigInt.asIntN(32, difference)));
}

function writeGroup(output: RdbOutput, group: RdbStreamGroup<Text>, version: number): void {
  writeText(output, group.name);
  writeId(output, group.lastId);
  if (group.entriesRead === null) output.length64(-1, -1);
  else output.length(group.entriesRead);
  output.length(group.pending.length);
  for (const { id, deliveredAtMs, deliveries } of group.pending) {
    writeRawId(output, id);
    output.int64(deliveredAtMs);
    output.length(deliveries);
  }
  output.length(group.consumers.length);
  for (const { name, seenAtMs, activeAtMs, pending } of group.consumers) {
    writeText(output, name);
    output.int64(seenAtMs);
    if (version >= FIRST_VERSION_WITH_ACTIVE_TIME) output.int64(activeAtMs);
    output.length(pending.length);
    for (const id of pending) writeRawId(output, id);
  }
}

function writeId(output: RdbOutput, id: string): void {
  for (const part of partsOf(id)) output.length64(highOf(part), lowOf(part));
}

function writeRawId(output: RdbOutput, id: string): void {
  for (const part of partsOf(id)) output.bigEndian64(highOf(part), lowOf(part));
}

function partsOf(id: string): [bigint, bigint] {
  if (!ID.test(id)) throw new TypeError(`'${id}' is no id of a stream: two numbers with a dash between them`);
  const [ms, sequence] = id.split("-").map(BigInt);
  return [ms, sequence];
}

function highOf(value: bigint): number {
  return Number(BigInt.asIntN(32, value >> 32n));
}

function lowOf(value: bigint): number {
  return Number(BigInt.asIntN(32, value));
}

function bytesOf(text: Text): Uint8Array {
  return typeof text === "string" ? textEncoder.encode(text) : text;
}

function areEqual(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}
