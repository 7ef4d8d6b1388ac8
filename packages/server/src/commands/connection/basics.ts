/** PING, ECHO, SELECT, QUIT and RESET. */
import type { CommandContext } from "../../dispatch/command-context.ts";
import { DATABASE_OUT_OF_RANGE } from "../../dispatch/error-texts.ts";
import { wrongArity } from "../../dispatch/refusals.ts";

const INT32_ERROR = "ERR value is out of range, value must between -2147483648 and 2147483647";

/** PING [message] */
export function ping(context: CommandContext): void {
  const { session } = context;
  if (context.count > 2) return context.refuse(wrongArity(context.server.table.commands[context.command]));
  if (session.isSubscriber && session.protocol === 2) return pingSubscribed(context);
  if (context.count === 1) return context.reply.simpleString("PONG");
  context.replyBulk(context.value(1));
}

/** In the form of a message, which is all that such a client expects. */
function pingSubscribed(context: CommandContext): void {
  context.reply.arrayHeader(2);
  context.reply.bulkLatin1("pong");
  if (context.count === 1) context.reply.bulkLatin1("");
  else context.replyBulk(context.value(1));
}

/** ECHO message */
export function echo(context: CommandContext): void {
  context.replyBulk(context.value(1));
}

/** SELECT index */
export function select(context: CommandContext): void {
  const index = context.integer(1);
  if (context.error !== null) return;
  if (index < -(2 ** 31) || index >= 2 ** 31) return context.refuse(INT32_ERROR);
  const databases = context.keyspace.databases;
  if (index < 0 || index >= databases.length) return context.refuse(DATABASE_OUT_OF_RANGE);
  context.session.databaseIndex = index;
  context.database = databases[index];
  context.reply.ok();
}

/** QUIT */
export function quit(context: CommandContext): void {
  context.reply.ok();
  context.session.close();
}

/** RESET: the session is as a new one, under its old number. */
export function reset(context: CommandContext): void {
  const { session, reply } = context;
  session.reset();
  context.database = context.keyspace.databases[0];
  context.keyspace.touchesOnLookup = true;
  reply.protocol = session.protocol;
  reply.sink = session.transport;
  reply.simpleString("RESET");
}
