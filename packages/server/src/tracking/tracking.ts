/**
 * Client-side caching: sessions are told of changes of keys that they may keep copies of. Those that they have read (`TrackedKeys`), or
 * with BCAST all that begin with a prefix (`Prefixes`, told at the end of the turn).
 *
 * It hears of changes as one of the keyspace's watchers, and only while anybody tracks; of reads by GATE_TRACKING of the session.
 */
import { extractKeys, hasKeys } from "@sider/command-spec";
import type { Database, Key, KeyWatch } from "@sider/keyspace-engine";
import type { CommandContext } from "../dispatch/command-context.ts";
import { FLAG_PUBSUB, FLAG_READONLY } from "../dispatch/command-table.ts";
import type { Server } from "../server.ts";
import { GATE_TRACKING } from "../session/session.ts";
import type { Session } from "../session/session.ts";
import { isChangeOfValue } from "../session/watched-keys.ts";
import { BrokenRedirection, Invalidation } from "./invalidation.ts";
import { Prefixes } from "./prefixes.ts";
import type { Prefix } from "./prefixes.ts";
import { nameOfKey, TrackedKeys } from "./tracked-keys.ts";
import type { TrackedKey } from "./tracked-keys.ts";
import { Tracker } from "./tracker.ts";

/** The options of CLIENT TRACKING ON. */
export interface TrackingOptions {
  redirectId: number;
  isBroadcast: boolean;
  optsIn: boolean;
  optsOut: boolean;
  skipsOwn: boolean;
  prefixes: string[];
}

export class Tracking implements KeyWatch {
  readonly keys = new TrackedKeys();
  readonly prefixes = new Prefixes();
  /** Sessions that track. */
  clientCount = 0;
  private readonly server: Server;
  private isWatching = false;
  /** Keys that may be tracked; 0: no limit. */
  private maximumKeys = 0;
  private readonly invalidation = new Invalidation();
  private readonly brokenRedirection = new BrokenRedirection();

  constructor(server: Server) {
    this.server = server;
    server.pushes.beforeFlush = () => this.broadcast();
  }

  /** CLIENT TRACKING ON: with other options from now on; prefixes are added to those it has. */
  start(session: Session, options: TrackingOptions): void {
    const tracker = (session.tracker ??= new Tracker(session));
    if (!tracker.isOn) this.clientCount++;
    tracker.isOn = true;
    tracker.isRedirectBroken = false;
    tracker.redirectId = options.redirectId;
    tracker.isBroadcast = options.isBroadcast;
    tracker.optsIn = options.optsIn;
    tracker.optsOut = options.optsOut;
    tracker.skipsOwn = options.skipsOwn;
    const prefixes = options.isBroadcast && options.prefixes.length === 0 ? [""] : options.prefixes;
    for (const prefix of prefixes) if (!tracker.prefixes.includes(prefix)) this.prefixes.join(tracker, prefix);
    session.gates = options.isBroadcast ? session.gates & ~GATE_TRACKING : session.gates | GATE_TRACKING;
    this.connect();
  }

  /** CLIENT TRACKING OFF. */
  stop(session: Session): void {
    const { tracker } = session;
    if (tracker === null || !tracker.isOn) return;
    this.clientCount--;
    this.prefixes.leave(tracker);
    tracker.isOn = false;
    tracker.isBroadcast = tracker.optsIn = tracker.optsOut = tracker.skipsOwn = false;
    tracker.hasAnswered = tracker.isRedirectBroken = false;
    session.gates &= ~GATE_TRACKING;
    this.connect();
  }

  /** The session is over. */
  forget(session: Session): void {
    this.stop(session);
    if (session.tracker !== null) session.tracker.session = null;
  }

  /** Hears of changes while there is anything to tell. */
  private connect(): void {
    const isNeeded = this.clientCount > 0 || this.keys.size > 0;
    if (isNeeded === this.isWatching) return;
    this.isWatching = isNeeded;
    if (isNeeded) this.server.keyWatchers.add(this);
    else this.server.keyWatchers.remove(this);
  }

  /** tracking-table-max-keys. */
  setMaximum(keys: number): void {
    this.maximumKeys = keys;
    this.shrink();
  }

  /** After a command of a session that tracks: remembers what it has read. */
  commandDone(context: CommandContext): void {
    const { session } = context;
    const { tracker } = session;
    if (tracker === null) return;
    const { commands, flags } = this.server.table;
    const isReader = (flags[context.command] & (FLAG_READONLY | FLAG_PUBSUB)) === FLAG_READONLY;
    if (isReader && tracker.remembers) this.remember(context, tracker);
    if (session.transaction === null && commands[context.command].container?.name !== "client")
      tracker.hasAnswered = false;
  }

