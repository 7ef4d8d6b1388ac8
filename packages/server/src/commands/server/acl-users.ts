/** ACL SETUSER, DELUSER, GETUSER, LIST, USERS and WHOAMI. */
import { channelRulesOf, commandRulesOf, describeUser, flagsOf, keyRulesOf } from "../../acl/describe.ts";
import type { Selector } from "../../acl/selector.ts";
import { DEFAULT_USER } from "../../acl/users.ts";
import type { CommandContext } from "../../dispatch/command-context.ts";

const INVALID_NAME = "ERR Usernames can't contain spaces or null characters";
const NOT_THE_DEFAULT_USER = "ERR The 'default' user cannot be removed";

/** ACL SETUSER user [rule ...] */
export function aclSetUser(context: CommandContext): void {
  const { server, session } = context;
  const name = context.text(2);
  if (!server.users.isValidName(name)) return context.refuse(INVALID_NAME);
  const rules = textsFrom(context, 3);
  const error = server.users.set(name, rules, session);
  if (error !== null) return context.refuse(`ERR ${error}`);
  context.reply.ok();
}

/** ACL DELUSER user [user ...] */
export function aclDelUser(context: CommandContext): void {
  const { server, session } = context;
  const names = textsFrom(context, 2);
  if (names.includes(DEFAULT_USER)) return context.refuse(NOT_THE_DEFAULT_USER);
  context.reply.integer(names.filter((name) => server.users.delete(name, session)).length);
}

function textsFrom(context: CommandContext, first: number): string[] {
  return Array.from({ length: context.count - first }, (_, index) => context.text(first + index));
}

/** ACL GETUSER user */
export function aclGetUser(context: CommandContext): void {
  const { reply } = context;
  const user = context.server.users.find(context.text(2));
  if (user === undefined) return reply.nullBulk();
  const flags = flagsOf(user);
  const [root, ...others] = user.selectors;
  reply.mapHeader(6);
  reply.bulkLatin1("flags");
  reply.setHeader(flags.length);
  for (const flag of flags) reply.bulkLatin1(flag);
  reply.bulkLatin1("passwords");
  reply.arrayHeader(user.passwords.length);
  for (const hash of user.passwords) reply.bulkLatin1(hash);
  replySelector(context, root);
  reply.bulkLatin1("selectors");
  reply.arrayHeader(others.length);
  for (const selector of others) {
    reply.mapHeader(3);
    replySelector(context, selector);
  }
}

function replySelector({ reply }: CommandContext, selector: Selector): void {
  reply.bulkLatin1("commands");
  reply.bulkLatin1(commandRulesOf(selector));
  reply.bulkLatin1("keys");
  reply.bulkLatin1(keyRulesOf(selector));
  reply.bulkLatin1("channels");
  reply.bulkLatin1(channelRulesOf(selector));
}

/** ACL LIST */
export function aclList({ reply, server }: CommandContext): void {
  const users = server.users.sorted();
  reply.arrayHeader(users.length);
  for (const user of users) reply.bulkLatin1(describeUser(user));
}

/** ACL USERS */
export function aclUsers({ reply, server }: CommandContext): void {
  const users = server.users.sorted();
  reply.arrayHeader(users.length);
  for (const user of users) reply.bulkLatin1(user.name);
}

/** ACL WHOAMI */
export function aclWhoAmI({ reply, session }: CommandContext): void {
  reply.bulkLatin1(session.user.name);
}
