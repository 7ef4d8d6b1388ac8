/** Finding keys without knowing their names: KEYS, SCAN, RANDOMKEY. */
import { collectAll, keyLengthOf, keyOffsetOf, NIL, randomEntry, windowOf } from "@sider/datastructures";
import type { RefList } from "@sider/datastructures";
import { expireEntry, isDue, TYPE_NAMES, typeOf } from "@sider/keyspace-engine";
import type { CommandContext } from "../../dispatch/command-context.ts";
import {
  emptyFound,
  isStar,
  matchesPattern,
  readCursor,
  readScanOptions,
  replyCursor,
  scanOptions,
  walkTable,
} from "./scan-options.ts";

/** KEYS pattern: all at once; keys that are due are left out and stay. */
export function keys(context: CommandContext): void {
  const { keyspace, database } = context;
  const patternIndex = isStar(context, 1) ? 0 : 1;
  const found = emptyFound();
  collectAll(keyspace.heap, database.entries, found);
  let kept = 0;
  for (let at = 0; at < found.count; at++) {
    const entry = found.refs[at];
    if (matches(context, patternIndex, entry) && !isDue(keyspace, entry)) found.refs[kept++] = entry;
  }
  found.count = kept;
  replyFound(context, found);
}

/** SCAN cursor [MATCH pattern] [COUNT count] [TYPE type] */
export function scan(context: CommandContext): void {
  const start = readCursor(context, 1);
  if (context.error !== null || !readScanOptions(context, 2, true)) return;
  const found = emptyFound();
  const cursor = walkTable(context.keyspace.heap, context.database.entries, start, scanOptions.count, found);
  keepWanted(context, found);
  replyCursor(context, cursor);
  replyFound(context, found);
}

/** As in Redis. */
const RANDOM_TRIES_MAXIMUM = 100;

/** Keeps what matches and is not due; what matches and is due is deleted. */
function keepWanted(context: CommandContext, found: RefList): void {
  const { keyspace, database } = context;
  const { patternIndex, typeIndex } = scanOptions;
  const typeName = typeIndex === 0 ? "" : context.text(typeIndex).toLowerCase();
  let kept = 0;
  for (let at = 0; at < found.count; at++) {
    const entry = found.refs[at];
    if (!matches(context, patternIndex, entry)) continue;
    if (isDue(keyspace, entry)) expireEntry(keyspace, database, entry);
    else if (typeIndex === 0 || TYPE_NAMES[typeOf(keyspace.heap, entry)] === typeName) found.refs[kept++] = entry;
  }
  found.count = kept;
}

/** RANDOMKEY: keys that are due are deleted on the way; where they may not be, one of them is given rather than looking for ever. */
export function randomkey(context: CommandContext): void {
  const { keyspace, database } = context;
  for (let tries = 0; ; tries++) {
    const entry = randomEntry(keyspace.heap, database.entries, keyspace.random);
    if (entry === NIL) {
      context.reply.nullBulk();
      return;
    }
    if (!isDue(keyspace, entry) || (keyspace.keepsExpired && tries === RANDOM_TRIES_MAXIMUM)) {
      replyKey(context, entry);
      return;
    }
    expireEntry(keyspace, database, entry);
  }
}

function replyFound(context: CommandContext, found: RefList): void {
  context.reply.arrayHeader(found.count);
  for (let at = 0; at < found.count; at++) replyKey(context, found.refs[at]);
}

function replyKey(context: CommandContext, entry: number): void {
  const heap = context.keyspace.heap;
  context.reply.bulk(windowOf(heap, entry), keyOffsetOf(entry), keyLengthOf(heap, entry));
}

function matches(context: CommandContext, patternIndex: number, entry: number): boolean {
  const heap = context.keyspace.heap;
  return matchesPattern(context, patternIndex, windowOf(heap, entry), keyOffsetOf(entry), keyLengthOf(heap, entry));
}
