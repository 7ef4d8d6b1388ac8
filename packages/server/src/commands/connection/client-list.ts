/** CLIENT INFO and CLIENT LIST: sessions as lines of fields. */
import type { CommandContext } from "../../dispatch/command-context.ts";
import { SYNTAX_ERROR } from "../../dispatch/error-texts.ts";
import { quoted } from "../../dispatch/refusals.ts";
import { queuedBytes, totalSessionBytes } from "../../session/session-memory.ts";
import type { Session } from "../../session/session.ts";
import type { Tracker } from "../../tracking/tracker.ts";
import { redirectOf } from "./client-tracking.ts";

/** The words for kinds of clients. */
const CLIENT_TYPES = ["normal", "slave", "replica", "pubsub", "master"];

/** The kind of clients that argument `index` names; refuses others. */
export function readClientType(context: CommandContext, index: number): string {
  const type = CLIENT_TYPES.find((word) => context.is(index, word));
  if (type === undefined) context.refuse(`ERR Unknown client type '${quoted(context, index)}'`);
  return type ?? "";
}

/** The kind of a session. */
export function typeOfSession(session: Session): string {
  return session.isSubscriber ? "pubsub" : "normal";
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

/** The line of a session, without a line end. */
export function describeClient(session: Session): string {
  const { server, transport } = session;
  const nowMs = server.keyspace.nowMs;
  const { parser } = session;
  const queryBytes = Math.max(session.inputBytes, parser.queryBytes) + session.heldBytes;
  const replyBytes = transport.pendingBytes;
  const fields: readonly (readonly [string, string | number])[] = [
    ["id", session.id],
    ["addr", transport.remoteAddress],
    ["laddr", transport.localAddress],
    ["fd", transport.descriptor],
    ["name", session.name],
    ["age", seconds(nowMs - session.createdMs)],
    ["idle", seconds(nowMs - session.lastActiveMs)],
    ["flags", flagLetters(session)],
    ["db", session.databaseIndex],
    ["sub", session.subscriptions?.channels.size ?? 0],
    ["psub", session.subscriptions?.patterns.size ?? 0],
    ["ssub", session.subscriptions?.shardChannels.size ?? 0],
    ["multi", session.transaction?.count ?? -1],
    ["qbuf", queryBytes],
    ["qbuf-free", parser.queryFreeBytes],
    ["argv-mem", parser.argumentBytes],
    ["multi-mem", queuedBytes(session)],
    ["rbs", 0],
    ["rbp", 0],
    ["obl", 0],
    ["oll", replyBytes > 0 ? 1 : 0],
    ["omem", replyBytes],
    ["tot-mem", totalSessionBytes(session) + session.inputBytes],
    ["events", replyBytes > 0 ? "rw" : "r"],
    ["cmd", session.lastCommand < 0 ? "NULL" : server.table.commands[session.lastCommand].fullName],
    ["user", session.user.name],
    ["redir", redirectOf(session.tracker)],
    ["resp", session.protocol],
    ["lib-name", session.libraryName],
    ["lib-ver", session.libraryVersion],
  ];
  return fields.map(([name, value]) => `${name}=${String(value)}`).join(" ");
}

function seconds(durationMs: number): number {
  return Math.max(0, Math.floor(durationMs / 1000));
}

function flagLetters(session: Session): string {
  let letters = session.isMonitor ? "O" : "";
  if (session.isSubscriber) letters += "P";
  if (session.transaction !== null) letters += "x";
  if (session.paused || session.waiter !== null) letters += "b";
  letters += trackingLetters(session.tracker);
  if (session.hasBrokenWatch) letters += "d";
  if (session.closing) letters += "c";
  if (session.transport.isUnixSocket) letters += "U";
  if (session.noEvict) letters += "e";
  if (session.noTouch) letters += "T";
  return letters === "" ? "N" : letters;
}

function trackingLetters(tracker: Tracker | null): string {
  if (tracker === null || !tracker.isOn) return "";
  return `t${tracker.isRedirectBroken ? "R" : ""}${tracker.isBroadcast ? "B" : ""}`;
}
