/**
 * The 24 access bits of an entry, in the two readings that eviction policies give them:
 *
 *     LRU policies and none   seconds of the last access, modulo 2^24
 *     LFU policies            minutes when the counter was last changed, modulo 2^16; then the counter, 8 bits
 *
 * The counter grows with the logarithm of the accesses: an access counts with a chance that falls as it grows. It loses one for every
 * `frequencyDecayMinutes` without an access. Bits that were written under one kind of policy are read as they are under the other.
 */
import { NIL } from "@sider/datastructures";
import { accessOf, setAccess } from "./entry.ts";
import type { Keyspace } from "./keyspace.ts";

const ACCESS_CLOCK_MAXIMUM = 0xffffff;
const MINUTES_MASK = 0xffff;
const FREQUENCY_MAXIMUM = 255;
/** What a new key begins with, so that it lives long enough to be asked for again. */
const FREQUENCY_OF_NEW_KEYS = 5;

/** Notes in an entry that a command uses it. */
export function noteAccess(keyspace: Keyspace, entry: number): void {
  if (keyspace.tracksFrequency) countAccess(keyspace, entry);
  else setAccess(keyspace.heap, entry, keyspace.accessClock);
}

function countAccess(keyspace: Keyspace, entry: number): void {
  let counter = frequencyOf(keyspace, accessOf(keyspace.heap, entry));
  const above = Math.max(0, counter - FREQUENCY_OF_NEW_KEYS);
  if (counter < FREQUENCY_MAXIMUM && keyspace.random(above * keyspace.frequencyLogFactor + 1) === 0) counter++;
  setAccess(keyspace.heap, entry, accessOfFrequency(keyspace, counter));
}

/** Access bits of a value that is put under a key now, in place of the entry `old` or NIL. */
export function accessOfPlaced(keyspace: Keyspace, old: number): number {
  if (!keyspace.tracksFrequency) return keyspace.accessClock;
  return old === NIL ? accessOfFrequency(keyspace, FREQUENCY_OF_NEW_KEYS) : accessOf(keyspace.heap, old);
}

/** Seconds since the last access. */
export function idleSecondsOf(keyspace: Keyspace, access: number): number {
  const now = keyspace.accessClock;
  return now >= access ? now - access : now + (ACCESS_CLOCK_MAXIMUM - access);
}

/** Access bits of an entry that was last used `idleSeconds` ago; of those the low 32 bits are enough. */
export function accessOfIdle(keyspace: Keyspace, idleSeconds: number, idleSecondsLow: number): number {
  const now = keyspace.accessClock;
  const wrap = idleSeconds > now ? ACCESS_CLOCK_MAXIMUM : 0;
  return (now - idleSecondsLow + wrap) & ACCESS_CLOCK_MAXIMUM;
}

/** The counter, decayed until now. */
export function frequencyOf(keyspace: Keyspace, access: number): number {
  const counter = access & FREQUENCY_MAXIMUM;
  const decayMinutes = keyspace.frequencyDecayMinutes;
  if (decayMinutes === 0) return counter;
  const idleMinutes = (keyspace.accessMinutes - (access >>> 8)) & MINUTES_MASK;
  return Math.max(0, counter - Math.floor(idleMinutes / decayMinutes));
}

/** Access bits of a counter that was changed now. */
export function accessOfFrequency(keyspace: Keyspace, counter: number): number {
  return (keyspace.accessMinutes << 8) | counter;
}
