/**
 * Writes all databases of a keyspace as an RDB dump. Keys and values go from the heap's windows to the writer as they lie there,
 * so nothing may change the keyspace while it runs.
 */
import { collectPosition, keyLengthOf, keyOffsetOf, positionCount, RefList, windowOf } from "@sider/datastructures";
import {
  accessOf,
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
import { NONE, type RdbWriter } from "./rdb-writer.ts";

const MILLISECONDS_A_SECOND = 1000;

const ACCESS_MASK = 0xffffff;
const FREQUENCY_MASK = 0xff;

type Access = NonNullable<KeyspaceWriteOptions["access"]> | null;

const found = new RefList();
const value = new Slice();
const integer = createInt64Scratch();

/** What a dump says beside the data. */
export interface KeyspaceWriteOptions {
  /** Function libraries, as KeyspaceLoader has kept them. */
  readonly functionLibraries?: readonly Uint8Array[];
  /** What the access bits of entries mean, and is written with each: Redis does so under the eviction policies that look at it. */
  readonly access?: "idle" | "frequency" | null;
  /** The dump is the base of an AOF. */
  readonly isAofBase?: boolean;
}

/** Makes all calls on a new writer but the last, `finish`. O(keys). */
export function writeKeyspace(
  keyspace: Keyspace,
  writer: RdbWriter,
  redisVersion: string,
  options: KeyspaceWriteOptions = {},
): void {
  writeKeyspaceHeader(keyspace, writer, redisVersion, options);
  for (const database of keyspace.databases) {
    if (keyspace.count(database) > 0) writeDatabase(keyspace, database, writer, options.access ?? null);
  }
}

/** What comes before the first database: the facts, and the function libraries. */
export function writeKeyspaceHeader(
  keyspace: Keyspace,
  writer: RdbWriter,
  redisVersion: string,
  options: KeyspaceWriteOptions = {},
): void {
  writer.header({
    "redis-ver": redisVersion,
    "redis-bits": 64,
    ctime: Math.floor(keyspace.clock.nowMs() / MILLISECONDS_A_SECOND),
    "used-mem": keyspace.heap.allocatedBytes,
    "aof-base": options.isAofBase === true ? 1 : 0,
  });
  for (const library of options.functionLibraries ?? []) writer.functionLibrary(library, 0, library.length);
}

function writeDatabase(keyspace: Keyspace, database: Database, writer: RdbWriter, access: Access): void {
  const heap = keyspace.heap;
  writer.selectDatabase(database.index);
  writer.resizeDatabase(keyspace.count(database), keyspace.expiresCount(database));
  const positions = positionCount(heap, database.entries);
  for (let position = 0; position < positions; position++) {
    found.count = 0;
    collectPosition(heap, database.entries, position, found);
    for (let at = 0; at < found.count; at++) writeKeyspaceEntry(keyspace, found.refs[at], writer, access);
  }
}

/** One entry, with its expiry. It may not change meanwhile. O(size of the value). */
export function writeKeyspaceEntry(
  keyspace: Pick<Keyspace, "heap" | "accessClock">,
  entry: number,
  writer: RdbWriter,
  access: Access,
): void {
  const heap = keyspace.heap;
  const window = windowOf(heap, entry);
  const keyOffset = keyOffsetOf(entry);
  const keyLength = keyLengthOf(heap, entry);
  const expiresAtMs = expiryOf(heap, entry);
  const idle = access === "idle" ? (keyspace.accessClock - accessOf(heap, entry)) & ACCESS_MASK : NONE;
  const frequency = access === "frequency" ? accessOf(heap, entry) & FREQUENCY_MASK : NONE;
  if (typeOf(heap, entry) !== TYPE_STRING) {
    writer.valueEntry(heap, entry, window, keyOffset, keyLength, expiresAtMs, idle, frequency);
    return;
  }
  if (encodingOf(heap, entry) === ENCODING_INT && readInteger(heap, entry, integer) && integer.isSafe) {
    writer.integerEntry(window, keyOffset, keyLength, integer.safe, expiresAtMs, idle, frequency);
    return;
  }
  const { bytes, offset, length } = readString(heap, entry, value);
  writer.entry(window, keyOffset, keyLength, bytes, offset, length, expiresAtMs, idle, frequency);
}
