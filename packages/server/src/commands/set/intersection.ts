/** What several sets have in common: SINTER, SINTERSTORE, SINTERCARD. */
import { NIL, RefList } from "@sider/datastructures";
import {
  addToSet,
  convertToIntset,
  createInt64Scratch,
  createLooseSet,
  ENCODING_INTSET,
  ENCODING_LISTPACK,
  encodingOf,
  freeLooseSet,
  LooseValue,
  openSetCursor,
  parseInt64,
  readMember,
  setContains,
  SetCursor,
  Slice,
  valueBlockOf,
} from "@sider/keyspace-engine";
import type { CommandContext } from "../../dispatch/command-context.ts";
import { SYNTAX_ERROR } from "../../dispatch/error-texts.ts";
import { operands, readOperands, sortOperands, storeResult } from "./operands.ts";

const COUNT_MAXIMUM = 2 ** 63;

/** Positions, in the smallest set, of the members that all sets have. */
const common = new RefList();
const cursor = new SetCursor();
const member = new Slice();
const result = new LooseValue();
const number = createInt64Scratch();

/** SINTER key [key ...] */
export function sinter(context: CommandContext): void {
  if (!readOperands(context, 1, context.count - 1)) return;
  collectCommon(context, 0);
  context.reply.setHeader(common.count);
  for (let at = 0; at < common.count; at++) context.replyBulk(commonMember(context, at));
}

/** SINTERCARD numkeys key [key ...] [LIMIT limit] */
export function sintercard(context: CommandContext): void {
  const keyCount = context.integer(1, 1, COUNT_MAXIMUM, "ERR numkeys should be greater than 0");
  if (context.error !== null) return;
  if (keyCount > context.count - 2) {
    context.refuse("ERR Number of keys can't be greater than number of args");
    return;
  }
  let limit = 0;
  for (let index = 2 + keyCount; index < context.count; index += 2) {
    if (index + 1 < context.count && context.is(index, "limit")) {
      limit = context.integer(index + 1, 0, COUNT_MAXIMUM, "ERR LIMIT can't be negative");
    } else context.refuse(SYNTAX_ERROR);
    if (context.error !== null) return;
  }
  if (!readOperands(context, 2, 1 + keyCount)) return;
  collectCommon(context, limit);
  context.reply.integer(common.count);
}

/** SINTERSTORE destination key [key ...] */
export function sinterstore(context: CommandContext): void {
  if (!readOperands(context, 2, context.count - 1)) return;
  collectCommon(context, 0);
  storeCommon(context);
}

/**
 * Fills `common` with the members of the smallest operand that all others have, `limit` at most (0: all). Sorts the operands. O(members
 * of the smallest set x sets).
 */
function collectCommon(context: CommandContext, limit: number): void {
  common.count = 0;
  for (let at = 0; at < operands.count; at++) if (operands.refs[at] === NIL) return;
  sortOperands(context, 0, 1);
  openSetCursor(context.keyspace.heap, operands.refs[0], cursor);
  while (cursor.next()) {
    if (!othersHave(context, cursor.member)) continue;
    common.push(cursor.position);
    if (common.count === limit) return;
  }
}

function othersHave(context: CommandContext, { bytes, offset, length }: Slice): boolean {
  const smallest = operands.refs[0];
  for (let at = 1; at < operands.count; at++) {
    const entry = operands.refs[at];
    if (entry !== smallest && !setContains(context.keyspace, entry, bytes, offset, length)) return false;
  }
  return true;
}

function commonMember(context: CommandContext, at: number): Slice {
  const heap = context.keyspace.heap;
  const smallest = operands.refs[0];
  return readMember(heap, encodingOf(heap, smallest), valueBlockOf(heap, smallest), common.refs[at], member);
}

/** The result is an intset if it can be one, whatever the sets were. */
function storeCommon(context: CommandContext): void {
  const keyspace = context.keyspace;
  const isIntset = common.count > 0 && encodingOf(keyspace.heap, operands.refs[0]) === ENCODING_INTSET;
  createLooseSet(keyspace, result, isIntset ? ENCODING_INTSET : ENCODING_LISTPACK, 0);
  try {
    let onlyIntegers = true;
    for (let at = 0; at < common.count; at++) {
      const { bytes, offset, length } = commonMember(context, at);
      onlyIntegers &&= parseInt64(bytes, offset, length, number);
      addToSet(keyspace, result, bytes, offset, length);
    }
    if (onlyIntegers && common.count > 0) convertToIntset(keyspace, result);
  } catch (error) {
    freeLooseSet(keyspace, result);
    throw error;
  }
  storeResult(context, result, "sinterstore");
}
