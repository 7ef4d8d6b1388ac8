/**
 * Who waits for which key, in order of arrival.
 *
 *   queues   hash -> KeyQueue -> KeyQueue (same hash, other key or database)
 *                       |
 *                    Place <-> Place <-> Place      one per waiter; linked, so that any of them leaves in O(1)
 *
 * Nothing here runs a command: a change of a key puts its queue on the list of those that are ready, and who reads that list serves it.
 */
import { Key } from "@sider/keyspace-engine";
import type { Database, Keyspace, KeyWatch } from "@sider/keyspace-engine";
import type { Waiter } from "./blocking.ts";

/** The type of a key that is not there. */
export const NO_VALUE = -1;
/** One count per TYPE_*. */
const TYPE_COUNT = 8;
/** Spreads databases over the hash. */
const DATABASE_FACTOR = 0x9e3779b1 | 0;

/** A waiter in the queue of one of its keys. */
export class Place {
  readonly waiter: Waiter;
  readonly queue: KeyQueue;
  previous: Place | null = null;
  next: Place | null = null;

  constructor(waiter: Waiter, queue: KeyQueue) {
    this.waiter = waiter;
    this.queue = queue;
  }
}

/** All that wait for one key. */
export class KeyQueue {
  readonly database: Database;
  readonly key: Key;
  first: Place | null = null;
  last: Place | null = null;
  /** On the list of ready queues. */
  isReady = false;
  /** Next queue of the same hash. */
  sameHash: KeyQueue | null = null;
  /** How many wait for each type, and how many run again whatever the key holds. */
  private readonly waiting = new Int32Array(TYPE_COUNT);
  waitingWhenGone = 0;

  /** `key` must be the queue's own. */
  constructor(database: Database, key: Key) {
    this.database = database;
    this.key = key;
  }

  /** Whether a value of `type`, or NO_VALUE, may serve anybody. */
  isServedBy(type: number): boolean {
    return this.waitingWhenGone > 0 || (type !== NO_VALUE && this.waiting[type] > 0);
  }

  append(place: Place): void {
    place.previous = this.last;
    if (this.last === null) this.first = place;
    else this.last.next = place;
    this.last = place;
    this.count(place.waiter, 1);
  }

  /** The place keeps its own links, so that a walk that stands on it finds on. */
  remove(place: Place): void {
    if (place.previous === null) this.first = place.next;
    else place.previous.next = place.next;
    if (place.next === null) this.last = place.previous;
    else place.next.previous = place.previous;
    this.count(place.waiter, -1);
  }

  private count(waiter: Waiter, difference: number): void {
    this.waiting[waiter.type] += difference;
    if (waiter.wakesWhenGone) this.waitingWhenGone += difference;
  }
}

/** The queues of a server. It watches the keyspace while there are any. */
export class KeyQueues implements KeyWatch {
  /** Called when a queue becomes ready. */
  onReady: () => void = () => undefined;
  /** Keys that are waited for. */
  keyCount = 0;
  private readonly keyspace: Keyspace;
  private readonly byHash = new Map<number, KeyQueue>();
  private ready: KeyQueue[] = [];
  private readyTaken = 0;

  constructor(keyspace: Keyspace) {
    this.keyspace = keyspace;
  }

  /** Puts a waiter at the end of a key's queue, once. The key is copied. */
  join(waiter: Waiter, database: Database, key: Key): void {
    const queue = this.find(database, key) ?? this.open(database, key);
    if (queue.last?.waiter === waiter) return;
    const place = new Place(waiter, queue);
    queue.append(place);
    waiter.places.push(place);
  }

  /** Takes a waiter out of all its queues. O(its keys). */
  leave(waiter: Waiter): void {
    for (const place of waiter.places) {
      place.queue.remove(place);
      if (place.queue.first === null) this.close(place.queue);
    }
    waiter.places.length = 0;
  }

  /** The queue that has been ready for the longest time, which is so no more; null when there is none. */
  takeReady(): KeyQueue | null {
    if (this.readyTaken === this.ready.length) {
      this.ready.length = 0;
      this.readyTaken = 0;
      return null;
    }
    const queue = this.ready[this.readyTaken++];
    queue.isReady = false;
    return queue;
  }

  get hasReady(): boolean {
    return this.readyTaken < this.ready.length;
  }

  /** Keys whose deletion is waited for. O(keys). */
  countWaitedWhenGone(): number {
    let count = 0;
    for (const head of this.byHash.values()) {
      for (let queue: KeyQueue | null = head; queue !== null; queue = queue.sameHash) {
        if (queue.waitingWhenGone > 0) count++;
      }
    }
    return count;
  }

  keyChanged(database: Database, key: Key, eventClass: string, event: string): void {
    if (eventClass === "t" && event !== "xadd" && event !== "xgroup-destroy") return; // fills no stream, ends no group
    const queue = this.find(database, key);
    if (queue !== null) this.setReady(queue);
  }

  databaseChanged(database: Database): void {
    for (const head of this.byHash.values()) {
      for (let queue: KeyQueue | null = head; queue !== null; queue = queue.sameHash) {
        if (queue.database === database) this.setReady(queue);
      }
    }
  }

  private setReady(queue: KeyQueue): void {
    if (queue.isReady) return;
    queue.isReady = true;
    this.ready.push(queue);
    this.onReady();
  }

  private find(database: Database, key: Key): KeyQueue | null {
    let queue = this.byHash.get(slotOf(database, key)) ?? null;
    while (queue !== null && !(queue.database === database && sameKey(queue.key, key))) queue = queue.sameHash;
    return queue;
  }

  private open(database: Database, key: Key): KeyQueue {
    const bytes = key.bytes.slice(key.offset, key.offset + key.length);
    const queue = new KeyQueue(database, new Key().set(bytes, 0, key.length, key.hash));
    const slot = slotOf(database, key);
    queue.sameHash = this.byHash.get(slot) ?? null;
    this.byHash.set(slot, queue);
    this.keyCount++;
    this.keyspace.watch = this;
    return queue;
  }

  private close(queue: KeyQueue): void {
    const slot = slotOf(queue.database, queue.key);
    const head = this.byHash.get(slot) ?? null;
    if (head !== queue) {
      let before = head;
      while (before !== null && before.sameHash !== queue) before = before.sameHash;
      if (before !== null) before.sameHash = queue.sameHash;
    } else if (queue.sameHash === null) this.byHash.delete(slot);
    else this.byHash.set(slot, queue.sameHash);
    this.keyCount--;
    if (this.keyCount === 0) this.keyspace.watch = null;
  }
}

function slotOf(database: Database, key: Key): number {
  return key.hash ^ Math.imul(database.index, DATABASE_FACTOR);
}

function sameKey(one: Key, other: Key): boolean {
  if (one.hash !== other.hash || one.length !== other.length) return false;
  for (let at = 0; at < one.length; at++) {
    if (one.bytes[one.offset + at] !== other.bytes[other.offset + at]) return false;
  }
  return true;
}
