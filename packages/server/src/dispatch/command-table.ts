/**
 * The command table as the dispatcher reads it: one number per command, its facts in typed arrays, names found by their bytes.
 *
 * Made once from `@sider/command-spec` and the handlers. Looking a name up allocates nothing: a hash of the folded bytes into an
 * open-addressed index of 16-bit numbers, then a comparison with the stored name.
 */
import { commandFlags, eachCommand, elementRange, legacyKeyRange } from "@sider/command-spec";
import type { Command, CommandName, ElementRange } from "@sider/command-spec";
import { LatencyHistogram } from "../observation/latency-histogram.ts";
import type { Handler } from "./handler.ts";
import { bytesOfText } from "./utf8.ts";

export const FLAG_WRITE = 1;
export const FLAG_DENY_OOM = 2;
export const FLAG_NO_AUTH = 4;
export const FLAG_CONTAINER = 8;
export const FLAG_MAY_REPLICATE = 16;
export const FLAG_ADMIN = 32;
export const FLAG_TOUCHES_ARBITRARY_KEYS = 64;
/** Not allowed between MULTI and EXEC. */
export const FLAG_NO_MULTI = 128;
/** Runs at once between MULTI and EXEC, where others are queued. */
export const FLAG_UNQUEUED = 256;
/** Ends a transaction: must be possible without memory. */
export const FLAG_ENDS_TRANSACTION = 512;
/** Possible while the data set is being loaded. */
export const FLAG_LOADING = 1024;
/** The configuration must allow it. */
export const FLAG_PROTECTED = 2048;
/** Possible on a connection of RESP2 that listens to channels. */
export const FLAG_SUBSCRIBED = 4096;
export const FLAG_READONLY = 8192;
export const FLAG_FAST = 16384;
export const FLAG_SKIP_MONITOR = 32768;
export const FLAG_SKIP_SLOWLOG = 65536;
export const FLAG_PUBSUB = 131072;

const NANOSECONDS_A_MILLISECOND = 1_000_000;
const INDEX_SIZE = 2048;
/** Of each command: its own name, or the one that `rename-command` has given it. */
const NAME_BYTES = 32;
const ENDS_TRANSACTION: readonly CommandName[] = ["exec", "discard", "quit", "reset"];
const WHILE_SUBSCRIBED: readonly CommandName[] = [
  "subscribe",
  "psubscribe",
  "ssubscribe",
  "unsubscribe",
  "punsubscribe",
  "sunsubscribe",
  "ping",
  "quit",
  "reset",
];
const UNQUEUED: readonly CommandName[] = [...ENDS_TRANSACTION, "multi", "watch"];

/** Fact sheets of all commands, by number. */
export class CommandTable {
  readonly commands: Command[] = [];
  readonly handlers: (Handler | null)[] = [];
  readonly arity: Int32Array;
  readonly flags: Int32Array;
  readonly firstKey: Int32Array;
  readonly lastKey: Int32Array;
  readonly keyStep: Int32Array;
  /** Where fields or members are; null for commands that name none. */
  readonly elements: (ElementRange | null)[] = [];
  /** Times executed, failed while executing, and refused before; since start or CONFIG RESETSTAT. */
  readonly calls: Float64Array;
  readonly failedCalls: Float64Array;
  readonly rejectedCalls: Float64Array;
  /** Milliseconds that the executed ones took, and how they are distributed (null: not called yet). */
  readonly spentMs: Float64Array;
  readonly histograms: (LatencyHistogram | null)[] = [];
  /** 1: short, so that several of them may be timed as one, and that it may be otherwise at other times (`CommandClock`). */
  readonly isShort: Uint8Array;
  readonly mayBeLong: Uint8Array;

  private readonly index = new Int16Array(INDEX_SIZE).fill(-1);
  /** Names behind each other, each from where `nameStarts` says; of no length where a command has lost its name. */
  private names: Uint8Array;
  private readonly nameStarts: Int32Array;
  private readonly nameLengths: Int32Array;
  private longestName = NAME_BYTES;
  private readonly numbers = new Map<string, number>();

