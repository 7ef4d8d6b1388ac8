/**
 * What a handler sees of the command it runs: arguments, keys, the database, the reply. One object per server, pointed at one
 * command after the other.
 *
 * Arguments are numbered as the client sent them: 0 is the command's name, for a subcommand 1 is the subcommand's. The objects that
 * `key`, `value` and their `other` twins return are reused by the next call of the same method.
 */
import { copyBytes, NIL } from "@sider/datastructures";
import {
  createInt64Scratch,
  int64ToBigInt,
  Key,
  lookupRead,
  lookupWrite,
  parseInt64,
  Slice,
  TYPE_STRING,
  typeOf,
} from "@sider/keyspace-engine";
import type { Database, Int64Scratch, Keyspace } from "@sider/keyspace-engine";
import { DIRECT_BYTES } from "@sider/resp-protocol";
import type { ReplyWriter, RequestBatch } from "@sider/resp-protocol";
import type { CommandBuffer } from "../propagation/command-buffer.ts";
import type { PropagatedWord } from "../propagation/index.ts";
import type { Server } from "../server.ts";
import { replyTimeout, WaitRequest } from "../session/blocking.ts";
import type { KeptRequest, TimeoutReply } from "../session/blocking.ts";
import type { Session } from "../session/session.ts";
import type { Transaction } from "../session/transaction.ts";
import { NOT_AN_INTEGER, WRONG_TYPE } from "./error-texts.ts";
import { joinArguments } from "./kept-request.ts";
import { readTimeoutSeconds } from "./timeout.ts";

const ASCII_A = 65;
const ASCII_Z = 90;
/** From here on the engine knows a quicker way out of the heap than the reply writer. */
const COPIED_BYTES_MINIMUM = 1024;

export class CommandContext {
  readonly server: Server;
  readonly keyspace: Keyspace;
  readonly reply: ReplyWriter;
  /** Set by `openBatch`, before any handler runs. */
  session!: Session;
  database: Database;
  /** Number of the command in the command table. */
  command = 0;
  /** Number of arguments, the name included. */
  count = 0;
  /** The first error of the command; the dispatcher replies with it. */
  error: string | null = null;
  /** Commands may not wait here: `waitForKeys` replies at once that the time is over. */
  neverWaits = false;
  /** What `waitForKeys` was asked for. */
  readonly wait = new WaitRequest();
  private isToWait = false;
  private readonly replacements = new Map<number, string>();
  private hasReplacements = false;

  private bytes: Uint8Array = new Uint8Array(0);
  private offsets: Int32Array = new Int32Array(0);
  private lengths: Int32Array = new Int32Array(0);
  private hashes: Int32Array = new Int32Array(0);
  private first = 0;
  private hashedFirst = 0;
  private hashedLast = 0;
  private hashedStep = 1;

  private readonly keyScratch = new Key();
  private readonly otherKeyScratch = new Key();
  private readonly valueScratch = new Slice();
  private readonly otherValueScratch = new Slice();
  private readonly integerScratch: Int64Scratch = createInt64Scratch();

  constructor(server: Server, reply: ReplyWriter) {
    this.server = server;
    this.keyspace = server.keyspace;
    this.reply = reply;
    this.database = server.keyspace.databases[0];
  }

  /** Points the context at a batch; `hashes` runs beside the batch's arguments. */
  openBatch(session: Session, batch: RequestBatch | KeptRequest | Transaction, hashes: Int32Array): void {
    this.session = session;
    this.database = this.keyspace.databases[session.databaseIndex];
    this.bytes = batch.bytes;
    this.offsets = batch.argumentOffsets;
    this.lengths = batch.argumentLengths;
    this.hashes = hashes;
  }

