/** Writing streams: types 19 (Redis 7.0) and 21 (7.2, which also says when a consumer was last active). The picture is in read-stream.ts. */
import { ID_WORDS, IdCursor, nodeListpackBytes, StreamId, writeNodeListpack } from "@sider/datastructures";
import type { Heap } from "@sider/datastructures";
import {
  activeAtMs,
  consumerAt,
  consumerCount,
  deliveredAtMs,
  deliveriesHigh,
  deliveriesLow,
  entriesAddedHigh,
  entriesAddedLow,
  entriesReadHigh,
  entriesReadLow,
  groupAt,
  groupCount,
  pendingCount,
  pendingOf,
  readBlockName,
  readFirstId,
  readGroupLastId,
  readLastId,
  readMaximalDeletedId,
  seenAtMs,
  Slice,
  streamIndexOf,
  streamLength,
  streamNodeCount,
  valueBlockOf,
} from "@sider/keyspace-engine";
import type { RdbOutput } from "../rdb-output.ts";

const RDB_TYPE_STREAM_2 = 19;
const RDB_TYPE_STREAM_3 = 21;
const FIRST_VERSION_WITH_ACTIVE_TIME = 11;
const ID_BYTES = 16;

const cursor = new IdCursor();
const id = new StreamId();
const name = new Slice();
/** The listpack of a node of usual size. */
const listpack = new Uint8Array(16 * 1024);

export function streamType(version: number): number {
  return version >= FIRST_VERSION_WITH_ACTIVE_TIME ? RDB_TYPE_STREAM_3 : RDB_TYPE_STREAM_2;
}

/** Writes the stream as streamType says. O(n). */
export function writeStream(output: RdbOutput, heap: Heap, entry: number, version: number): void {
  const block = valueBlockOf(heap, entry);
  output.length(streamNodeCount(heap, block));
  let isThere = cursor.seekFirst(heap, streamIndexOf(heap, block));
  for (; isThere; isThere = cursor.next(heap)) {
    output.length(ID_BYTES);
    writeRawId(output, id.read(heap.i32, cursor.word));
    writeNode(output, heap, heap.i32[cursor.word + ID_WORDS]);
  }
  output.length(streamLength(heap, block));
  writeId(output, readLastId(heap, block, id));
  writeId(output, readFirstId(heap, block, id));
  writeId(output, readMaximalDeletedId(heap, block, id));
  output.length64(entriesAddedHigh(heap, block), entriesAddedLow(heap, block));
  const groups = groupCount(heap, block);
  output.length(groups);
  for (let place = 0; place < groups; place++) writeGroup(output, heap, groupAt(heap, block, place), version);
}

function writeNode(output: RdbOutput, heap: Heap, node: number): void {
  const length = nodeListpackBytes(heap, node);
  const bytes = length <= listpack.length ? listpack : new Uint8Array(length);
  writeNodeListpack(heap, node, bytes);
  output.string(bytes, 0, length);
}

function writeGroup(output: RdbOutput, heap: Heap, group: number, version: number): void {
  readBlockName(heap, group, name);
  output.string(name.bytes, name.offset, name.length);
  writeId(output, readGroupLastId(heap, group, id));
  output.length64(entriesReadHigh(heap, group), entriesReadLow(heap, group));
  output.length(pendingCount(heap, group));
  let isThere = cursor.seekFirst(heap, pendingOf(heap, group));
  for (; isThere; isThere = cursor.next(heap)) {
    writeRawId(output, id.read(heap.i32, cursor.word));
    output.int64(deliveredAtMs(heap, cursor.word));
    output.length64(deliveriesHigh(heap, cursor.word), deliveriesLow(heap, cursor.word));
  }
  const consumers = consumerCount(heap, group);
  output.length(consumers);
  for (let place = 0; place < consumers; place++) writeConsumer(output, heap, consumerAt(heap, group, place), version);
}

function writeConsumer(output: RdbOutput, heap: Heap, consumer: number, version: number): void {
  readBlockName(heap, consumer, name);
  output.string(name.bytes, name.offset, name.length);
  output.int64(seenAtMs(heap, consumer));
  if (version >= FIRST_VERSION_WITH_ACTIVE_TIME) output.int64(activeAtMs(heap, consumer));
  output.length(pendingCount(heap, consumer));
  let isThere = cursor.seekFirst(heap, pendingOf(heap, consumer));
  for (; isThere; isThere = cursor.next(heap)) writeRawId(output, id.read(heap.i32, cursor.word));
}

function writeId(output: RdbOutput, one: StreamId): void {
  output.length64(one.msHigh, one.msLow);
  output.length64(one.seqHigh, one.seqLow);
}

function writeRawId(output: RdbOutput, one: StreamId): void {
  output.bigEndian64(one.msHigh, one.msLow);
  output.bigEndian64(one.seqHigh, one.seqLow);
}
