/**
 * The databases of one store, and what all of them share: memory, clock, randomness, hash key, statistics, observer.
 *
 * Every change of a key goes through `lookup.ts` (find it for writing), `store.ts` (put, replace, delete) and
 * `changed()` below: the one choke point that snapshots, notifications, tracking and propagation observe.
 */
import { createHashTable, halfSipHash, hashTableCount, NIL } from "@sider/datastructures";
import type { Heap } from "@sider/datastructures";
import { secretRandom, systemClock, systemRandom } from "../clock.ts";
import type { Clock, Random } from "../clock.ts";
import { OutOfMemoryError } from "../errors.ts";
import type { Key } from "../slice.ts";
import { EncodingLimits } from "./encoding-limits.ts";
import { LazyFreeQueue } from "./lazy-free.ts";
import type { SnapshotHook } from "./snapshot-hook.ts";

/** Sees each change of a key, and nothing else does. */
export interface KeyspaceObserver {
  /** A key has changed. `event` is the name in keyspace notifications ("set", "del", "expired" ...). */
  changed(database: Database, key: Key, eventClass: string, event: string): void;
}

/** Sees that keys may have come or gone, while somebody waits for keys (`Keyspace.watch`). */
export interface KeyWatch {
  /** A key has changed: set, filled, emptied, deleted, expired. The value is as it is now. */
  keyChanged(database: Database, key: Key, eventClass: string, event: string): void;
  /** The database is about to lose all its keys, for those of `replacement` if there is one. They are still there. */
  databaseChanging(database: Database, replacement: Database | null): void;
  /** Any key of the database may have: it was emptied, exchanged or loaded. */
  databaseChanged(database: Database): void;
}

/** Why a key goes: the name of its event too. */
export type RemovalReason = "expired" | "evicted";

/** Wants to know how long it took to delete each of these keys and to free its value. */
export interface RemovalWatch {
  /** A clock that only goes forward, in milliseconds. */
  readonly steadyMs: () => number;
  removed(reason: RemovalReason, elapsedMs: number): void;
}

/** One numbered database: a table of all entries and a table of those with an expiry. Both hold the same refs. */
export class Database {
  readonly index: number;
  entries: number;
  expires: number;
  /** Where the active expiry cycle goes on. */
  expireCursor = 0;
  /** Running average of the time to live that INFO shows, in milliseconds. */
  averageTtlMs = 0;

  constructor(index: number, entries: number, expires: number) {
    this.index = index;
    this.entries = entries;
    this.expires = expires;
  }
}

/** Where the active expiry cycle stands, and what INFO says of it. */
export class ExpiryCycleState {
  nextDatabase = 0;
  ranOutOfTime = false;
  /** Times that a cycle ran out of time. */
  timeCapReached = 0;
  /** Estimate of the share of expiring keys that are due and not yet deleted, in percent. */
  stalePercent = 0;
  spentMs = 0;
}

export interface KeyspaceOptions {
  heap: Heap;
  databaseCount?: number;
  clock?: Clock;
  random?: Random;
}

/** A store: its databases and their shared state. */
export class Keyspace {
  readonly heap: Heap;
  readonly databases: Database[] = [];
  readonly clock: Clock;
  readonly random: Random;
  readonly hashKey0: number;
  readonly hashKey1: number;
  observer: KeyspaceObserver | null = null;
  /** Told of each key that a reader looked for and that is not there. Null while nobody wants to know; must only note it. */
  onMissed: ((database: Database, key: Key) => void) | null = null;
  /** Told of each key that has come where none was, before the event of the change. Null while nobody wants to know; must only note it. */
  onAdded: ((database: Database, key: Key) => void) | null = null;
  /** Null while no snapshot is being taken. */
  snapshot: SnapshotHook | null = null;
  /** Null while nobody waits for a key. It must only note what it is told. */
  watch: KeyWatch | null = null;

  /**
   * Told of each key that is gone though no command asked for that: its time had come, or memory ran short. `isLazy`: its value may be
   * freed later. Null while nobody wants to know; must only note it.
   */
  onUnaskedRemoval: ((database: Database, key: Key, isLazy: boolean) => void) | null = null;
  /** Told how long such deletions take. Null while nobody wants to know: then nothing is measured. */
  removalWatch: RemovalWatch | null = null;

