/** CLIENT UNBLOCK: ends the waiting of a session for a key. */
import type { CommandContext } from "../../dispatch/command-context.ts";
import { wrongSubcommandArguments } from "../../dispatch/refusals.ts";

const UNBLOCKED = "UNBLOCKED client unblocked via CLIENT UNBLOCK";

/** CLIENT UNBLOCK client-id [TIMEOUT | ERROR] */
export function clientUnblock(context: CommandContext): void {
  const isError = context.count === 4 && context.is(3, "error");
  if (context.count > 4) return context.refuse(wrongSubcommandArguments(context, "CLIENT"));
  if (context.count === 4 && !isError && !context.is(3, "timeout")) {
    return context.refuse("ERR CLIENT UNBLOCK reason should be TIMEOUT or ERROR");
  }
  const id = context.integer(2);
  if (context.error !== null) return;
  const waiter = context.server.sessions.get(id)?.waiter ?? null;
  if (waiter !== null) context.server.executor.waiting.end(waiter, isError ? UNBLOCKED : null);
  context.reply.integer(waiter === null ? 0 : 1);
}
