/** MULTI, EXEC and DISCARD. The dispatcher queues what comes in between. */
import type { CommandContext } from "../../dispatch/command-context.ts";

/** MULTI */
export function multi(context: CommandContext): void {
  if (context.session.transaction !== null) return context.refuse("ERR MULTI calls can not be nested");
  context.session.beginTransaction();
  context.reply.ok();
}

/** DISCARD */
export function discard(context: CommandContext): void {
  if (context.session.transaction === null) return context.refuse("ERR DISCARD without MULTI");
  context.session.endTransaction();
  context.reply.ok();
}

/** EXEC: nothing is done when a command could not be queued, or when a watched key has changed. */
export function exec(context: CommandContext): void {
  const { keyspace, server, session } = context;
  const { transaction } = session;
  if (transaction === null) return context.refuse("ERR EXEC without MULTI");
  if (transaction.isBroken) {
    context.refuse("EXECABORT Transaction discarded because of previous errors.");
  } else if (session.hasBrokenWatch || server.watchedKeys.hasDueKey(session)) {
    context.reply.nullArray();
  } else {
    server.watchedKeys.unwatch(session);
    context.preventPropagation(); // the commands that it runs are what is propagated
    server.executor.queued.run(session, transaction);
    context.database = keyspace.databases[session.databaseIndex];
  }
  session.endTransaction();
}
