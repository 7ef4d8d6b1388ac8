/** HELLO and AUTH. */
import type { CommandContext } from "../../dispatch/command-context.ts";
import { SYNTAX_ERROR } from "../../dispatch/error-texts.ts";
import { quoted } from "../../dispatch/refusals.ts";
import { DEFAULT_USER } from "../../acl/users.ts";
import { REDIS_VERSION } from "../../version.ts";
import { CLIENT_NAME_ERROR, isValidAttribute } from "./client-identity.ts";

const NOT_A_VERSION = "ERR Protocol version is not an integer or out of range";
const UNSUPPORTED_VERSION = "NOPROTO unsupported protocol version";
const WRONG_PASSWORD = "WRONGPASS invalid username-password pair or user is disabled.";
const NO_PASSWORD_CONFIGURED =
  "ERR AUTH <password> called without any password configured for the default user. Are you sure your configuration is correct?";
const LOGIN_FIRST =
  "NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO AUTH <user> <pass> option can be used to authenticate the client and select the RESP protocol version at the same time";

interface HelloOptions {
  credentials: readonly [user: string, password: string] | null;
  name: string | null;
}

/** HELLO [version [AUTH user password] [SETNAME name]] */
export function hello(context: CommandContext): void {
  const session = context.session;
  const version = context.count > 1 ? context.integer(1, undefined, undefined, NOT_A_VERSION) : session.protocol;
  if (context.error !== null) return;
  if (version !== 2 && version !== 3) return context.refuse(UNSUPPORTED_VERSION);
  const options = readHelloOptions(context);
  if (context.error !== null) return;
  if (options.credentials !== null && !logIn(context, ...options.credentials)) {
    return context.refuse(WRONG_PASSWORD);
  }
  if (session.mustLogIn) return context.refuse(LOGIN_FIRST);
  if (options.name !== null) session.name = options.name;
  session.protocol = version;
  context.reply.protocol = version;
  replyGreeting(context);
}

function readHelloOptions(context: CommandContext): HelloOptions {
  const options: HelloOptions = { credentials: null, name: null };
  for (let index = 2; index < context.count; index++) {
    const left = context.count - 1 - index;
    if (left >= 2 && context.is(index, "auth")) {
      options.credentials = [context.text(index + 1), context.text(index + 2)];
      index += 2;
    } else if (left >= 1 && context.is(index, "setname")) {
      options.name = context.text(++index);
      if (!isValidAttribute(options.name)) context.refuse(CLIENT_NAME_ERROR);
    } else {
      context.refuse(`ERR Syntax error in HELLO option '${quoted(context, index)}'`);
    }
    if (context.error !== null) break;
  }
  return options;
}

function replyGreeting(context: CommandContext): void {
  const { reply, session } = context;
  reply.mapHeader(7);
  reply.bulkLatin1("server");
  reply.bulkLatin1("redis");
  reply.bulkLatin1("version");
  reply.bulkLatin1(REDIS_VERSION);
  reply.bulkLatin1("proto");
  reply.integer(session.protocol);
  reply.bulkLatin1("id");
  reply.integer(session.id);
  reply.bulkLatin1("mode");
  reply.bulkLatin1("standalone");
  reply.bulkLatin1("role");
  reply.bulkLatin1("master");
  reply.bulkLatin1("modules");
  reply.arrayHeader(0);
}

/** AUTH [user] password */
export function auth(context: CommandContext): void {
  if (context.count > 3) return context.refuse(SYNTAX_ERROR);
  const isPasswordAlone = context.count === 2;
  const { defaultUser } = context.server.users;
  if (isPasswordAlone && defaultUser.needsNoPassword) return context.refuse(NO_PASSWORD_CONFIGURED);
  const user = isPasswordAlone ? DEFAULT_USER : context.text(1);
  if (!logIn(context, user, context.text(context.count - 1))) return context.refuse(WRONG_PASSWORD);
  context.reply.ok();
}

function logIn(context: CommandContext, name: string, password: string): boolean {
  const { server, session } = context;
  const user = server.users.withCredentials(name, password);
  if (user === null) server.access.loginDenied(context, name);
  else session.logIn(user);
  return user !== null;
}
