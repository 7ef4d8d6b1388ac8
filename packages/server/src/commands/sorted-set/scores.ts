/** Scores as arguments and in replies. */
import {
  formatDouble,
  parseDouble,
  parseInt64,
  safeIntegerTextLength,
  createInt64Scratch,
  writeSafeInteger,
} from "@sider/keyspace-engine";
import type { RankedCursor } from "@sider/keyspace-engine";
import type { CommandContext } from "../../dispatch/command-context.ts";
import { NOT_A_FLOAT } from "../../dispatch/error-texts.ts";

const integer = createInt64Scratch();

/** Argument `index` as a double; refuses what is none (NaN included) and gives 0. */
export function readDouble(context: CommandContext, index: number, error = NOT_A_FLOAT): number {
  const { bytes, offset, length } = context.value(index);
  if (parseInt64(bytes, offset, length, integer) && integer.isSafe) return integer.safe;
  const value = parseDouble(bytes, offset, length);
  if (!Number.isNaN(value)) return value;
  context.refuse(error);
  return 0;
}

/** Replies with a score: a double, in RESP2 a bulk string. */
export function replyScore(context: CommandContext, score: number): void {
  const reply = context.reply;
  if (reply.protocol === 3 || !Number.isSafeInteger(score) || Object.is(score, -0)) {
    reply.doubleWritten(formatDouble(score));
    return;
  }
  const at = reply.openBulk(safeIntegerTextLength(score));
  writeSafeInteger(reply.bytes, at, score);
}

/** Begins the reply of so many members, with their scores or without: RESP3 has pairs where RESP2 has both in turn. */
export function replyMembersHeader(context: CommandContext, count: number, withScores: boolean): void {
  context.reply.arrayHeader(withScores && context.reply.protocol === 2 ? count * 2 : count);
}

/** Replies with the member that a cursor is at, as `replyMembersHeader` has announced it. */
export function replyMember(context: CommandContext, cursor: RankedCursor, withScores: boolean): void {
  if (withScores && context.reply.protocol === 3) context.reply.arrayHeader(2);
  context.replyBulk(cursor.member);
  if (withScores) replyScore(context, cursor.score);
}