  /** The time that commands see, Unix milliseconds; moved on by `updateClock` once a batch. */
  nowMs = NaN;
  /** 24 bits of seconds that lookups write into entries (the LRU clock). */
  accessClock = 0;
  /** 16 bits of minutes, beside the counter of accesses under LFU policies. */
  accessMinutes = 0;
  /** Entries note how often they are used, not when (LFU policies; see access.ts). */
  tracksFrequency = false;
  /** How slowly the counter of accesses grows (directive lfu-log-factor), and falls (lfu-decay-time; 0: never). */
  frequencyLogFactor = 10;
  frequencyDecayMinutes = 1;
  /** Whether a lookup notes the access; off while a client that asked for that (CLIENT NO-TOUCH) is served. */
  touchesOnLookup = true;
  /** Keys due are hidden, and deleted when met, unless this is off (DEBUG, loading). */
  lazyExpiry = true;
  /** Keys due are hidden, but not deleted when met: while writes are paused, for commands that only read. */
  keepsExpired = false;
  /** The active expiry cycle runs, unless this is off (DEBUG SET-ACTIVE-EXPIRE 0). */
  activeExpiry = true;
  readonly expiryCycle = new ExpiryCycleState();
  readonly limits = new EncodingLimits();
  /** Large values that nobody can see any more. */
  readonly lazyFree: LazyFreeQueue;

  /** Changes since the last save. */
  dirty = 0;
  hits = 0;
  misses = 0;
  expiredKeys = 0;
  evictedKeys = 0;

  constructor(options: KeyspaceOptions) {
    this.heap = options.heap;
    this.lazyFree = new LazyFreeQueue(options.heap);
    this.clock = options.clock ?? systemClock;
    this.random = options.random ?? systemRandom;
    const secret = options.random ?? secretRandom;
    this.hashKey0 = (secret(0x10000) << 16) | secret(0x10000);
    this.hashKey1 = (secret(0x10000) << 16) | secret(0x10000);
    this.updateClock();
    for (let index = 0; index < (options.databaseCount ?? 16); index++) {
      this.databases.push(new Database(index, this.createTable(), this.createTable()));
    }
  }

  /** An empty table under this keyspace's hash key. */
  createTable(): number {
    const table = createHashTable(this.heap, this.hashKey0, this.hashKey1);
    if (table === NIL) throw new OutOfMemoryError();
    return table;
  }

  /** Reads the clock; commands between two calls see one time. */
  updateClock(): void {
    const nowMs = this.clock.nowMs();
    if (nowMs === this.nowMs) return; // hundreds of times in a millisecond, where requests come one by one
    this.nowMs = nowMs;
    this.accessClock = Math.floor(this.nowMs / 1000) & 0xffffff;
    this.accessMinutes = Math.floor(this.nowMs / 60_000) & 0xffff;
  }

  /** The hash of a key's bytes. */
  hash(bytes: Uint8Array, offset: number, length: number): number {
    return halfSipHash(bytes, offset, length, this.hashKey0, this.hashKey1);
  }

  /** Says that a key has changed: counts it and tells the observer. Call it after the change, once per key. */
  changed(database: Database, key: Key, eventClass: string, event: string): void {
    this.dirty++;
    this.announce(database, key, eventClass, event);
  }

  /** Tells the observer of a change without counting it: an expiry, or a second event of one change. */
  announce(database: Database, key: Key, eventClass: string, event: string): void {
    if (this.watch !== null) this.watch.keyChanged(database, key, eventClass, event);
    if (this.observer !== null) this.observer.changed(database, key, eventClass, event);
  }

  /** Tells that a key has taken the place of another of its name, where Redis deletes that one and adds the key anew. */
  announceAdded(database: Database, key: Key): void {
    if (this.onAdded !== null) this.onAdded(database, key);
  }

  /** Number of keys in a database. */
  count(database: Database): number {
    return hashTableCount(this.heap, database.entries);
  }

  /** Number of keys with an expiry in a database. */
  expiresCount(database: Database): number {
    return hashTableCount(this.heap, database.expires);
  }
}
