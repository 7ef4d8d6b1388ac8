/**
 * Writes all databases of a keyspace as an RDB dump. Keys and values go from the heap's windows to the writer as they lie there,
 * so nothing may change the keyspace while it runs.
 */
import { collectPosition, keyLengthOf, keyOffsetOf, positionCount, RefList, windowOf } from "@sider/datastructures";
import {
  createInt64Scratch,
  ENCODING_INT,
  encodingOf,
  expiryOf,
  readInteger,
  readString,
  Slice,
  TYPE_STRING,
  typeOf,
} from "@sider/keyspace-engine";
import type { Database, Keyspace } from "@sider/keyspace-engine";
import type { RdbWriter } from "./rdb-writer.ts";

const MILLISECONDS_A_SECOND = 1000;

const found = new RefList();
const value = new Slice();
const integer = createInt64Scratch();

/** Makes all calls on a new writer but the last, `finish`. O(keys). */
export function writeKeyspace(keyspace: Keyspace, writer: RdbWriter, redisVersion: string): void {
  writer.header({
    "redis-ver": redisVersion,
    "redis-bits": 64,
    ctime: Math.floor(keyspace.clock.nowMs() / MILLISECONDS_A_SECOND),
    "used-mem": keyspace.heap.allocatedBytes,
    "aof-base": 0,
  });
  for (const database of keyspace.databases) {
    if (keyspace.count(database) > 0) writeDatabase(keyspace, database, writer);
  }
}

function writeDatabase(keyspace: Keyspace, database: Database, writer: RdbWriter): void {
  const heap = keyspace.heap;
  writer.selectDatabase(database.index);
  writer.resizeDatabase(keyspace.count(database), keyspace.expiresCount(database));
  const positions = positionCount(heap, database.entries);
  for (let position = 0; position < positions; position++) {
    found.count = 0;
    collectPosition(heap, database.entries, position, found);
    for (let at = 0; at < found.count; at++) writeEntry(keyspace, found.refs[at], writer);
  }
}

function writeEntry(keyspace: Keyspace, entry: number, writer: RdbWriter): void {
  const heap = keyspace.heap;
  const window = windowOf(heap, entry);
  const keyOffset = keyOffsetOf(entry);
  const keyLength = keyLengthOf(heap, entry);
  const expiresAtMs = expiryOf(heap, entry);
  if (typeOf(heap, entry) !== TYPE_STRING) {
    writer.valueEntry(heap, entry, window, keyOffset, keyLength, expiresAtMs);
    return;
  }
  if (encodingOf(heap, entry) === ENCODING_INT && readInteger(heap, entry, integer) && integer.isSafe) {
    writer.integerEntry(window, keyOffset, keyLength, integer.safe, expiresAtMs);
    return;
  }
  readString(heap, entry, value);
  writer.entry(window, keyOffset, keyLength, value.bytes, value.offset, value.length, expiresAtMs);
}
