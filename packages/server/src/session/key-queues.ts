/**
 * Who waits for which key, in order of arrival.
 *
 *   queues   key -> KeyQueue
 *                      |
 *                   Place <-> Place <-> Place      one per waiter; linked, so that any of them leaves in O(1)
 *
 * Nothing here runs a command: a change of a key puts its queue on the list of those that are ready, and who reads that list serves it.
 */
import type { Database, Key, KeyWatch } from "@sider/keyspace-engine";
import type { Waiter } from "./blocking.ts";
import { KeyMap, KeyNode } from "./key-map.ts";
import type { KeyWatchers } from "./key-watchers.ts";

/** The type of a key that is not there. */
export const NO_VALUE = -1;
/** One count per TYPE_*. */
const TYPE_COUNT = 8;
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
export class KeyQueue extends KeyNode {
  first: Place | null = null;
  last: Place | null = null;
  /** On the list of ready queues. */
  isReady = false;
  /** How many wait for each type, and how many run again whatever the key holds. */
  private readonly waiting = new Int32Array(TYPE_COUNT);
  waitingWhenGone = 0;

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
  private readonly watchers: KeyWatchers;
  private readonly queues = new KeyMap<KeyQueue>();
  private ready: KeyQueue[] = [];
  private readyTaken = 0;

  constructor(watchers: KeyWatchers) {
    this.watchers = watchers;
  }

  /** Keys that are waited for. */
  get keyCount(): number {
    return this.queues.size;
  }

  /** Puts a waiter at the end of a key's queue, once. The key is copied. */
  join(waiter: Waiter, database: Database, key: Key): void {
    const queue = this.queues.find(database, key) ?? this.open(database, key);
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
    this.queues.forEach((queue) => {
      if (queue.waitingWhenGone > 0) count++;
    });
    return count;
  }

  keyChanged(database: Database, key: Key, eventClass: string, event: string): void {
    if (eventClass === "t" && event !== "xadd" && event !== "xgroup-destroy") return; // fills no stream, ends no group
    const queue = this.queues.find(database, key);
    if (queue !== null) this.setReady(queue);
  }

  databaseChanging(): void {
    // what counts is what is there afterwards
  }

  databaseChanged(database: Database): void {
    this.queues.forEach((queue) => {
      if (queue.database === database) this.setReady(queue);
    });
  }

  private setReady(queue: KeyQueue): void {
    if (queue.isReady) return;
    queue.isReady = true;
    this.ready.push(queue);
    this.onReady();
  }

  private open(database: Database, key: Key): KeyQueue {
    const queue = this.queues.add(new KeyQueue(database, key));
    if (this.queues.size === 1) this.watchers.add(this);
    return queue;
  }

  private close(queue: KeyQueue): void {
    this.queues.remove(queue);
    if (this.queues.size === 0) this.watchers.remove(this);
  }
}
