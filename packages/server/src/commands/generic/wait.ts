/**
 * WAIT and WAITAOF: until what a session has written is kept elsewhere too. There are no replicas, so who wants some waits until his time
 * is over.
 */
import type { CommandContext } from "../../dispatch/command-context.ts";

const NOT_A_TIMEOUT = "ERR timeout is not an integer or out of range";
const NEGATIVE_TIMEOUT = "ERR timeout is negative";
const TIMEOUT_TOO_LONG = "ERR timeout is out of range";
const NOT_POSITIVE = "ERR value is out of range, must be positive";
const NOT_ZERO_OR_ONE = "ERR value is out of range, must be between 0 and 1";
const NO_FILE = "ERR WAITAOF cannot be used when numlocal is set but appendonly is disabled.";
const REPLICAS = 0;

/** WAIT numreplicas timeout. O(1) */
export function wait(context: CommandContext): void {
  const replicas = context.integer(1);
  const timeoutMs = context.error === null ? readTimeout(context, 2) : 0;
  if (context.error !== null) return;
  if (replicas > REPLICAS && !context.neverWaits) context.waitForAcknowledgement(timeoutMs);
  else context.reply.integer(REPLICAS);
}

/** WAITAOF numlocal numreplicas timeout. O(1) */
export function waitAof(context: CommandContext): void {
  const local = readLocal(context);
  const replicas = context.error === null ? readReplicas(context) : 0;
  const timeoutMs = context.error === null ? readTimeout(context, 3) : 0;
  const { appendOnly } = context.server;
  if (context.error === null && local > 0 && !appendOnly.isEnabled) context.refuse(NO_FILE);
  if (context.error !== null) return;
  const { session } = context;
  // It may run several times; what it waits for is what had been appended when it began to.
  if (session.waiter === null) session.awaitedBytes = appendOnly.appendedBytes;
  const kept = (appendOnly.durableBytes ?? -1) >= session.awaitedBytes ? 1 : 0;
  if ((local > kept || replicas > REPLICAS) && !context.neverWaits) return context.waitForAcknowledgement(timeoutMs);
  context.reply.arrayHeader(2);
  context.reply.integer(kept);
  context.reply.integer(REPLICAS);
}

function readLocal(context: CommandContext): number {
  const local = context.integer(1);
  if (context.error === null && local !== 0 && local !== 1) context.refuse(NOT_ZERO_OR_ONE);
  return local;
}

function readReplicas(context: CommandContext): number {
  const replicas = context.integer(2);
  if (context.error === null && replicas < 0) context.refuse(NOT_POSITIVE);
  return replicas;
}

function readTimeout(context: CommandContext, index: number): number {
  const timeoutMs = context.integer(index, -(2 ** 63), 2 ** 63, NOT_A_TIMEOUT);
  if (context.error === null && timeoutMs < 0) context.refuse(NEGATIVE_TIMEOUT);
  else if (context.error === null && timeoutMs > 2 ** 63 - context.keyspace.nowMs) context.refuse(TIMEOUT_TOO_LONG);
  return timeoutMs;
}