  constructor(handlers: Readonly<Record<string, Handler>>) {
    for (const command of eachCommand()) {
      this.numbers.set(command.fullName, this.commands.length);
      this.commands.push(command);
      this.handlers.push(handlers[command.fullName] ?? null);
    }
    const count = this.commands.length;
    this.arity = new Int32Array(count);
    this.flags = new Int32Array(count);
    this.firstKey = new Int32Array(count);
    this.lastKey = new Int32Array(count);
    this.keyStep = new Int32Array(count);
    this.calls = new Float64Array(count);
    this.failedCalls = new Float64Array(count);
    this.rejectedCalls = new Float64Array(count);
    this.spentMs = new Float64Array(count);
    this.isShort = new Uint8Array(count);
    this.mayBeLong = new Uint8Array(count);
    this.names = new Uint8Array(count * NAME_BYTES);
    this.nameStarts = Int32Array.from({ length: count }, (_, number) => number * NAME_BYTES);
    this.nameLengths = new Int32Array(count);
    this.commands.forEach((command, number) => {
      this.describe(command, number);
    });
  }

  private describe(command: Command, number: number): void {
    const range = legacyKeyRange(command.keys);
    this.arity[number] = command.arity;
    this.flags[number] = flagBits(command);
    this.firstKey[number] = range.firstKey;
    this.lastKey[number] = range.lastKey;
    this.keyStep[number] = range.keyStep;
    const elements = elementRange(command);
    this.elements.push(elements.first === 0 ? null : elements);
    if (isTimedInRuns(command)) {
      this.isShort[number] = isFast(command) ? 1 : 0;
      this.mayBeLong[number] = isFast(command) ? 0 : 1;
    }
    this.histograms.push(null);
    if (command.container !== null) return;
    for (let at = 0; at < command.name.length; at++) this.names[number * NAME_BYTES + at] = command.name.charCodeAt(at);
    this.nameLengths[number] = command.name.length;
    this.addToIndex(number);
  }

  private addToIndex(number: number): void {
    let place = hashName(this.names, this.nameStarts[number], this.nameLengths[number]);
    while (this.index[place] >= 0) place = (place + 1) & (INDEX_SIZE - 1);
    this.index[place] = number;
  }

  /** `rename-command`: from now on a command has this name only; an empty one makes it unknown. Its number and statistics stay. */
  rename(name: string, newName: string): void {
    const former = encodeName(name);
    const number = this.find(former, 0, former.length);
    if (number < 0) throw new Error(`No command ${name}`);
    const bytes = encodeName(newName);
    const names = new Uint8Array(this.names.length + bytes.length);
    names.set(this.names);
    names.set(bytes, this.names.length);
    this.nameStarts[number] = this.names.length;
    this.nameLengths[number] = bytes.length;
    this.names = names;
    this.longestName = Math.max(this.longestName, bytes.length);
    this.index.fill(-1);
    for (let each = 0; each < this.commands.length; each++) if (this.nameLengths[each] > 0) this.addToIndex(each);
  }

  /** The number of the command that `bytes[offset .. offset+length)` names, in any case; -1 when there is none. O(length). */
  find(bytes: Uint8Array, offset: number, length: number): number {
    if (length > this.longestName) return -1;
    let place = hashName(bytes, offset, length);
    for (let number = this.index[place]; number >= 0; number = this.index[place]) {
      if (this.nameLengths[number] === length && this.nameEquals(number, bytes, offset, length)) return number;
      place = (place + 1) & (INDEX_SIZE - 1);
    }
    return -1;
  }

  private nameEquals(number: number, bytes: Uint8Array, offset: number, length: number): boolean {
    const names = this.names;
    const start = this.nameStarts[number];
    for (let at = 0; at < length; at++) {
      const byte = bytes[offset + at];
      const lower = byte >= 65 && byte <= 90 ? byte | 32 : byte;
      if (lower !== names[start + at]) return false;
    }
    return true;
  }

  /** The number of a command by its full lower-case name (`client|kill`); -1 when there is none. */
  numberOf(fullName: string): number {
    return this.numbers.get(fullName) ?? -1;
  }

