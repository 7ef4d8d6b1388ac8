/** Checks what sessions ask for against the rights of their users; what is denied is counted, logged (ACL LOG) and told. */
import type { CommandContext } from "../dispatch/command-context.ts";
import type { Server } from "../server.ts";
import { describeClient } from "../session/describe-client.ts";
import type { Session } from "../session/session.ts";
import { AccessCheck, ALLOWED, DENIED_CHANNEL, DENIED_COMMAND, DENIED_KEY } from "./access.ts";
import type { CommandArguments } from "./access.ts";
import { AclLog } from "./acl-log.ts";
import type { Denial } from "./acl-log.ts";
import type { User } from "./user.ts";

const CHANGED_MEANWHILE =
  "NOPERM ACLs rules changed between the moment the transaction was accumulated and the EXEC call. " +
  "This command is no longer allowed for the following reason: ";

/** What is missing of the rights, when EXEC finds out. */
const MISSING: Readonly<Record<number, string>> = {
  [DENIED_COMMAND]: "no permission to execute the command or subcommand",
  [DENIED_KEY]: "no permission to touch the specified keys",
  [DENIED_CHANNEL]: "no permission to access one of the channels used as arguments",
};

const REASONS: Readonly<Record<number, Denial["reason"]>> = {
  [DENIED_COMMAND]: "command",
  [DENIED_KEY]: "key",
  [DENIED_CHANNEL]: "channel",
};

export class AccessControl {
  readonly log: AclLog;
  private readonly server: Server;
  private readonly check: AccessCheck;

  constructor(server: Server) {
    this.server = server;
    this.check = new AccessCheck(server.table);
    this.log = new AclLog(server.keyspace.clock);
  }

  /** Why the user of a session may not run the command of a context; null when it may. */
  refusal(context: CommandContext): string | null {
    const { session } = context;
    const denied = this.check.check(session.user, context.command, context);
    if (denied === ALLOWED) return null;
    session.lastCommand = context.command;
    this.note(context, denied, session.transaction === null ? "toplevel" : "multi");
    if (denied === DENIED_COMMAND) return `NOPERM ${this.missingCommand(session.user, context.command)}`;
    return `NOPERM No permissions to access a ${REASONS[denied]}`;
  }

  /** As `refusal`, for a command that was allowed when it was queued. */
  refusalInExec(context: CommandContext): string | null {
    const denied = this.check.check(context.session.user, context.command, context);
    if (denied === ALLOWED) return null;
    this.note(context, denied, "multi");
    return CHANGED_MEANWHILE + MISSING[denied];
  }

  /** What ACL DRYRUN replies: why a user may not run a command, which is not run; null when it may. */
  tried(user: User, number: number, given: CommandArguments): string | null {
    const denied = this.check.check(user, number, given);
    if (denied === ALLOWED) return null;
    if (denied === DENIED_COMMAND) return this.missingCommand(user, number);
    const object = given.text(this.check.deniedIndex);
    return `User ${user.name} has no permissions to access the '${object}' ${REASONS[denied]}`;
  }

  /** Whether the user may run the command of a context, and read every key there may be. */
  mayReadEveryKey(context: CommandContext): boolean {
    return this.check.mayReadEveryKey(context.session.user, context.command, context);
  }

  /** Somebody tried to log in and may not. */
  loginDenied(context: CommandContext, userName: string): void {
    const { session } = context;
    this.server.statistics.deniedLogins++;
    this.server.logins.failed(session);
    const place = session.transaction === null ? "toplevel" : "multi";
    this.add(session, { reason: "auth", context: place, object: context.text(0), userName });
  }

  private missingCommand(user: User, number: number): string {
    return `User ${user.name} has no permissions to run the '${this.server.table.commands[number].fullName}' command`;
  }

  private note(context: CommandContext, denied: number, place: Denial["context"]): void {
    const { statistics, table } = this.server;
    if (denied === DENIED_COMMAND) statistics.deniedCommands++;
    else if (denied === DENIED_KEY) statistics.deniedKeys++;
    else statistics.deniedChannels++;
    const isCommand = denied === DENIED_COMMAND;
    const object = isCommand ? table.commands[context.command].fullName : context.text(this.check.deniedIndex);
    const userName = context.session.user.name;
    this.add(context.session, { reason: REASONS[denied], context: place, object, userName });
  }

  private add(session: Session, denial: Denial): void {
    this.log.add(denial, describeClient(session), this.server.configuration.get("acllog-max-len"));
  }
}
