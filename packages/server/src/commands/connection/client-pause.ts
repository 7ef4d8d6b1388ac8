/** CLIENT PAUSE and UNPAUSE. */
import type { CommandContext } from "../../dispatch/command-context.ts";
import { wrongSubcommandArguments } from "../../dispatch/refusals.ts";

const NOT_A_TIMEOUT = "ERR timeout is not an integer or out of range";

/** CLIENT PAUSE timeout [WRITE | ALL] */
export function clientPause(context: CommandContext): void {
  if (context.count > 4) return context.refuse(wrongSubcommandArguments(context, "CLIENT"));
  const coversWritesOnly = context.count === 4 && context.is(3, "write");
  if (context.count === 4 && !coversWritesOnly && !context.is(3, "all")) {
    return context.refuse("ERR CLIENT PAUSE mode must be WRITE or ALL");
  }
  const durationMs = context.integer(2, undefined, undefined, NOT_A_TIMEOUT);
  if (context.error !== null) return;
  if (durationMs < 0) return context.refuse("ERR timeout is negative");
  if (durationMs > 2 ** 63 - context.keyspace.nowMs) return context.refuse("ERR timeout is out of range");
  context.server.pauseSessions(context.keyspace.nowMs + durationMs, !coversWritesOnly);
  context.reply.ok();
}

/** CLIENT UNPAUSE */
export function clientUnpause(context: CommandContext): void {
  context.server.endPause();
  context.reply.ok();
}
