/** Sessions in words: the line of fields that CLIENT LIST, CLIENT INFO and ACL LOG show. */
import { redirectOf } from "../tracking/tracker.ts";
import type { Tracker } from "../tracking/tracker.ts";
import { queuedBytes, totalSessionBytes } from "./session-memory.ts";
import type { Session } from "./session.ts";

/** The kind of a session. */
export function typeOfSession(session: Session): string {
  return session.isSubscriber ? "pubsub" : "normal";
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
    ["qbuf-free", parser.queryFreeBytes + parser.announcedBytes],
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
