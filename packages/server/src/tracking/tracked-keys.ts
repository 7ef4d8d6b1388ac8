/**
 * Which sessions have read which keys, in whatever database, since the key last changed.
 *
 *   hash -> TrackedKey -> TrackedKey (same hash)         name, audience: one tracker, or a set of them
 *
 * A lookup allocates nothing: every change of a key comes by here while anybody tracks.
 */
import type { Key } from "@sider/keyspace-engine";
import { link, unlink } from "../session/hash-chains.ts";
import type { Tracker } from "./tracker.ts";

/** One key that was read, and by whom. */
export class TrackedKey {
  /** Latin-1. */
  readonly name: string;
  readonly hash: number;
  sameHash: TrackedKey | null = null;
  /** A set only where it is needed: mostly one session has read a key. */
  private one: Tracker | null;
  private several: Set<Tracker> | null = null;

  constructor(key: Key, tracker: Tracker) {
    this.name = nameOfKey(key);
    this.hash = key.hash;
    this.one = tracker;
  }

  /** How many sessions have read it. */
  get count(): number {
    return this.several === null ? 1 : this.several.size;
  }

  add(tracker: Tracker): void {
    if (this.several !== null) this.several.add(tracker);
    else if (this.one === null || this.one.session === null) this.one = tracker;
    else if (this.one !== tracker) {
      this.several = new Set([this.one, tracker]);
      this.one = null;
    }
  }

  forEach(visit: (tracker: Tracker) => void): void {
    if (this.one !== null) visit(this.one);
    else this.several?.forEach(visit);
  }
}

export class TrackedKeys {
  size = 0;
  /** Keys times sessions. */
  items = 0;
  private readonly byHash = new Map<number, TrackedKey>();

  /** Notes that a session has read a key. */
  add(key: Key, tracker: Tracker): void {
    const known = this.find(key);
    if (known === null) return this.open(key, tracker);
    const before = known.count;
    known.add(tracker);
    this.items += known.count - before;
  }

  /** Takes a key out that has changed; null when nobody has read it. O(length). */
  take(key: Key): TrackedKey | null {
    if (this.size === 0) return null;
    const found = this.find(key);
    if (found !== null) this.remove(found);
    return found;
  }

  /** Takes one out that has been there for long; null when there is none. */
  takeOldest(): TrackedKey | null {
    const oldest = this.byHash.values().next().value ?? null;
    if (oldest !== null) this.remove(oldest);
    return oldest;
  }

  clear(): void {
    this.byHash.clear();
    this.size = 0;
    this.items = 0;
  }

  private find(key: Key): TrackedKey | null {
    let tracked = this.byHash.get(key.hash) ?? null;
    while (tracked !== null && !hasName(tracked.name, key)) tracked = tracked.sameHash;
    return tracked;
  }

  private open(key: Key, tracker: Tracker): void {
    const tracked = new TrackedKey(key, tracker);
    link(this.byHash, key.hash, tracked);
    this.size++;
    this.items++;
  }

  private remove(tracked: TrackedKey): void {
    unlink(this.byHash, tracked.hash, tracked);
    this.size--;
    this.items -= tracked.count;
  }
}

/** A key's bytes as Latin-1 text. */
export function nameOfKey({ bytes, offset, length }: Key): string {
  let name = "";
  for (let at = offset; at < offset + length; at++) name += String.fromCharCode(bytes[at]);
  return name;
}

function hasName(name: string, { bytes, offset, length }: Key): boolean {
  if (name.length !== length) return false;
  for (let at = 0; at < length; at++) if (name.charCodeAt(at) !== bytes[offset + at]) return false;
  return true;
}
