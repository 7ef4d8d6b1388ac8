/** Asking when a key expires: TTL, PTTL, EXPIRETIME, PEXPIRETIME. */
import { expiryOf, lookupQuietly, NO_EXPIRY } from "@sider/keyspace-engine";
import type { CommandContext } from "../../dispatch/command-context.ts";

const NO_KEY_REPLY = -2;
const NO_EXPIRY_REPLY = -1;

/** TTL key: rounded to the nearest second. */
export function ttl(context: CommandContext): void {
  replyTime(context, 1000, context.keyspace.nowMs);
}

/** PTTL key */
export function pttl(context: CommandContext): void {
  replyTime(context, 1, context.keyspace.nowMs);
}

/** EXPIRETIME key: rounded to the nearest second. */
export function expiretime(context: CommandContext): void {
  replyTime(context, 1000, 0);
}

/** PEXPIRETIME key */
export function pexpiretime(context: CommandContext): void {
  replyTime(context, 1, 0);
}

function replyTime(context: CommandContext, unitMs: number, baseMs: number): void {
  const entry = lookupQuietly(context.keyspace, context.database, context.key(1));
  if (entry === 0) {
    context.reply.integer(NO_KEY_REPLY);
    return;
  }
  const expiresAtMs = expiryOf(context.keyspace.heap, entry);
  if (expiresAtMs === NO_EXPIRY) {
    context.reply.integer(NO_EXPIRY_REPLY);
    return;
  }
  const timeMs = Math.max(0, expiresAtMs - baseMs);
  const time = unitMs === 1 ? timeMs : Math.floor((timeMs + unitMs / 2) / unitMs);
  if (Number.isSafeInteger(time)) context.reply.integer(time);
  else context.reply.integerBig(BigInt(time));
}
