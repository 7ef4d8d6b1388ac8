/** CLIENT INFO and CLIENT LIST: sessions as lines of fields. */
import type { CommandContext } from "../../dispatch/command-context.ts";
import { SYNTAX_ERROR } from "../../dispatch/error-texts.ts";
import { quoted } from "../../dispatch/refusals.ts";
import { describeClient, typeOfSession } from "../../session/describe-client.ts";
import type { Session } from "../../session/session.ts";

/** The words for kinds of clients. */
const CLIENT_TYPES = ["normal", "slave", "replica", "pubsub", "master"];

/** The kind of clients that argument `index` names; refuses others. */
export function readClientType(context: CommandContext, index: number): string {
  const type = CLIENT_TYPES.find((word) => context.is(index, word));
  if (type === undefined) context.refuse(`ERR Unknown client type '${quoted(context, index)}'`);
  return type ?? "";
}

/** CLIENT INFO */
export function clientInfo(context: CommandContext): void {
  context.reply.verbatim("txt", `${describeClient(context.session)}\n`);
}

/** CLIENT LIST [TYPE type | ID id ...] */
export function clientList(context: CommandContext): void {
  const sessions = chooseSessions(context);
  if (context.error !== null) return;
  const lines = sessions.filter((session) => !session.closing).map((session) => `${describeClient(session)}\n`);
  context.reply.verbatim("txt", lines.join(""));
}

function chooseSessions(context: CommandContext): Session[] {
  const { count, server } = context;
  const all = [...server.sessions.values()];
  if (count === 2) return all;
  if (count === 4 && context.is(2, "type")) {
    const type = readClientType(context, 3);
    return all.filter((session) => typeOfSession(session) === type);
  }
  if (count > 3 && context.is(2, "id")) return sessionsById(context);
  context.refuse(SYNTAX_ERROR);
  return [];
}

function sessionsById(context: CommandContext): Session[] {
  const found: Session[] = [];
  for (let index = 3; index < context.count; index++) {
    const id = context.integer(index, undefined, undefined, "ERR Invalid client ID");
    const session = context.server.sessions.get(id);
    if (session !== undefined) found.push(session);
  }
  return found;
}