  /** The command that has this name now, in any case, `config|get` for a subcommand; undefined when there is none. */
  named(name: string): Command | undefined {
    const [first = "", second, ...rest] = name.split("|");
    const bytes = encodeName(first);
    const number = this.find(bytes, 0, bytes.length);
    if (number < 0 || second === undefined) return this.commands[number];
    return rest.length > 0 ? undefined : this.commands[number].subcommands.get(second.toLowerCase());
  }

  /** Whether a command, or the container of a subcommand, has a name: `rename-command` may have taken it. */
  isNamed(command: Command): boolean {
    return this.nameLengths[this.numberOf(command.container?.name ?? command.name)] > 0;
  }

  /** Commands executed. O(commands of the table). */
  totalCalls(): number {
    return this.calls.reduce((sum, calls) => sum + calls, 0);
  }

  /** Adds the time of some calls. */
  addTime(number: number, elapsedMs: number, calls: number, tracksLatency: boolean): void {
    this.spentMs[number] += elapsedMs;
    if (!tracksLatency) return;
    const histogram = (this.histograms[number] ??= new LatencyHistogram());
    histogram.record((elapsedMs * NANOSECONDS_A_MILLISECOND) / calls, calls);
  }

  /** Forgets the counts. */
  resetStatistics(): void {
    this.spentMs.fill(0);
    this.histograms.fill(null);
    this.calls.fill(0);
    this.failedCalls.fill(0);
    this.rejectedCalls.fill(0);
  }
}

/** A name as `find` compares it: bytes, the letters in lower case. */
function encodeName(name: string): Uint8Array {
  return bytesOfText(name).map((byte) => (byte >= 65 && byte <= 90 ? byte | 32 : byte));
}

function hashName(bytes: Uint8Array, offset: number, length: number): number {
  let hash = length;
  for (let at = 0; at < length; at++) hash = Math.imul(hash, 31) + (bytes[offset + at] | 32);
  return (hash ^ (hash >>> 11)) & (INDEX_SIZE - 1);
}

function isTimedInRuns(command: Command): boolean {
  const isContainer = command.container !== null || command.subcommands.size > 0;
  return !isContainer && command.name !== "exec" && !commandFlags(command).includes("blocking");
}

/** SET is as fast as those that are marked so, unless it frees a large value. */
function isFast(command: Command): boolean {
  return command.name === "set" || commandFlags(command).includes("fast");
}

function flagBits(command: Command): number {
  const flags = commandFlags(command);
  let bits = command.subcommands.size > 0 ? FLAG_CONTAINER : 0;
  if (flags.includes("write")) bits |= FLAG_WRITE;
  if (flags.includes("readonly")) bits |= FLAG_READONLY;
  if (flags.includes("pubsub")) bits |= FLAG_PUBSUB;
  if (flags.includes("denyoom")) bits |= FLAG_DENY_OOM;
  if (flags.includes("no_auth")) bits |= FLAG_NO_AUTH;
  if (flags.includes("admin")) bits |= FLAG_ADMIN;
  if (flags.includes("loading")) bits |= FLAG_LOADING;
  if (flags.includes("fast")) bits |= FLAG_FAST;
  if (flags.includes("skip_monitor")) bits |= FLAG_SKIP_MONITOR;
  if (flags.includes("skip_slowlog")) bits |= FLAG_SKIP_SLOWLOG;
  if (command.flags.includes("may_replicate")) bits |= FLAG_MAY_REPLICATE;
  if (command.flags.includes("touches_arbitrary_keys")) bits |= FLAG_TOUCHES_ARBITRARY_KEYS;
  if (command.flags.includes("protected")) bits |= FLAG_PROTECTED;
  if (flags.includes("no_multi")) bits |= FLAG_NO_MULTI;
  if (WHILE_SUBSCRIBED.includes(command.fullName)) bits |= FLAG_SUBSCRIBED;
  if (UNQUEUED.includes(command.fullName)) bits |= FLAG_UNQUEUED;
  if (ENDS_TRANSACTION.includes(command.fullName)) bits |= FLAG_ENDS_TRANSACTION;
  return bits;
}
