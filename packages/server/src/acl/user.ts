/** A user: who may log in as it, and what it may do. */
import type { CommandTable } from "../dispatch/command-table.ts";
import { Selector } from "./selector.ts";

/** What selectors need to know of the server. */
export interface AclSurroundings {
  readonly table: CommandTable;
  /** acl-pubsub-default: whether new selectors allow all channels. */
  allowsChannelsByDefault(): boolean;
  /** Told of each rule that allows a command with a first argument only (+select|0), from which Redis advises. */
  noteFirstArgument(rule: string): void;
}

export class User {
  /** Latin-1 text of its bytes. */
  readonly name: string;
  isEnabled = false;
  /** Any password is right. */
  needsNoPassword = false;
  skipsSanitizing = false;
  /** Hashes. */
  passwords: string[] = [];
  /** The first is the root. */
  selectors: Selector[];

  constructor(name: string, surroundings: AclSurroundings) {
    this.name = name;
    this.selectors = [newSelector(surroundings)];
  }

  get root(): Selector {
    return this.selectors[0];
  }

  /** Whether no command of it has to be checked. */
  get isUnrestricted(): boolean {
    return this.selectors.some((selector) => selector.isUnrestricted);
  }

  /** Becomes what another user is, but for the name. */
  copyFrom(other: User): void {
    this.isEnabled = other.isEnabled;
    this.needsNoPassword = other.needsNoPassword;
    this.skipsSanitizing = other.skipsSanitizing;
    this.passwords = [...other.passwords];
    this.selectors = other.selectors.map((selector) => selector.copy());
  }
}

/** A selector that allows nothing, but for channels where the configuration says so. */
export function newSelector(surroundings: AclSurroundings): Selector {
  return new Selector(surroundings.table.commands.length, surroundings.allowsChannelsByDefault());
}
