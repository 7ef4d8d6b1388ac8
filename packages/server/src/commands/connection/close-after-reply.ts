/** The end of a session that a command of its own brings about. */
import type { CommandContext } from "../../dispatch/command-context.ts";

/** Ends the session of this command once its reply, which has been written, is taken. */
export function closeAfterReply(context: CommandContext): void {
  context.reply.flush();
  context.session.close();
}
