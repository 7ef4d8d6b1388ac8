/** What DEBUG can do; `debug.ts` has the table. */
import {
  collectPosition,
  type Heap,
  hashTableBytes,
  hashTableCount,
  headNode,
  isResizing,
  nextNode,
  NIL,
  nodeBytes,
  positionCount,
  quicklistCount,
  quicklistNodes,
  RefList,
} from "@sider/datastructures";
import {
  accessOf,
  ENCODING_HASHTABLE,
  ENCODING_NAMES,
  ENCODING_QUICKLIST,
  encodingOf,
  EncodingLimits,
  matchGlob,
  peek,
  readString,
  Slice,
  TYPE_HASH,
  TYPE_SET,
  typeOf,
  valueBlockOf,
  valueKindOf,
} from "@sider/keyspace-engine";
import { dumpPayload } from "@sider/persistence";
import type { CommandContext } from "../../dispatch/command-context.ts";
import { NO_SUCH_KEY } from "../../dispatch/error-texts.ts";
import { sleepMicroseconds } from "../../sleep.ts";

/** Bytes of a DUMP payload that are not the value: its type, the version, the checksum. */
const PAYLOAD_EXTRA_BYTES = 11;
/** Times of access are kept in seconds modulo 2^24. */
const ACCESS_MASK = 0xffffff;
const SLEEP_MAXIMUM_MS = 0x7fffffff;

const LETTER_A = 97;
const STRINGMATCH_BYTES_MAXIMUM = 2 ** 29;
const LIST_PLAIN_BYTES = new EncodingLimits().listPlainBytes;
const PACKED_THRESHOLD_LIMIT_BYTES = 2 ** 32;
const UNIT_BYTES: Readonly<Record<string, number>> = {
  b: 1,
  k: 1000,
  kb: 1024,
  m: 1000 ** 2,
  mb: 1024 ** 2,
  g: 1000 ** 3,
  gb: 1024 ** 3,
};

const slice = new Slice();

/** DEBUG SLEEP seconds: nothing else happens meanwhile. Text that is no number counts as 0. */
export function debugSleep(context: CommandContext): void {
  const seconds = Number.parseFloat(context.text(2));
  const sleepMs = seconds > 0 ? Math.min(seconds * 1000, SLEEP_MAXIMUM_MS) : 0;
  sleepMicroseconds(sleepMs * 1000);
  context.reply.ok();
}

/** DEBUG SET-ACTIVE-EXPIRE 0 | 1 */
export function debugSetActiveExpire(context: CommandContext): void {
  context.keyspace.activeExpiry = Number.parseInt(context.text(2), 10) === 1;
  context.reply.ok();
}

/** DEBUG OBJECT key */
export function debugObject(context: CommandContext): void {
  const { keyspace } = context;
  const heap = keyspace.heap;
  const entry = peek(keyspace, context.database, context.key(2));
  if (entry === 0) return context.refuse(NO_SUCH_KEY);
  const access = accessOf(heap, entry);
  const idleSeconds = (keyspace.accessClock - access) & ACCESS_MASK;
  context.reply.simpleString(
    `Value at:0x${entry.toString(16)} refcount:1 encoding:${ENCODING_NAMES[encodingOf(heap, entry)]} ` +
      `serializedlength:${String(serializedBytes(context, entry))} lru:${String(access)} lru_seconds_idle:${String(idleSeconds)}` +
      (encodingOf(heap, entry) === ENCODING_QUICKLIST ? quicklistFields(context, valueBlockOf(heap, entry)) : ""),
  );
}

/** How a long list is cut into nodes, and what they would take if none was compressed. O(nodes). */
function quicklistFields(context: CommandContext, list: number): string {
  const { heap } = context.keyspace;
  const { configuration } = context.server;
  const nodes = quicklistNodes(heap, list);
  const average = quicklistCount(heap, list) / nodes;
  let bytes = 0;
  for (let node = headNode(heap, list); node !== NIL; node = nextNode(heap, node)) bytes += nodeBytes(heap, node);
  return (
    ` ql_nodes:${String(nodes)} ql_avg_node:${average.toFixed(2)}` +
    ` ql_listpack_max:${String(configuration.get("list-max-listpack-size"))}` +
    ` ql_compressed:${configuration.get("list-compress-depth") > 0 ? "1" : "0"} ql_uncompressed_size:${String(bytes)}`
  );
}

