/**
 * What one set of rules allows: commands, keys and channels. A user has one of its own (the root) and any number of further ones, and may do
 * what any single one of them allows as a whole.
 *
 * Names and patterns are Latin-1 text, one character a byte; patterns are kept as bytes too, as they are matched.
 */
import { matchGlob } from "@sider/keyspace-engine";
import type { Slice } from "@sider/keyspace-engine";

/** What may be done to keys. */
export const ACCESS_READ = 1;
export const ACCESS_WRITE = 2;
export const ACCESS_ALL = ACCESS_READ | ACCESS_WRITE;

export interface Pattern {
  readonly text: string;
  readonly bytes: Uint8Array;
}

/** Keys that match may be used as `access` (ACCESS_*) says. */
export interface KeyPattern extends Pattern {
  access: number;
}

export class Selector {
  /** Any command, without a look at the single ones. */
  allowsAllCommands = false;
  /** Whether the rules began with all commands: commands that do not exist yet would be allowed. */
  beginsWithAll = false;
  /** By number in the command table: 1 where the command is allowed. */
  readonly commands: Uint8Array;
  /** First arguments, with which alone a command is allowed, by its number. */
  readonly firstArguments = new Map<number, string[]>();
  /** The rules that have led to `commands`, in their order: `get` or `@read` or `config|get`, and whether it was allowed. */
  readonly commandRules = new Map<string, boolean>();
  allowsAllKeys = false;
  keyPatterns: KeyPattern[] = [];
  allowsAllChannels: boolean;
  channels: Pattern[] = [];

  constructor(commandCount: number, allowsAllChannels: boolean) {
    this.commands = new Uint8Array(commandCount);
    this.allowsAllChannels = allowsAllChannels;
  }

  /** Whether nothing has to be checked. */
  get isUnrestricted(): boolean {
    return this.allowsAllCommands && this.allowsAllKeys && this.allowsAllChannels;
  }

  copy(): Selector {
    const copy = new Selector(this.commands.length, this.allowsAllChannels);
    copy.allowsAllCommands = this.allowsAllCommands;
    copy.beginsWithAll = this.beginsWithAll;
    copy.commands.set(this.commands);
    for (const [number, words] of this.firstArguments) copy.firstArguments.set(number, [...words]);
    for (const [rule, isAllowed] of this.commandRules) copy.commandRules.set(rule, isAllowed);
    copy.allowsAllKeys = this.allowsAllKeys;
    copy.keyPatterns = this.keyPatterns.map((pattern) => ({ ...pattern }));
    copy.channels = [...this.channels];
    return copy;
  }

  /** Whether a key may be used as `access` says; ACCESS_* bits, 0 where its value is neither told nor changed. O(patterns). */
  allowsKey(key: Slice, access: number): boolean {
    if (this.allowsAllKeys) return true;
    for (const pattern of this.keyPatterns) {
      if ((pattern.access & access) === access && matchesPattern(pattern, key)) return true;
    }
    return false;
  }

  /** Whether every key there may ever be can be used as `access` says. */
  allowsEveryKey(access: number): boolean {
    if (this.allowsAllKeys) return true;
    return this.keyPatterns.some((pattern) => pattern.text === "*" && (pattern.access & access) === access);
  }

  /** Whether a channel may be used; a pattern of channels only where the very same pattern is allowed. O(patterns). */
  allowsChannel(channel: Slice, isPattern: boolean): boolean {
    if (this.allowsAllChannels) return true;
    for (const pattern of this.channels) {
      if (isPattern ? equalsPattern(pattern, channel) : matchesPattern(pattern, channel)) return true;
    }
    return false;
  }
}

/** A pattern of Latin-1 text. */
export function patternOf(text: string): Pattern {
  return { text, bytes: Uint8Array.from(text, (character) => character.charCodeAt(0)) };
}

function matchesPattern({ bytes }: Pattern, text: Slice): boolean {
  return matchGlob(bytes, 0, bytes.length, text.bytes, text.offset, text.length, false);
}

function equalsPattern({ bytes }: Pattern, text: Slice): boolean {
  if (bytes.length !== text.length) return false;
  for (let at = 0; at < bytes.length; at++) if (bytes[at] !== text.bytes[text.offset + at]) return false;
  return true;
}