  private remember(context: CommandContext, tracker: Tracker): void {
    const command = this.server.table.commands[context.command];
    if (!hasKeys(command)) return;
    const source = { length: context.count, at: (index: number) => context.textAt(index) };
    for (const { position } of extractKeys(command, source)) this.keys.add(context.key(position), tracker);
    this.shrink();
  }

  /** Forgets the oldest keys beyond the limit: who has read them is told that they have changed. */
  private shrink(): void {
    if (this.maximumKeys === 0) return;
    while (this.keys.size > this.maximumKeys) {
      const tracked = this.keys.takeOldest();
      if (tracked !== null) this.invalidate(tracked, null);
    }
  }

  keyChanged(_database: Database, key: Key, eventClass: string, event: string): void {
    if (!isChangeOfValue(eventClass, event)) return;
    if (this.prefixes.size > 0) {
      const isOwn = eventClass !== "x" && eventClass !== "e";
      if (this.prefixes.note(nameOfKey(key), isOwn ? this.current : null)) this.server.pushes.schedule();
    }
    const tracked = this.keys.take(key);
    if (tracked !== null) this.invalidate(tracked, this.current);
  }

  databaseChanging(): void {
    // FLUSHALL and its like say `flushed`; SWAPDB tells nobody, as in Redis
  }

  databaseChanged(): void {
    // as above
  }

  /** Whose command is being executed. */
  private get current(): Session | null {
    const { executor } = this.server;
    return executor.waiting.session ?? executor.session;
  }

  /** Tells all who have read a key, except its author where that one does not want to know. */
  private invalidate(tracked: TrackedKey, author: Session | null): void {
    const broken: Tracker[] = [];
    this.server.pushes.begin(this.invalidation.ofKeys([tracked.name]));
    tracked.forEach((tracker) => {
      if (!tracker.isOn || tracker.isBroadcast || (tracker.skipsOwn && tracker.session === author)) return;
      this.tell(tracker, broken);
    });
    for (const tracker of broken) this.tellBroken(tracker);
  }

  /** Sends the message that was begun to who listens for a session that tracks. */
  private tell(tracker: Tracker, broken: Tracker[]): void {
    const { session, redirectId } = tracker;
    if (session === null) return;
    const target = redirectId === 0 ? session : this.server.sessions.get(redirectId);
    if (target === undefined || target.closing) {
      tracker.isRedirectBroken = true;
      broken.push(tracker);
    } else if (target.protocol === 3 || (redirectId !== 0 && target.isSubscriber)) this.server.pushes.send(target);
  }

  private tellBroken({ session, redirectId }: Tracker): void {
    if (session === null || session.protocol === 2) return;
    this.server.pushes.begin(this.brokenRedirection.to(redirectId));
    this.server.pushes.send(session);
  }

  /** Databases have been emptied: everybody's copies of everything are of no use. */
  flushed(): void {
    if (!this.isWatching) return;
    const broken: Tracker[] = [];
    for (const { tracker, protocol } of this.server.sessions.values()) {
      if (tracker === null || !tracker.isOn) continue;
      this.server.pushes.begin(this.invalidation.ofAll(protocol));
      this.tell(tracker, broken);
    }
    for (const tracker of broken) this.tellBroken(tracker);
    this.keys.clear();
    this.connect();
  }

  /** Tells of keys with prefixes: at the end of the turn. */
  private broadcast(): void {
    if (this.prefixes.size === 0) return;
    for (const prefix of this.prefixes.withChanges()) this.broadcastPrefix(prefix);
  }

  private broadcastPrefix(prefix: Prefix): void {
    const changes = prefix.take();
    const names = changes.map(([name]) => name);
    const broken: Tracker[] = [];
    const trackers = [...prefix.trackers];
    this.server.pushes.begin(this.invalidation.ofKeys(names));
    for (const tracker of trackers) if (!tracker.skipsOwn) this.tell(tracker, broken);
    for (const tracker of trackers.filter(({ skipsOwn }) => skipsOwn)) {
      const others = changes.filter(([, author]) => author !== tracker.session).map(([name]) => name);
      if (others.length === 0) continue;
      this.server.pushes.begin(this.invalidation.ofKeys(others));
      this.tell(tracker, broken);
    }
    for (const tracker of broken) this.tellBroken(tracker);
  }
}
