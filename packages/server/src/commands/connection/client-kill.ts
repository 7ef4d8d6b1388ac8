/** CLIENT KILL, with an address or with filters. */
import type { CommandContext } from "../../dispatch/command-context.ts";
import { SYNTAX_ERROR } from "../../dispatch/error-texts.ts";
import { quoted } from "../../dispatch/refusals.ts";
import type { User } from "../../acl/user.ts";
import { typeOfSession } from "../../session/describe-client.ts";
import type { Session } from "../../session/session.ts";
import { readClientType } from "./client-list.ts";

const NOT_AN_AGE = "ERR maxage is not an integer or out of range";
const NO_AGE = "ERR maxage should be greater than 0";
const NOT_AN_ID = "ERR client-id should be greater than 0";

interface KillFilter {
  address: string | null;
  localAddress: string | null;
  type: string | null;
  user: User | null;
  id: number;
  /** Milliseconds since it connected, at least. */
  ageMs: number;
  skipsCaller: boolean;
}

/** CLIENT KILL ip:port | filter value [filter value ...] */
export function clientKill(context: CommandContext): void {
  const isOldForm = context.count === 3;
  const filter = isOldForm ? addressFilter(context.text(2)) : readFilter(context);
  if (context.error !== null) return;
  const matching = [...context.server.sessions.values()].filter((session) => matches(session, filter, context.session));
  for (const session of matching) if (session !== context.session) session.destroy();
  if (!isOldForm) context.reply.integer(matching.length);
  else if (matching.length > 0) context.reply.ok();
  else return context.refuse("ERR No such client");
  if (matching.includes(context.session)) context.session.close();
}

function addressFilter(address: string): KillFilter {
  return { address, localAddress: null, type: null, user: null, id: 0, ageMs: 0, skipsCaller: false };
}

function readFilter(context: CommandContext): KillFilter {
  const filter: KillFilter = {
    address: null,
    localAddress: null,
    type: null,
    user: null,
    id: 0,
    ageMs: 0,
    skipsCaller: true,
  };
  for (let index = 2; index < context.count && context.error === null; index += 2) {
    if (index + 1 === context.count) context.refuse(SYNTAX_ERROR);
    else readFilterPart(context, index, filter);
  }
  return filter;
}

function readFilterPart(context: CommandContext, index: number, filter: KillFilter): void {
  const value = index + 1;
  if (context.is(index, "id")) filter.id = context.integer(value, 1, 2 ** 63, NOT_AN_ID);
  else if (context.is(index, "type")) filter.type = readClientType(context, value);
  else if (context.is(index, "addr")) filter.address = context.text(value);
  else if (context.is(index, "laddr")) filter.localAddress = context.text(value);
  else if (context.is(index, "user")) filter.user = readUser(context, value);
  else if (context.is(index, "maxage")) filter.ageMs = readAge(context, value) * 1000;
  else if (context.is(index, "skipme") && context.is(value, "yes")) filter.skipsCaller = true;
  else if (context.is(index, "skipme") && context.is(value, "no")) filter.skipsCaller = false;
  else context.refuse(SYNTAX_ERROR);
}

function readAge(context: CommandContext, index: number): number {
  const seconds = context.integer(index, -(2 ** 53), 2 ** 53, NOT_AN_AGE);
  if (context.error === null && seconds <= 0) context.refuse(NO_AGE);
  return seconds;
}

function readUser(context: CommandContext, index: number): User | null {
  const user = context.server.users.find(context.text(index));
  if (user === undefined) context.refuse(`ERR No such user '${quoted(context, index)}'`);
  return user ?? null;
}

function matches(session: Session, filter: KillFilter, caller: Session): boolean {
  if (session.closing) return false;
  if (filter.address !== null && session.transport.remoteAddress !== filter.address) return false;
  if (filter.localAddress !== null && session.transport.localAddress !== filter.localAddress) return false;
  if (filter.type !== null && filter.type !== typeOfSession(session)) return false;
  if (filter.id !== 0 && session.id !== filter.id) return false;
  if (filter.ageMs > 0 && session.server.keyspace.nowMs - session.createdMs < filter.ageMs) return false;
  if (filter.user !== null && session.user !== filter.user) return false;
  return !(session === caller && filter.skipsCaller);
}
