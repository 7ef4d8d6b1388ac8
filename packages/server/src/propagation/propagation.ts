/**
 * Tells feeds what changes the data: `server.propagation`, null while there is no feed.
 *
 *   executor.call   enter() ----- handler ----- leave()        a command; those that EXEC calls are inside of it
 *   in between      expired keys, propagateAs, propagateAlso   -> commands of the unit, in this order
 *   leave           the request itself, if it changed anything and the handler did not say otherwise
 *   outermost leave one command goes to the feeds as it is, several in MULTI and EXEC
 *
 * What happens outside of commands (the expiry cycle) goes to the feeds at once, each command alone.
 */
import type { Database, Key, Keyspace } from "@sider/keyspace-engine";
import type { CommandContext } from "../dispatch/command-context.ts";
import { FLAG_TOUCHES_ARBITRARY_KEYS } from "../dispatch/command-table.ts";
import type { Server } from "../server.ts";
import { CommandBuffer, HEAD } from "./command-buffer.ts";
import { ANY_DATABASE } from "./feed.ts";
import type { PropagationFeed } from "./feed.ts";

/** A word of a command that a handler names: Latin-1 text, an integer, or bytes (a slice or key, used before the call returns). */
export type PropagatedWord = string | number | bigint | Readonly<{ bytes: Uint8Array; offset: number; length: number }>;

/** What the handler of the command that runs has said. */
const SUPPRESSED = 1;
const FORCED = 2;

/** The buffer is handed on in the middle of a unit when a run of one database ends; most units have one run. */
interface Run {
  readonly databaseIndex: number;
  readonly start: number;
}

export class Propagation {
  readonly feeds: PropagationFeed[] = [];
  private readonly keyspace: Keyspace;
  private readonly flags: Int32Array;
  private readonly buffer = new CommandBuffer();
  /** Commands that run inside of each other. */
  private depth = 0;
  private mode = 0;
  /** Commands in the buffer. */
  private count = 0;
  /** The database of the last command in the buffer, where its run begins, and the runs before it. */
  private databaseIndex = 0;
  private runStart = HEAD;
  private readonly earlierRuns: Run[] = [];

  constructor(server: Server) {
    this.keyspace = server.keyspace;
    this.flags = server.table.flags;
  }

  /** A command begins. Gives what `leave` must be given: the state of the command around it. */
  enter(): number {
    const outer = this.mode;
    this.mode = 0;
    this.depth++;
    return outer;
  }

  /**
   * The command with the number `command` is done; `dirtyBefore` is what `keyspace.dirty` was when it began. The context must still be
   * at its request, unless `suppress` was called.
   */
  leave(context: CommandContext, command: number, dirtyBefore: number, outer: number): void {
    const mode = this.mode;
    this.mode = outer;
    if ((mode & SUPPRESSED) === 0 && (this.keyspace.dirty > dirtyBefore || (mode & FORCED) !== 0)) {
      this.begin(context.database.index, context.count);
      context.writeRequest(this.buffer);
    }
    if (--this.depth === 0 && this.count > 0) this.hand((this.flags[command] & FLAG_TOUCHES_ARBITRARY_KEYS) === 0);
  }

  /** Nothing of the request that runs is propagated, except what its handler says. */
  suppress(): void {
    this.mode |= SUPPRESSED;
  }

  /** The request that runs is propagated though it has changed nothing. */
  force(): void {
    this.mode |= FORCED;
  }

  /** A command of the unit. */
  also(databaseIndex: number, words: readonly PropagatedWord[]): void {
    this.begin(databaseIndex, words.length);
    for (const word of words) this.word(word);
    if (this.depth === 0) this.hand(false);
  }

  /** A key is gone because its time had come, or memory ran short. */
  keyRemoved(database: Database, key: Key, isLazy: boolean): void {
    this.begin(database.index, 2);
    this.buffer.text(isLazy ? "UNLINK" : "DEL");
    this.buffer.word(key.bytes, key.offset, key.length);
    if (this.depth === 0) this.hand(false);
  }

  /** Begins a command of the unit whose `wordCount` words follow (`word`); while a command runs. */
  begin(databaseIndex: number, wordCount: number): void {
    if (this.count === 0) this.databaseIndex = databaseIndex;
    else if (databaseIndex !== this.databaseIndex) {
      this.earlierRuns.push({ databaseIndex: this.databaseIndex, start: this.runStart });
      this.databaseIndex = databaseIndex;
      this.runStart = this.buffer.length;
    }
    this.count++;
    this.buffer.header(wordCount);
  }

  /** The next word of the command that `begin` has begun. */
  word(word: PropagatedWord): void {
    if (typeof word === "object") this.buffer.word(word.bytes, word.offset, word.length);
    else this.buffer.text(String(word));
  }

  /** The unit is complete: gives it to the feeds. */
  private hand(isAtomic: boolean): void {
    const { buffer } = this;
    const isTransaction = isAtomic && this.count > 1;
    if (isTransaction) buffer.exec();
    if (isTransaction) this.append(ANY_DATABASE, 0, HEAD);
    if (this.earlierRuns.length === 0) this.append(this.databaseIndex, HEAD, buffer.length);
    else this.handRuns();
    this.count = 0;
    this.runStart = HEAD;
    buffer.clear();
  }

  private handRuns(): void {
    const runs = [...this.earlierRuns, { databaseIndex: this.databaseIndex, start: this.runStart }];
    this.earlierRuns.length = 0;
    runs.forEach((run, index) => {
      const end = index + 1 < runs.length ? runs[index + 1].start : this.buffer.length;
      this.append(run.databaseIndex, run.start, end);
    });
  }

  private append(databaseIndex: number, start: number, end: number): void {
    const { feeds, buffer } = this;
    for (let index = 0; index < feeds.length; index++) feeds[index].append(databaseIndex, buffer.bytes, start, end);
  }
}

/** From now on a feed is told of each change. In the middle of a transaction: of those that follow. */
export function addFeed(server: Server, feed: PropagationFeed): void {
  const propagation = server.propagation ?? new Propagation(server);
  propagation.feeds.push(feed);
  server.propagation = propagation;
  server.keyspace.onUnaskedRemoval = (database, key, isLazy) => propagation.keyRemoved(database, key, isLazy);
}

/** From now on a feed is told of nothing. */
export function removeFeed(server: Server, feed: PropagationFeed): void {
  const { propagation } = server;
  if (propagation === null) return;
  const at = propagation.feeds.indexOf(feed);
  if (at >= 0) propagation.feeds.splice(at, 1);
  if (propagation.feeds.length > 0) return;
  server.propagation = null;
  server.keyspace.onUnaskedRemoval = null;
}
