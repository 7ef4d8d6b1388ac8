/** TIME. */
import type { CommandContext } from "../../dispatch/command-context.ts";

/** TIME: Unix seconds, and the microseconds in the second. */
export function time(context: CommandContext): void {
  const nowMs = context.keyspace.clock.nowMs();
  const seconds = Math.floor(nowMs / 1000);
  context.reply.arrayHeader(2);
  context.reply.bulkLatin1(String(seconds));
  context.reply.bulkLatin1(String((nowMs - seconds * 1000) * 1000));
}