  /** Points the context at one command: its arguments, and which of them have been hashed (first > last: none). */
  openCommand(
    command: number,
    first: number,
    count: number,
    hashedFirst: number,
    hashedLast: number,
    step: number,
  ): void {
    this.command = command;
    this.first = first;
    this.count = count;
    this.hashedFirst = hashedFirst;
    this.hashedLast = hashedLast;
    this.hashedStep = step;
    this.error = null;
    if (this.hasReplacements) this.forgetReplacements();
  }

  /** Makes `error` ("ERR ...") the reply, unless there is one already. Handlers return after it. */
  refuse(error: string): void {
    this.error ??= error;
  }

  /** Argument `index` as a key. */
  key(index: number): Key {
    return this.pointKey(this.keyScratch, index);
  }

  /** As `key`, for commands that hold two keys at a time. */
  otherKey(index: number): Key {
    return this.pointKey(this.otherKeyScratch, index);
  }

  private pointKey(key: Key, index: number): Key {
    const at = this.first + index;
    const offset = this.offsets[at];
    const length = this.lengths[at];
    const hash = this.isHashed(index) ? this.hashes[at] : this.keyspace.hash(this.bytes, offset, length);
    return key.set(this.bytes, offset, length, hash);
  }

  private isHashed(index: number): boolean {
    if (index > this.hashedLast || index < this.hashedFirst) return false;
    return index === this.hashedFirst || this.hashedStep === 1 || (index - this.hashedFirst) % this.hashedStep === 0;
  }

  /** Argument `index` as bytes. */
  value(index: number): Slice {
    const at = this.first + index;
    return this.valueScratch.set(this.bytes, this.offsets[at], this.lengths[at]);
  }

  /** As `value`, for commands that hold two at a time. */
  otherValue(index: number): Slice {
    const at = this.first + index;
    return this.otherValueScratch.set(this.bytes, this.offsets[at], this.lengths[at]);
  }

  /** Length of argument `index` in bytes. */
  lengthOf(index: number): number {
    return this.lengths[this.first + index];
  }

  /** Argument `index` as Latin-1 text, one character a byte, or the beginning of it; slow paths. */
  text(index: number, maximumBytes = Infinity): string {
    const at = this.first + index;
    const start = this.offsets[at];
    const end = start + Math.min(maximumBytes, this.lengths[at]);
    let text = "";
    for (let position = start; position < end; position++) text += String.fromCharCode(this.bytes[position]);
    return text;
  }

  /** As `text`; undefined where there is no such argument. */
  textAt(index: number): string | undefined {
    return index >= 0 && index < this.count ? this.text(index) : undefined;
  }

  /** Whether argument `index` is `word` (given in lower case, ASCII) in any case. */
  is(index: number, word: string): boolean {
    const at = this.first + index;
    if (this.lengths[at] !== word.length) return false;
    const start = this.offsets[at];
    for (let position = 0; position < word.length; position++) {
      const byte = this.bytes[start + position];
      const lower = byte >= ASCII_A && byte <= ASCII_Z ? byte | 32 : byte;
      if (lower !== word.charCodeAt(position)) return false;
    }
    return true;
  }

  /** Puts argument `index` as a 64-bit integer into `out`; refuses and gives false when it is none. */
  int64(index: number, out: Int64Scratch, error = NOT_AN_INTEGER): boolean {
    const at = this.first + index;
    if (parseInt64(this.bytes, this.offsets[at], this.lengths[at], out)) return true;
    this.refuse(error);
    return false;
  }

  /**
   * Argument `index` as a number in [minimum, maximum]; refuses and gives 0 when it is not. Integers beyond 2^53 come rounded, which
   * serves for comparisons with bounds.
   */
  integer(index: number, minimum = -(2 ** 63), maximum = 2 ** 63, error = NOT_AN_INTEGER): number {
    const scratch = this.integerScratch;
    if (!this.int64(index, scratch, error)) return 0;
    const value = scratch.isSafe ? scratch.safe : scratch.high * 4294967296;
    if (value >= minimum && value <= maximum) return value;
    this.refuse(error);
    return 0;
  }