/** What a string takes in a dump; for other types, what they take in memory. */
function serializedBytes(context: CommandContext, entry: number): number {
  const heap = context.keyspace.heap;
  const kind = valueKindOf(typeOf(heap, entry));
  if (kind !== null) return kind.memoryBytes(heap, encodingOf(heap, entry), valueBlockOf(heap, entry), 0);
  const value = readString(heap, entry, slice);
  const compression = context.server.configuration.get("rdbcompression");
  const payload = dumpPayload(value.bytes, value.offset, value.length, { version: 11, compression });
  return payload.length - PAYLOAD_EXTRA_BYTES;
}

/** DEBUG QUICKLIST-PACKED-THRESHOLD bytes: from this length on an element of a large list is a node of its own; 0: the default. */
export function debugPackedThreshold(context: CommandContext): void {
  const parts = /^(\d{1,10})(b|kb?|mb?|gb?)?$/.exec(context.text(2).toLowerCase());
  if (parts === null) return context.refuse("ERR argument must be a memory value bigger than 1 and smaller than 4gb");
  const bytes = Number(parts[1]) * (UNIT_BYTES[parts[2] ?? "b"] ?? 1);
  if (bytes >= PACKED_THRESHOLD_LIMIT_BYTES) {
    return context.refuse("ERR argument must be a memory value bigger than 1 and smaller than 4gb");
  }
  context.keyspace.limits.listPlainBytes = bytes === 0 ? LIST_PLAIN_BYTES : Math.min(bytes, LIST_PLAIN_BYTES);
  context.reply.ok();
}

/** DEBUG SET-DISABLE-DENY-SCRIPTS 0 | 1: there are no scripts that could be denied anything. */
export function debugAccept(context: CommandContext): void {
  context.reply.ok();
}

/** DEBUG STRINGMATCH-LEN length pattern: matches so many letters, to see how long that takes. */
export function debugStringMatch(context: CommandContext): void {
  const length = context.integer(2, 0, STRINGMATCH_BYTES_MAXIMUM);
  if (context.error !== null) return;
  const pattern = context.value(3);
  const bytes = new Uint8Array(length).fill(LETTER_A);
  context.reply.integer(matchGlob(pattern.bytes, pattern.offset, pattern.length, bytes, 0, length, false) ? 1 : 0);
}

/** DEBUG HTSTATS-KEY key: the table of a value that is one. */
export function debugTableOfKey(context: CommandContext): void {
  const { keyspace } = context;
  const heap = keyspace.heap;
  const entry = peek(keyspace, context.database, context.key(2));
  if (entry === 0) return context.refuse(NO_SUCH_KEY);
  const type = typeOf(heap, entry);
  if (encodingOf(heap, entry) !== ENCODING_HASHTABLE || (type !== TYPE_HASH && type !== TYPE_SET)) {
    return context.refuse("ERR The value stored at the specified key is not represented using an hash table");
  }
  context.reply.verbatim("txt", describeTable(heap, valueBlockOf(heap, entry)));
}

/** DEBUG HTSTATS database: the table of its keys, and that of those that expire. O(keys). */
export function debugTables(context: CommandContext): void {
  const index = context.integer(2);
  if (context.error !== null) return;
  const database = context.keyspace.databases[index];
  if (database === undefined) return context.refuse("ERR Out of range database");
  const { heap } = context.keyspace;
  const keys = describeTable(heap, database.entries);
  context.reply.verbatim("txt", `[Dictionary HT]\n${keys}[Expires HT]\n${describeTable(heap, database.expires)}`);
}

/** In words that tools look for; a slot is a position with its bucket and what overflows from it. O(entries). */
function describeTable(heap: Heap, table: number): string {
  const heading = `Hash table 0 stats (${isResizing(heap, table) ? "rehashing target" : "main hash table"}):\n`;
  const count = hashTableCount(heap, table);
  if (count === 0) return `${heading}No stats available for empty dictionaries\n`;
  const positions = positionCount(heap, table);
  const found = new RefList();
  let used = 0;
  let longest = 0;
  for (let position = 0; position < positions; position++) {
    found.count = 0;
    collectPosition(heap, table, position, found);
    if (found.count > 0) used++;
    longest = Math.max(longest, found.count);
  }
  const lines = [
    `table size: ${String(positions)}`,
    `table bytes: ${String(hashTableBytes(heap, table))}`,
    `number of elements: ${String(count)}`,
    `different slots: ${String(used)}`,
    `max chain length: ${String(longest)}`,
    `avg chain length: ${(count / used).toFixed(2)}`,
  ];
  return `${heading}${lines.map((line) => ` ${line}\n`).join("")}`;
}

/** DEBUG ERROR text */
export function debugError(context: CommandContext): void {
  context.refuse(context.text(2).replace(/^-/, ""));
}

/** DEBUG LOG text */
export function debugLog(context: CommandContext): void {
  context.server.log.warning(`DEBUG LOG: ${context.text(2)}`);
  context.reply.ok();
}
