/** Finding keys without knowing their names: KEYS, SCAN, RANDOMKEY. */
import {
  collectAll,
  keyLengthOf,
  keyOffsetOf,
  NIL,
  randomEntry,
  RefList,
  scanTable,
  windowOf,
} from "@sider/datastructures";
import type { Heap } from "@sider/datastructures";
import { expireEntry, isDue, matchGlob, TYPE_NAMES, typeOf } from "@sider/keyspace-engine";
import type { Slice } from "@sider/keyspace-engine";
import type { CommandContext } from "../../dispatch/command-context.ts";
import { SYNTAX_ERROR } from "../../dispatch/error-texts.ts";

const STAR = 42;
const COUNT_BY_DEFAULT = 10;
const POSITIONS_AN_ENTRY = 10;
const INVALID_CURSOR = "ERR invalid cursor";
const CURSOR_MAXIMUM = 2n ** 64n - 1n;
const LOW_32_BITS = 0xffffffffn;
/** A list grown beyond this by one huge walk is let go of. */
const REFS_KEPT_MAXIMUM = 1 << 16;

let found = new RefList();

/** KEYS pattern: all at once; keys that are due are left out and stay. */
export function keys(context: CommandContext): void {
  const { keyspace, database } = context;
  const heap = keyspace.heap;
  const pattern = context.value(1);
  const all = isStar(pattern);
  clearFound();
  collectAll(heap, database.entries, found);
  let kept = 0;
  for (let at = 0; at < found.count; at++) {
    const entry = found.refs[at];
    if ((all || matches(heap, entry, pattern)) && !isDue(keyspace, entry)) found.refs[kept++] = entry;
  }
  found.count = kept;
  replyFound(context);
}

/** SCAN cursor [MATCH pattern] [COUNT count] [TYPE type] */
export function scan(context: CommandContext): void {
  const start = readCursor(context);
  if (context.error !== null) return;
  let count = COUNT_BY_DEFAULT;
  let patternIndex = 0;
  let typeIndex = 0;
  for (let index = 2; index < context.count; index += 2) {
    const hasValue = index + 1 < context.count;
    if (hasValue && context.is(index, "count")) {
      count = context.integer(index + 1);
      if (count < 1) context.refuse(SYNTAX_ERROR);
    } else if (hasValue && context.is(index, "match")) patternIndex = index + 1;
    else if (hasValue && context.is(index, "type")) typeIndex = index + 1;
    else context.refuse(SYNTAX_ERROR);
    if (context.error !== null) return;
  }
  const cursor = walk(context, start, count);
  keepWanted(context, patternIndex, typeIndex);
  context.reply.arrayHeader(2);
  context.reply.bulkLatin1(String(cursor));
  replyFound(context);
}

/**
 * The cursor of SCAN: any unsigned 64-bit text as the C library reads it, so also with a sign, empty, or up to a NUL. The table
 * uses the low 32 bits.
 */
function readCursor(context: CommandContext): number {
  const [text] = context.text(1).split("\0", 1);
  if (text === "0" || text === "") return 0;
  const parts = /^([+-]?)0*(\d{1,20})$/.exec(text);
  const value = BigInt(parts?.[2] ?? CURSOR_MAXIMUM + 1n);
  if (parts === null || value > CURSOR_MAXIMUM) {
    context.refuse(INVALID_CURSOR);
    return 0;
  }
  const cursor = Number(value & LOW_32_BITS) | 0;
  return parts[1] === "-" ? -cursor | 0 : cursor;
}

/** Collects `count` entries or a few more, unless that takes too many positions. Gives the next cursor. */
function walk(context: CommandContext, start: number, count: number): number {
  const heap = context.keyspace.heap;
  const positions = count * POSITIONS_AN_ENTRY;
  let cursor = start;
  clearFound();
  for (let visited = 0; visited < positions && found.count < count; visited++) {
    cursor = scanTable(heap, context.database.entries, cursor, found);
    if (cursor === 0) break;
  }
  return cursor;
}

/** Keeps what matches and is not due; what matches and is due is deleted. Index 0: no condition. */
function keepWanted(context: CommandContext, patternIndex: number, typeIndex: number): void {
  const { keyspace, database } = context;
  const heap = keyspace.heap;
  const pattern = context.value(patternIndex);
  const all = patternIndex === 0 || isStar(pattern);
  const typeName = typeIndex === 0 ? "" : context.text(typeIndex).toLowerCase();
  let kept = 0;
  for (let at = 0; at < found.count; at++) {
    const entry = found.refs[at];
    if (!all && !matches(heap, entry, pattern)) continue;
    if (isDue(keyspace, entry)) expireEntry(keyspace, database, entry);
    else if (typeIndex === 0 || TYPE_NAMES[typeOf(heap, entry)] === typeName) found.refs[kept++] = entry;
  }
  found.count = kept;
}

/** RANDOMKEY: keys that are due are deleted on the way. */
export function randomkey(context: CommandContext): void {
  const { keyspace, database } = context;
  for (;;) {
    const entry = randomEntry(keyspace.heap, database.entries, keyspace.random);
    if (entry === NIL) {
      context.reply.nullBulk();
      return;
    }
    if (!isDue(keyspace, entry)) {
      replyKey(context, entry);
      return;
    }
    expireEntry(keyspace, database, entry);
  }
}

function clearFound(): void {
  if (found.refs.length > REFS_KEPT_MAXIMUM) found = new RefList();
  found.count = 0;
}

function replyFound(context: CommandContext): void {
  context.reply.arrayHeader(found.count);
  for (let at = 0; at < found.count; at++) replyKey(context, found.refs[at]);
}

function replyKey(context: CommandContext, entry: number): void {
  const heap = context.keyspace.heap;
  context.reply.bulk(windowOf(heap, entry), keyOffsetOf(entry), keyLengthOf(heap, entry));
}

function isStar(pattern: Slice): boolean {
  return pattern.length === 1 && pattern.bytes[pattern.offset] === STAR;
}

function matches(heap: Heap, entry: number, pattern: Slice): boolean {
  return matchGlob(
    pattern.bytes,
    pattern.offset,
    pattern.length,
    windowOf(heap, entry),
    keyOffsetOf(entry),
    keyLengthOf(heap, entry),
    false,
  );
}