  /** The live string entry of argument `index` for reading, or NIL; refuses another type. */
  readString(index: number): number {
    return this.checkString(lookupRead(this.keyspace, this.database, this.key(index)));
  }

  /** As `readString`, for changing it. */
  writeString(key: Key): number {
    return this.checkString(lookupWrite(this.keyspace, this.database, key));
  }

  /** The live entry of argument `index` for reading if it is of `type` (TYPE_*), or NIL; refuses another type. */
  readTyped(index: number, type: number): number {
    return this.checkType(lookupRead(this.keyspace, this.database, this.key(index)), type);
  }

  /** As `readTyped`, for changing it. */
  writeTyped(key: Key, type: number): number {
    return this.checkType(lookupWrite(this.keyspace, this.database, key), type);
  }

  /** Refuses an entry of another type; gives the entry back, NIL when it was refused. */
  private checkType(entry: number, type: number): number {
    if (entry === NIL || typeOf(this.keyspace.heap, entry) === type) return entry;
    this.refuse(WRONG_TYPE);
    return NIL;
  }

  private checkString(entry: number): number {
    if (entry !== 0 && typeOf(this.keyspace.heap, entry) !== TYPE_STRING) this.refuse(WRONG_TYPE);
    return entry;
  }

  /**
   * Lets the session wait until one of the keys in arguments [firstKey, lastKey] holds a value of `type` (or, for streams, has changed
   * at all), or for `timeoutMs` (0: for ever), which ends with `timeoutReply`. The handler returns without a reply, and runs again from
   * its beginning when it is time. Where a command may not wait it gets the timeout's reply at once.
   */
  waitForKeys(firstKey: number, lastKey: number, type: number, timeoutMs: number, timeoutReply: TimeoutReply): void {
    if (this.neverWaits) return replyTimeout(this.reply, timeoutReply);
    const wait = this.wait;
    wait.firstKey = firstKey;
    wait.lastKey = lastKey;
    wait.type = type;
    wait.timeoutMs = timeoutMs;
    wait.timeoutReply = timeoutReply;
    this.isToWait = true;
    this.server.executor.waiting.needsAttention = true;
  }

  /**
   * Lets the session wait until what it has written is kept elsewhere, or for `timeoutMs` (0: for ever). The handler runs again from its
   * beginning whenever that may be so, and when the time is over; then, and where a command may not wait, `neverWaits` is set, and it
   * must reply.
   */
  waitForAcknowledgement(timeoutMs: number): void {
    this.waitForKeys(1, 0, 0, timeoutMs, "asked");
  }

  /**
   * Replaces an argument in what outlives the handler, Latin-1: in the request that `waitForKeys` keeps (what `$` meant when XREAD began
   * to wait), and in the one that is propagated (the id that `*` has become).
   */
  replaceArgument(index: number, text: string): void {
    this.replacements.set(index, text);
    this.hasReplacements = true;
  }

  private forgetReplacements(): void {
    this.replacements.clear();
    this.hasReplacements = false;
  }

  /** Whether the command has asked to wait, and will. */
  get isWaiting(): boolean {
    return this.isToWait && this.error === null;
  }

  /** Whether the command has asked to wait; asks once only. One that has failed does not wait. */
  takeWait(): boolean {
    const isToWait = this.isWaiting;
    this.isToWait = false;
    return isToWait;
  }

  /** A copy of the command's arguments, with those that `replaceArgument` replaced. */
  keepRequest(): KeptRequest {
    const { count, first, offsets, lengths, replacements } = this;
    const parts = Array.from({ length: count }, (_, index) => {
      const at = first + index;
      const text = replacements.get(index);
      if (text === undefined) return this.bytes.subarray(offsets[at], offsets[at] + lengths[at]);
      return Uint8Array.from(text, (character) => character.charCodeAt(0));
    });
    return joinArguments(parts);
  }

