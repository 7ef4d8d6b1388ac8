/** Reads a stream of any type into plain objects; `read-stream.ts` has the picture of a stream, `reading.ts` says what a reading is. */
import {
  END,
  firstEntry,
  ListpackText,
  ListpackValue,
  nextEntry,
  readEntry,
  readText,
  validateStreamListpack,
} from "@sider/datastructures";
import type { RdbInput } from "../rdb-input.ts";
import type { RdbStreamConsumer, RdbStreamEntry, RdbStreamGroup, RdbValue } from "../rdb-items.ts";
import { bytesOf, items, need, type Reading } from "./reading.ts";
import { first, refuse, second } from "./value-form.ts";

const RDB_TYPE_STREAM_2 = 19;
const RDB_TYPE_STREAM_3 = 21;
const ID_BYTES = 16;
const FLAG_DELETED = 1;
const FLAG_SAME_FIELDS = 2;
const NO_ID = "0-0";

const text = new ListpackText();
const value = new ListpackValue();

export function* readPlainStream(input: RdbInput, type: number): Reading<RdbValue> {
  const hasTotals = type >= RDB_TYPE_STREAM_2;
  const entries = (yield* items(input, () => node(input))).flat();
  yield true;
  yield* need(() => input.readLength());
  if (input.length !== entries.length) refuse(input, "the length of a stream is not that of its nodes");
  const lastId = yield* id(input);
  const firstId = hasTotals ? yield* id(input) : (entries.at(0)?.id ?? NO_ID);
  const maximalDeletedId = hasTotals ? yield* id(input) : NO_ID;
  yield true;
  if (hasTotals) yield* need(() => input.readLength());
  const entriesAdded = hasTotals ? input.length : entries.length;
  yield true;
  const groups = yield* items(input, () => group(input, type));
  return { type: "stream", value: { entries, lastId, firstId, maximalDeletedId, entriesAdded, groups } };
}

/** Two lengths. Each part of a stream that is not whole is asked for anew, so an id is a part of its own. */
function* id(input: RdbInput): Reading<string> {
  yield true;
  let ms = 0n;
  yield* need(() => {
    if (!input.readLength()) return false;
    ms = unsigned(input.lengthHigh, input.lengthLow);
    return input.readLength();
  });
  return `${String(ms)}-${String(unsigned(input.lengthHigh, input.lengthLow))}`;
}

/** Sixteen bytes, big endian. */
function* rawId(input: RdbInput): Reading<string> {
  yield* need(() => input.has(ID_BYTES));
  const found = rawIdAt(input.bytes, input.position);
  input.position += ID_BYTES;
  return found;
}

function* group(input: RdbInput, type: number): Reading<RdbStreamGroup> {
  yield* need(() => input.readString(first));
  const name = bytesOf(first);
  const lastId = yield* id(input);
  yield true;
  let entriesRead: number | null = null;
  if (type >= RDB_TYPE_STREAM_2) {
    yield* need(() => input.readLength());
    entriesRead = (input.lengthHigh & input.lengthLow) === -1 ? null : input.length;
    yield true;
  }
  const pending = yield* items(input, function* () {
    const pendingId = yield* rawId(input);
    yield true;
    yield* need(() => input.readInt64() && input.readLength());
    return { id: pendingId, deliveredAtMs: input.int64, deliveries: input.length };
  });
  yield true;
  const consumers = yield* items(input, () => consumer(input, type));
  return { name, lastId, entriesRead, pending, consumers };
}

function* consumer(input: RdbInput, type: number): Reading<RdbStreamConsumer> {
  yield* need(() => input.readString(first));
  const name = bytesOf(first);
  yield true;
  yield* need(() => input.readInt64());
  const seenAtMs = input.int64;
  yield true;
  if (type >= RDB_TYPE_STREAM_3) {
    yield* need(() => input.readInt64());
    yield true;
  }
  const activeAtMs = input.int64;
  const pending = yield* items(input, () => rawId(input));
  return { name, seenAtMs, activeAtMs, pending };
}

/** The entries of one node that are not deleted. */
function* node(input: RdbInput): Reading<RdbStreamEntry[]> {
  yield* need(() => input.readString(first) && input.readString(second));
  if (first.length !== ID_BYTES) refuse(input, "Stream node key entry is not the size of a stream ID");
  const { bytes, offset, length } = second;
  if (!validateStreamListpack(bytes, offset, length)) refuse(input, "Stream listpack integrity check failed.");
  return entriesOf(bytes, offset, rawIdAt(first.bytes, first.offset));
}

/** | count | deleted | fields: n, names, 0 | entries: flags, id differences, [n], [names and] values, pieces | */
function entriesOf(bytes: Uint8Array, start: number, master: string): RdbStreamEntry[] {
  const [masterMs, masterSequence] = master.split("-").map(BigInt);
  const pieces = new Pieces(bytes, start);
  pieces.integer();
  pieces.integer();
  const names = Array.from({ length: Number(pieces.integer()) }, () => pieces.text());
  pieces.integer();
  const entries: RdbStreamEntry[] = [];
  while (pieces.at !== END) {
    const flags = Number(pieces.integer());
    const ms = BigInt.asUintN(64, masterMs + pieces.integer());
    const sequence = BigInt.asUintN(64, masterSequence + pieces.integer());
    const isSame = (flags & FLAG_SAME_FIELDS) !== 0;
    const fields = isSame
      ? names.map((name) => [name, pieces.text()] as const)
      : Array.from({ length: Number(pieces.integer()) }, () => [pieces.text(), pieces.text()] as const);
    pieces.integer();
    if ((flags & FLAG_DELETED) === 0) entries.push({ id: `${String(ms)}-${String(sequence)}`, fields });
  }
  return entries;
}

/** Walks over a listpack that was validated. */
class Pieces {
  at: number;
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array, start: number) {
    this.#bytes = bytes;
    this.at = firstEntry(bytes, start);
  }

  integer(): bigint {
    readEntry(this.#bytes, this.at, value);
    this.at = nextEntry(this.#bytes, this.at);
    return BigInt.asIntN(64, unsigned(value.high, value.low));
  }

  text(): Uint8Array {
    readText(this.#bytes, this.at, text);
    this.at = nextEntry(this.#bytes, this.at);
    return bytesOf(text);
  }
}

function rawIdAt(bytes: Uint8Array, offset: number): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset + offset, ID_BYTES);
  return `${String(view.getBigUint64(0))}-${String(view.getBigUint64(8))}`;
}

function unsigned(high: number, low: number): bigint {
  return (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0);
}
