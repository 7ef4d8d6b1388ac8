/**
 * What SCAN, HSCAN, SSCAN and ZSCAN have in common: the cursor, the options, the steps of a walk over a table, the pattern.
 *
 *     const entry = openScan(context, TYPE_SET);                  reads `scanOptions`: cursor, count, pattern
 *     if (entry === NIL) return;                                  refused, or the reply is there
 *     const found = emptyFound();
 *     const cursor = walkTable(heap, table, scanOptions.cursor, scanOptions.count, found);
 *     replyCursor(context, cursor);
 */
import { NIL, RefList, scanTable } from "@sider/datastructures";
import type { Heap } from "@sider/datastructures";
import { matchGlob } from "@sider/keyspace-engine";
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

/** The options of the walk that was read last. An index of 0 means: not given, or (pattern) whatever the name is. */
export const scanOptions = { cursor: 0, count: COUNT_BY_DEFAULT, patternIndex: 0, typeIndex: 0 };

let found = new RefList();

/** The list for what a walk finds, empty; one for all commands. */
export function emptyFound(): RefList {
  if (found.refs.length > REFS_KEPT_MAXIMUM) found = new RefList();
  found.count = 0;
  return found;
}

/**
 * Argument `index` as a cursor: any unsigned 64-bit text as the C library reads it, so also with a sign, empty, or up to a NUL.
 * Tables use the low 32 bits. Refuses anything else.
 */
export function readCursor(context: CommandContext, index: number): number {
  const [text] = context.text(index).split("\0", 1);
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

/** Reads `[MATCH pattern] [COUNT count] [TYPE type]` from argument `first` on into `scanOptions`; refuses and gives false. */
export function readScanOptions(context: CommandContext, first: number, takesType: boolean): boolean {
  scanOptions.count = COUNT_BY_DEFAULT;
  scanOptions.patternIndex = 0;
  scanOptions.typeIndex = 0;
  for (let index = first; index < context.count; index += 2) {
    const hasValue = index + 1 < context.count;
    if (hasValue && context.is(index, "count")) {
      scanOptions.count = context.integer(index + 1);
      if (scanOptions.count < 1) context.refuse(SYNTAX_ERROR);
    } else if (hasValue && context.is(index, "match")) {
      scanOptions.patternIndex = isStar(context, index + 1) ? 0 : index + 1;
    } else if (takesType && hasValue && context.is(index, "type")) scanOptions.typeIndex = index + 1;
    else context.refuse(SYNTAX_ERROR);
    if (context.error !== null) return false;
  }
  return true;
}

/**
 * What HSCAN, SSCAN and ZSCAN begin with, in Redis's order: the cursor, the key, the options. Returns the entry, or NIL where the reply is
 * made: an error, or there is nothing under the key.
 */
export function openScan(context: CommandContext, type: number): number {
  const cursor = readCursor(context, 2);
  if (context.error !== null) return NIL;
  const entry = context.readTyped(1, type);
  if (context.error !== null) return NIL;
  if (entry === NIL) replyEmptyScan(context);
  else if (!readScanOptions(context, 3, false)) return NIL;
  scanOptions.cursor = cursor;
  return entry;
}

/** Whether an argument is the pattern that matches everything. */
export function isStar(context: CommandContext, index: number): boolean {
  const pattern = context.value(index);
  return pattern.length === 1 && pattern.bytes[pattern.offset] === STAR;
}

/** Whether a name matches the pattern in argument `patternIndex`; 0 is none, which everything matches. */
export function matchesPattern(
  context: CommandContext,
  patternIndex: number,
  bytes: Uint8Array,
  offset: number,
  length: number,
): boolean {
  if (patternIndex === 0) return true;
  const pattern = context.value(patternIndex);
  return matchGlob(pattern.bytes, pattern.offset, pattern.length, bytes, offset, length, false);
}

/** Adds `count` entries of a table or a few more to `list`, unless that takes too many positions. Gives the next cursor. */
export function walkTable(heap: Heap, table: number, start: number, count: number, list: RefList): number {
  const positions = count * POSITIONS_AN_ENTRY;
  let cursor = start;
  for (let visited = 0; visited < positions && list.count < count; visited++) {
    cursor = scanTable(heap, table, cursor, list);
    if (cursor === 0) break;
  }
  return cursor;
}

/** Begins the reply of a walk: the cursor; the array of what was found is the caller's. */
export function replyCursor(context: CommandContext, cursor: number): void {
  context.reply.arrayHeader(2);
  context.reply.bulkLatin1(String(cursor));
}

/** The reply of a walk over what does not exist. */
function replyEmptyScan(context: CommandContext): void {
  replyCursor(context, 0);
  context.reply.arrayHeader(0);
}
