/**
 * DEBUG DIGEST and DEBUG DIGEST-VALUE: 40 hexadecimal digits that tell whether two sets of keys, or two values, are the same, whatever
 * the encoding and, where a type has none, the order.
 *
 * An ordered value is one SHA-1 over its parts; of an unordered one the SHA-1s of its elements are combined by exclusive or. Each part goes
 * in with its length. Of a stream the entries count, its groups do not. The digits are Sider's own, not those of redis-server.
 */
import {
  collectPosition,
  ListpackText,
  NIL,
  positionCount,
  QuicklistCursor,
  readAt,
  RefList,
  StreamId,
  toNext,
} from "@sider/datastructures";
import {
  expiryOf,
  FIELD_MISSING,
  formatDouble,
  HashWalk,
  hasExpiry,
  keyOfEntry,
  Key,
  openListHead,
  openRankedCursor,
  openSetCursor,
  peek,
  RankedCursor,
  readFieldName,
  readFieldValue,
  readString,
  SetCursor,
  Slice,
  StreamCursor,
  TYPE_HASH,
  TYPE_LIST,
  TYPE_SET,
  TYPE_SORTED_SET,
  TYPE_STRING,
  typeOf,
  valueBlockOf,
} from "@sider/keyspace-engine";
import type { Keyspace } from "@sider/keyspace-engine";
import { createHash } from "node:crypto";
import type { Hash } from "node:crypto";
import type { CommandContext } from "../../dispatch/command-context.ts";

const DIGEST_BYTES = 20;
const NOTHING = "0".repeat(2 * DIGEST_BYTES);
const HIGHEST = -1;

interface Part {
  readonly bytes: Uint8Array;
  readonly offset: number;
  readonly length: number;
}

const text = new Slice();
const element = new ListpackText();
const otherElement = new ListpackText();
const keyName = new Key();
const listCursor = new QuicklistCursor();
const setCursor = new SetCursor();
const rankedCursor = new RankedCursor();
const streamCursor = new StreamCursor();
const hashWalk = new HashWalk();

/** DEBUG DIGEST: of all keys with their values and expiries. */
export function debugDigest(context: CommandContext): void {
  const { keyspace } = context;
  const sum = new Uint8Array(DIGEST_BYTES);
  const found = new RefList();
  for (const database of keyspace.databases) {
    for (let position = positionCount(keyspace.heap, database.entries) - 1; position >= 0; position--) {
      found.count = 0;
      collectPosition(keyspace.heap, database.entries, position, found);
      for (let at = 0; at < found.count; at++) {
        const entry = found.refs[at];
        const key = keyOfEntry(keyspace, entry, keyName);
        const digest = createHash("sha1").update(`${String(database.index)};`);
        add(digest, text.set(key.bytes, key.offset, key.length));
        combine(sum, digest.update(valueDigest(keyspace, entry)));
      }
    }
  }
  context.reply.simpleString(Buffer.from(sum).toString("hex"));
}

/** DEBUG DIGEST-VALUE key [key ...]: zeros for a key that is missing. */
export function debugDigestValue(context: CommandContext): void {
  const { keyspace, database, reply } = context;
  reply.arrayHeader(context.count - 2);
  for (let index = 2; index < context.count; index++) {
    const entry = peek(keyspace, database, context.key(index));
    reply.bulkLatin1(entry === NIL ? NOTHING : Buffer.from(valueDigest(keyspace, entry)).toString("hex"));
  }
}

/** The digest of a value and its expiry. */
function valueDigest(keyspace: Keyspace, entry: number): Uint8Array {
  const heap = keyspace.heap;
  const type = typeOf(heap, entry);
  const digest = createHash("sha1").update(`${String(type)};`);
  if (hasExpiry(heap, entry)) digest.update(`expires ${String(expiryOf(heap, entry))};`);
  if (type === TYPE_STRING) add(digest, readString(heap, entry, text));
  else if (type === TYPE_LIST) addList(digest, keyspace, entry);
  else if (type === TYPE_SET) digest.update(setSum(keyspace, entry));
  else if (type === TYPE_SORTED_SET) digest.update(sortedSetSum(keyspace, entry));
  else if (type === TYPE_HASH) digest.update(hashSum(keyspace, entry));
  else addStream(digest, keyspace, entry);
  return digest.digest();
}

function addList(digest: Hash, keyspace: Keyspace, entry: number): void {
  const heap = keyspace.heap;
  let isThere = openListHead(heap, entry, listCursor);
  while (isThere) {
    readAt(listCursor, element);
    add(digest, element);
    isThere = toNext(heap, listCursor);
  }
}

function setSum(keyspace: Keyspace, entry: number): Uint8Array {
  const sum = new Uint8Array(DIGEST_BYTES);
  openSetCursor(keyspace.heap, entry, setCursor);
  while (setCursor.next()) combine(sum, add(createHash("sha1"), setCursor.member));
  return sum;
}

function sortedSetSum(keyspace: Keyspace, entry: number): Uint8Array {
  const sum = new Uint8Array(DIGEST_BYTES);
  openRankedCursor(keyspace.heap, entry, rankedCursor);
  for (let isThere = rankedCursor.seek(0); isThere; isThere = rankedCursor.next()) {
    combine(sum, add(createHash("sha1"), rankedCursor.member).update(formatDouble(rankedCursor.score)));
  }
  return sum;
}

function hashSum(keyspace: Keyspace, entry: number): Uint8Array {
  const heap = keyspace.heap;
  const sum = new Uint8Array(DIGEST_BYTES);
  hashWalk.start(heap, entry);
  for (let field = hashWalk.next(); field !== FIELD_MISSING; field = hashWalk.next()) {
    const digest = add(createHash("sha1"), readFieldName(heap, entry, field, text));
    combine(sum, add(digest, readFieldValue(heap, entry, field, text)));
  }
  return sum;
}

function addStream(digest: Hash, keyspace: Keyspace, entry: number): void {
  const heap = keyspace.heap;
  const highest = new StreamId();
  highest.set(HIGHEST, HIGHEST, HIGHEST, HIGHEST);
  streamCursor.open(heap, valueBlockOf(heap, entry), new StreamId(), highest, false);
  while (streamCursor.next()) {
    const { msHigh, msLow, seqHigh, seqLow } = streamCursor.id;
    digest.update(`${[msHigh, msLow, seqHigh, seqLow].join(",")};`);
    for (let left = streamCursor.fieldCount; left > 0; left--) {
      streamCursor.readPair(element, otherElement);
      add(add(digest, element), otherElement);
    }
  }
}

/** Adds a part and its length. */
function add(digest: Hash, part: Part): Hash {
  return digest.update(`${String(part.length)}:`).update(part.bytes.slice(part.offset, part.offset + part.length));
}

/** Takes the digest of one element into an unordered sum. */
function combine(sum: Uint8Array, digest: Hash): void {
  const bytes = digest.digest();
  for (let at = 0; at < DIGEST_BYTES; at++) sum[at] ^= bytes[at];
}
