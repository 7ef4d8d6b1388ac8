/**
 * Whether a user may run a command with these arguments: one selector must allow the command, all keys that its key specs name and all
 * its channels.
 *
 * Nothing is looked at for users who may do everything: sessions of theirs do not have GATE_ACL.
 */
import { extractKeys, hasKeys } from "@sider/command-spec";
import type { Command, KeyFlag, KeyReference } from "@sider/command-spec";
import type { Slice } from "@sider/keyspace-engine";
import type { CommandTable } from "../dispatch/command-table.ts";
import { FLAG_NO_AUTH } from "../dispatch/command-table.ts";
import { channelsOf } from "./channels.ts";
import { ACCESS_ALL, ACCESS_READ, ACCESS_WRITE } from "./selector.ts";
import type { Selector } from "./selector.ts";
import type { User } from "./user.ts";

/** What is denied; the higher one tells more when selectors differ in what they deny. */
export const ALLOWED = 0;
export const DENIED_COMMAND = 1;
export const DENIED_KEY = 2;
export const DENIED_CHANNEL = 3;

/** The arguments of a command, its name being the first. */
export interface CommandArguments {
  readonly count: number;
  /** Valid until the next call. */
  value(index: number): Slice;
  /** Latin-1. */
  text(index: number): string;
}

export class AccessCheck {
  /** The argument that the last denial was about: that of the key or channel, or 0. */
  deniedIndex = 0;
  private readonly table: CommandTable;
  /** Where the keys of a command are, by its number; null where they must be looked for. */
  private readonly ranges: readonly (KeyRange | null)[];
  /** Keys of the command that is checked, found when the first selector asks. */
  private keys: readonly KeyReference[] | null = null;
  private foundIndex = 0;

  constructor(table: CommandTable) {
    this.table = table;
    this.ranges = table.commands.map(keyRangeOf);
  }

  /** ALLOWED, or what is denied (DENIED_*). O(selectors * (keys + channels) * patterns). */
  check(user: User, number: number, given: CommandArguments): number {
    this.keys = null;
    this.foundIndex = 0;
    this.deniedIndex = 0;
    let worst = DENIED_COMMAND;
    for (const selector of user.selectors) {
      const denied = this.checkSelector(selector, number, given);
      if (denied === ALLOWED) return ALLOWED;
      if (denied > worst || (denied === worst && this.foundIndex > this.deniedIndex)) {
        worst = denied;
        this.deniedIndex = this.foundIndex;
      }
    }
    return worst;
  }

  /** As `check`, and whether the selector that allows it allows every key to be read, too: what SORT may reach by BY and GET is anywhere. */
  mayReadEveryKey(user: User, number: number, given: CommandArguments): boolean {
    this.keys = null;
    return user.selectors.some(
      (selector) => selector.allowsEveryKey(ACCESS_READ) && this.checkSelector(selector, number, given) === ALLOWED,
    );
  }

  private checkSelector(selector: Selector, number: number, given: CommandArguments): number {
    if (!this.allowsCommand(selector, number, given)) return DENIED_COMMAND;
    const command = this.table.commands[number];
    if (!selector.allowsAllKeys && !this.allowsKeys(selector, number, given)) return DENIED_KEY;
    if (!selector.allowsAllChannels && !this.allowsChannels(selector, command, given)) return DENIED_CHANNEL;
    return ALLOWED;
  }

  private allowsCommand(selector: Selector, number: number, given: CommandArguments): boolean {
    if (selector.allowsAllCommands || selector.commands[number] === 1) return true;
    if ((this.table.flags[number] & FLAG_NO_AUTH) !== 0) return true;
    const words = selector.firstArguments.get(number);
    if (words === undefined || given.count < 2) return false;
    const word = given.text(1).toLowerCase();
    return words.some((allowed) => allowed.toLowerCase() === word);
  }

  private allowsKeys(selector: Selector, number: number, given: CommandArguments): boolean {
    const range = this.ranges[number];
    if (range !== null) {
      if (this.allowsRange(selector, range, given)) return true;
      if (!range.isVariable) return false;
    }
    const command = this.table.commands[number];
    this.keys ??= hasKeys(command) ? extractKeys(command, sourceOf(given)) : [];
    for (const { position, flags } of this.keys) {
      if (selector.allowsKey(given.value(position), accessOf(flags))) continue;
      this.foundIndex = position;
      return false;
    }
    return true;
  }

  private allowsRange(selector: Selector, range: KeyRange, given: CommandArguments): boolean {
    const last = range.last < 0 ? given.count + range.last : range.last;
    if (last >= given.count) return true; // no such keys: the command will say so
    for (let index = range.first; index <= last; index += range.step) {
      if (selector.allowsKey(given.value(index), range.access)) continue;
      this.foundIndex = index;
      return false;
    }
    return true;
  }

  private allowsChannels(selector: Selector, command: Command, given: CommandArguments): boolean {
    const channels = channelsOf(command.fullName);
    if (channels === null) return true;
    const last = channels.areAll ? given.count - 1 : channels.first;
    for (let index = channels.first; index <= last; index++) {
      if (selector.allowsChannel(given.value(index), channels.arePatterns)) continue;
      this.foundIndex = index;
      return false;
    }
    return true;
  }
}

/** Keys at fixed places, all used in the same way: most commands have one such range, or no keys, and allocate nothing here. */
interface KeyRange {
  readonly first: number;
  /** Negative: counted from the end of the arguments. */
  readonly last: number;
  readonly step: number;
  readonly access: number;
  /** How depends on other arguments (SET with GET): who may use the keys in every way need not know. */
  readonly isVariable: boolean;
}

const NO_KEYS: KeyRange = { first: 1, last: 0, step: 1, access: 0, isVariable: false };

function keyRangeOf(command: Command): KeyRange | null {
  if (!hasKeys(command)) return NO_KEYS;
  const specs = command.keys.filter(({ flags }) => !flags.includes("not_key"));
  const [{ flags, beginSearch, findKeys }] = specs;
  if (specs.length > 1 || flags.includes("incomplete")) return null;
  if (beginSearch.type !== "index" || findKeys.type !== "range" || findKeys.limit !== 0) return null;
  const { index } = beginSearch;
  const { lastKey, keyStep } = findKeys;
  const isVariable = flags.includes("variable_flags");
  const access = isVariable ? ACCESS_ALL : accessOf(flags);
  return { first: index, last: lastKey < 0 ? lastKey : index + lastKey, step: keyStep, access, isVariable };
}

function sourceOf(given: CommandArguments): { readonly length: number; at(index: number): string | undefined } {
  return { length: given.count, at: (index) => (index >= 0 && index < given.count ? given.text(index) : undefined) };
}

const accessByFlags = new WeakMap<readonly KeyFlag[], number>();

/** What the flags of a key spec do to the key's value. */
function accessOf(flags: readonly KeyFlag[]): number {
  const known = accessByFlags.get(flags);
  if (known !== undefined) return known;
  const isRead = flags.includes("access");
  const isWritten = flags.includes("insert") || flags.includes("delete") || flags.includes("update");
  const access = (isRead ? ACCESS_READ : 0) | (isWritten ? ACCESS_WRITE : 0);
  accessByFlags.set(flags, access);
  return access;
}
