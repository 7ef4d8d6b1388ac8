/** WATCH and UNWATCH. */
import type { CommandContext } from "../../dispatch/command-context.ts";

/** WATCH key [key ...] */
export function watch(context: CommandContext): void {
  const { database, server, session } = context;
  if (session.transaction !== null) return context.refuse("ERR WATCH inside MULTI is not allowed");
  if (!session.hasBrokenWatch) {
    for (let index = 1; index < context.count; index++) server.watchedKeys.watch(session, database, context.key(index));
  }
  context.reply.ok();
}

/** UNWATCH: a change that was seen is forgotten too. */
export function unwatch(context: CommandContext): void {
  context.session.unwatch();
  context.reply.ok();
}