  /** Argument `index` as a timeout in seconds with a fraction, in milliseconds, 0 meaning for ever; refuses what is none. */
  timeoutMs(index: number): number {
    const at = this.first + index;
    const timeoutMs = readTimeoutSeconds(this.bytes, this.offsets[at], this.lengths[at], this.keyspace.nowMs);
    if (typeof timeoutMs === "number") return timeoutMs;
    this.refuse(timeoutMs);
    return 0;
  }

  /**
   * Whether the command comes from a log: it was checked when it ran first, and the deletion of keys whose time has come is a command of
   * its own there.
   */
  get isReplay(): boolean {
    return !this.keyspace.lazyExpiry;
  }

  /** Whether a key with this expiry goes at once (Unix milliseconds). */
  hasPassed(expiresAtMs: number): boolean {
    return expiresAtMs <= this.keyspace.nowMs && !this.isReplay;
  }

  /** Whether anybody is told of changes: handlers ask before they make words for `propagateAs` and its like. */
  get propagates(): boolean {
    return this.server.propagation !== null;
  }

  /**
   * Propagates another command than the one that runs; after the change. Where a command has become another one it may say so several
   * times: all are propagated, the request is not.
   */
  propagateAs(...words: readonly PropagatedWord[]): void {
    this.preventPropagation();
    this.propagateAlso(...words);
  }

  /** Propagates a command before the one that runs. */
  propagateAlso(...words: readonly PropagatedWord[]): void {
    this.server.propagation?.also(this.database.index, words);
  }

  /** The command that runs is not propagated, though it changes something. */
  preventPropagation(): void {
    this.server.propagation?.suppress();
  }

  /** The command that runs is propagated, though it may have changed nothing. */
  forcePropagation(): void {
    this.server.propagation?.force();
  }

  /** Appends the words of the request to the request that `buffer` has begun, with those that `replaceArgument` replaced. */
  writeRequest(buffer: CommandBuffer): void {
    if (this.hasReplacements) return this.writeReplaced(buffer);
    const { bytes, offsets, lengths, first, count } = this;
    if (buffer.run(bytes, offsets, lengths, first, count)) return;
    for (let at = first; at < first + count; at++) buffer.word(bytes, offsets[at], lengths[at]);
  }

  private writeReplaced(buffer: CommandBuffer): void {
    const { bytes, offsets, lengths, first } = this;
    for (let index = 0; index < this.count; index++) {
      const text = this.replacements.get(index);
      if (text === undefined) buffer.word(bytes, offsets[first + index], lengths[first + index]);
      else buffer.text(text);
    }
  }

  /** DEL, or UNLINK where the directive that speaks for `isLazy` is on: as what the deletion of a key is propagated. */
  propagateDeletion(isLazy: boolean): void {
    if (this.propagates) this.propagateAs(isLazy ? "UNLINK" : "DEL", this.key(1));
  }

  /** Queues the command. Gives false when the transaction is too large. */
  queueIn(transaction: Transaction): boolean {
    const flags = this.server.table.flags[this.command];
    return transaction.add(this.command, flags, this.bytes, this.offsets, this.lengths, this.first, this.count);
  }

  /** Replies with a 64-bit integer. */
  replyInt64(value: Int64Scratch): void {
    if (value.isSafe) this.reply.integer(value.safe);
    else this.reply.integerBig(int64ToBigInt(value.high, value.low));
  }

  /** Replies with a run of bytes, mostly of the heap, as a bulk string. */
  replyBulk(value: Slice): void {
    const length = value.length;
    if (length < COPIED_BYTES_MINIMUM || length >= DIRECT_BYTES) {
      this.reply.bulk(value.bytes, value.offset, length);
      return;
    }
    const at = this.reply.openBulk(length);
    copyBytes(this.reply.bytes, at, value.bytes, value.offset, length);
  }
}
