/** The users of a server, and what changes of them mean for the sessions that are logged in. */
import type { Server } from "../server.ts";
import { escapedText } from "../quoted-text.ts";
import type { Session } from "../session/session.ts";
import { hashPassword, includesHash } from "./passwords.ts";
import { hasSpaces } from "./selector-rules.ts";
import { listensToForbidden } from "./channels.ts";
import { User } from "./user.ts";
import type { AclSurroundings } from "./user.ts";
import { applyUserRule, joinSelectors } from "./user-rules.ts";

const FIRST_ARGUMENT_WARNING =
  "Deprecation warning: Allowing a first arg of an otherwise blocked command is a misuse of ACL and may get disabled in the future";

export const DEFAULT_USER = "default";

export class Users {
  /** The one of new connections. It is never deleted. */
  readonly defaultUser: User;
  readonly surroundings: AclSurroundings;
  private readonly server: Server;
  private byName = new Map<string, User>();

  constructor(server: Server) {
    this.server = server;
    this.surroundings = {
      table: server.table,
      allowsChannelsByDefault: () => server.configuration.get("acl-pubsub-default") === "allchannels",
      noteFirstArgument: (rule) => {
        server.log.warning(`${FIRST_ARGUMENT_WARNING} (offender: ${escapedText(rule)})`);
      },
    };
    this.defaultUser = this.createDefaultUser();
    this.byName.set(DEFAULT_USER, this.defaultUser);
  }

  private createDefaultUser(): User {
    const user = new User(DEFAULT_USER, this.surroundings);
    for (const rule of ["+@all", "~*", "&*", "on", "nopass"]) applyUserRule(user, rule, this.surroundings);
    return user;
  }

  /** Whether new connections have to log in. */
  get requiresLogin(): boolean {
    return !this.defaultUser.needsNoPassword || !this.defaultUser.isEnabled;
  }

  find(name: string): User | undefined {
    return this.byName.get(name);
  }

  /** All users, by the bytes of their names. */
  sorted(): User[] {
    return [...this.byName.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
  }

  /** The user that may log in with this name and password (Latin-1 text of their bytes); null when there is none. */
  withCredentials(name: string, password: string): User | null {
    const hash = hashPassword(password);
    const user = this.byName.get(name);
    if (user === undefined || !user.isEnabled) return null;
    return user.needsNoPassword || includesHash(user.passwords, hash) ? user : null;
  }

  /**
   * Makes or changes a user by rules, all of them or none; gives the reason when there is a wrong one. Its sessions end that listen to what
   * they may not any more; that of `caller` after its reply.
   */
  set(name: string, words: readonly string[], caller: Session | null = null): string | null {
    const { rules, unmatched } = joinSelectors(words);
    if (unmatched !== null) return `Unmatched parenthesis in acl selector starting at '${unmatched}'.`;
    const known = this.byName.get(name);
    const changed = new User(name, this.surroundings);
    if (known !== undefined) changed.copyFrom(known);
    for (const rule of rules) {
      const error = applyUserRule(changed, rule, this.surroundings);
      if (error !== null) return `Error in ACL SETUSER modifier '${rule}': ${error}`;
    }
    if (known === undefined) this.byName.set(name, changed);
    else {
      const sessions = [...this.server.sessions.values()].filter((session) => session.user === known);
      this.replace(known, changed);
      for (const session of sessions) if (listensToForbidden(session)) this.end(session, caller);
    }
    return null;
  }

  /** requirepass: the only password of the default user; with "" any is right. */
  setDefaultPassword(password: string): void {
    const changed = new User(DEFAULT_USER, this.surroundings);
    changed.copyFrom(this.defaultUser);
    applyUserRule(changed, password === "" ? "nopass" : "resetpass", this.surroundings);
    if (password !== "") applyUserRule(changed, `>${password}`, this.surroundings);
    this.replace(this.defaultUser, changed);
  }

  private replace(user: User, changed: User): void {
    user.copyFrom(changed);
    for (const session of this.server.sessions.values()) {
      if (session.user === user || user === this.defaultUser) session.updateRights();
    }
  }

  /** Deletes a user other than the default one and ends its sessions; that of `caller` after its reply. Gives false when there is none. */
  delete(name: string, caller: Session): boolean {
    const user = this.byName.get(name);
    if (user === undefined || user === this.defaultUser) return false;
    this.byName.delete(name);
    this.endSessions([user], caller);
    return true;
  }

  /** Takes these users in the place of all there are. Sessions of all but the default one end. */
  replaceAll(users: ReadonlyMap<string, User>, caller: Session | null): void {
    const gone = this.sorted().filter((user) => user !== this.defaultUser);
    this.byName = new Map(users);
    this.byName.set(DEFAULT_USER, this.defaultUser);
    this.replace(this.defaultUser, users.get(DEFAULT_USER) ?? this.createDefaultUser());
    this.endSessions(gone, caller);
  }

  private endSessions(users: readonly User[], caller: Session | null): void {
    for (const session of [...this.server.sessions.values()]) {
      if (!users.includes(session.user)) continue;
      session.logOut();
      this.end(session, caller);
    }
  }

  private end(session: Session, caller: Session | null): void {
    if (session === caller) session.close();
    else session.destroy();
  }

  /** Whether a user may have this name. */
  isValidName(name: string): boolean {
    return !hasSpaces(name);
  }
}
