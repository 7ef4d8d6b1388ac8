/** Where users come from at the start: the ACL file (`aclfile`), or `user` lines of the configuration, but not both. */
import { nodeFileSystem } from "@sider/persistence";
import type { FileSystem } from "@sider/persistence";
import { resolve } from "node:path";
import { latin1OfUtf8 } from "../dispatch/utf8.ts";
import type { Server } from "../server.ts";
import type { Session } from "../session/session.ts";
import { describeUser } from "./describe.ts";
import { readAclFile, writeAclFile } from "./acl-file.ts";
import { DUPLICATE_USER } from "./rule-errors.ts";

/** Users that cannot be loaded: the server must not start. The message is ready to be logged. */
export class UsersError extends Error {}

const BOTH =
  "Configuring Sider with users defined in the configuration file and at the same time setting an ACL file path is invalid. " +
  "This setup is very likely to lead to configuration errors and security holes, please define either an ACL file or " +
  "declare users directly in your configuration file, but not both.";

export class UserFile {
  private readonly server: Server;
  private readonly fileSystem: FileSystem;

  constructor(server: Server, fileSystem: FileSystem = nodeFileSystem) {
    this.server = server;
    this.fileSystem = fileSystem;
  }

  get isConfigured(): boolean {
    return this.server.configuration.get("aclfile") !== "";
  }

  private get path(): string {
    const { configuration } = this.server;
    return resolve(configuration.get("dir"), configuration.get("aclfile"));
  }

  /** Takes the users of the file in the place of all there are; gives what is wrong with it, with nothing changed. */
  load(caller: Session | null): string | null {
    const { users } = this.server;
    const loaded = readAclFile(this.fileSystem, this.path, users.surroundings);
    if (typeof loaded === "string") return loaded;
    users.replaceAll(loaded, caller);
    return null;
  }

  /** The `user` lines that a configuration file should have: none where there is an ACL file. */
  configurationLines(): string[] {
    return this.isConfigured ? [] : this.server.users.sorted().map(describeUser);
  }

  /** @throws FileError */
  save(): void {
    const { keyspace, users } = this.server;
    writeAclFile(this.fileSystem, this.path, users.sorted(), String(keyspace.nowMs));
  }

  /**
   * At the start: makes the users of the configuration's `user` lines (UTF-8: name, then rules), or those of the file.
   * @throws UsersError
   */
  loadAtStart(lines: readonly (readonly string[])[]): void {
    if (this.isConfigured && lines.length > 0) throw new UsersError(BOTH);
    const seen = new Set<string>();
    for (const line of lines) this.addConfigured(line.map(latin1OfUtf8), seen);
    const error = this.isConfigured ? this.load(null) : null;
    if (error !== null) throw new UsersError(`Aborting startup because of ACL errors: ${error}`);
  }

  private addConfigured([name = "", ...rules]: readonly string[], seen: Set<string>): void {
    const { log, users } = this.server;
    if (!users.isValidName(name)) throw new UsersError("Spaces not allowed in ACL usernames");
    if (seen.has(name)) throw new UsersError(`Error in user declaration '${name}': ${DUPLICATE_USER}`);
    seen.add(name);
    const error = users.set(name, ["reset", ...rules]);
    if (error !== null) throw new UsersError(`Error loading the user named '${name}': ${withoutSecret(error)}`);
    if (users.find(name)?.isEnabled === true) return;
    log.notice(
      `The user '${name}' is disabled (there is no 'on' modifier in the user description). ` +
        "Make sure this is not a configuration error.",
    );
  }
}

/** The error goes to the log: a rule about a password is not shown. */
function withoutSecret(error: string): string {
  return error.replace(/modifier '[<>#!].*': /s, "modifier '(redacted)': ");
}
