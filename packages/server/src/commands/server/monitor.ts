/** MONITOR: from now on the session is sent a line for each command. */
import type { CommandContext } from "../../dispatch/command-context.ts";

/** MONITOR; a session that is a monitor already is told nothing. */
export function monitor(context: CommandContext): void {
  if (context.neverWaits) return context.refuse("ERR MONITOR isn't allowed for DENY BLOCKING client");
  const { session } = context;
  if (session.isMonitor) return;
  session.setMonitor(true);
  context.reply.ok();
}
