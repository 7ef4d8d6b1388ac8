/**
 * The 24 access bits of an entry, in the two readings that eviction policies give them:
 *
 *     LRU policies and none   seconds of the last access, modulo 2^24
 *     LFU policies            minutes when the counter was last changed, modulo 2^16; then the counter, 8 bits
 *
 * The counter loses one for every lfu-decay-time minutes without an access.
 */
import type { Keyspace } from "@sider/keyspace-engine";
import type { Server } from "../../server.ts";

const LRU_CLOCK_MAXIMUM = 0xffffff;
const MINUTES_MASK = 0xffff;
const MS_A_MINUTE = 60_000;

/** Whether the access bits hold a frequency. */
export function tracksFrequency(server: Server): boolean {
  return server.configuration.get("maxmemory-policy").endsWith("lfu");
}

/** Seconds since the last access. */
export function idleSecondsOf(keyspace: Keyspace, access: number): number {
  const now = keyspace.accessClock;
  return now >= access ? now - access : now + (LRU_CLOCK_MAXIMUM - access);
}

/** Access bits of an entry that was last used `idleSeconds` ago; of those the low 32 bits are enough. */
export function accessOfIdle(keyspace: Keyspace, idleSeconds: number, idleSecondsLow: number): number {
  const now = keyspace.accessClock;
  const wrap = idleSeconds > now ? LRU_CLOCK_MAXIMUM : 0;
  return (now - idleSecondsLow + wrap) & LRU_CLOCK_MAXIMUM;
}

/** The counter, decayed until now. */
export function frequencyOf(server: Server, access: number): number {
  const counter = access & 0xff;
  const decayMinutes = server.configuration.get("lfu-decay-time");
  if (decayMinutes === 0) return counter;
  const idleMinutes = (minutesNow(server.keyspace) - (access >>> 8)) & MINUTES_MASK;
  return Math.max(0, counter - Math.floor(idleMinutes / decayMinutes));
}

/** Access bits of a counter that was changed now. */
export function accessOfFrequency(keyspace: Keyspace, counter: number): number {
  return (minutesNow(keyspace) << 8) | counter;
}

function minutesNow(keyspace: Keyspace): number {
  return Math.floor(keyspace.nowMs / MS_A_MINUTE) & MINUTES_MASK;
}
