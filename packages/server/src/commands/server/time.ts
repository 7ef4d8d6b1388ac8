/** TIME. */
import { unixMicroseconds } from "@sider/keyspace-engine";
import type { CommandContext } from "../../dispatch/command-context.ts";

const MICROSECONDS_A_SECOND = 1e6;

/** TIME: Unix seconds, and the microseconds in the second. */
export function time(context: CommandContext): void {
  const now = unixMicroseconds(context.keyspace.clock);
  const seconds = Math.floor(now / MICROSECONDS_A_SECOND);
  context.reply.arrayHeader(2);
  context.reply.bulkLatin1(String(seconds));
  context.reply.bulkLatin1(String(now - seconds * MICROSECONDS_A_SECOND));
}
