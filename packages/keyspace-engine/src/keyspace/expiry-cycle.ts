/**
 * Deleting keys whose time has come though nobody asks for them, within a budget of time.
 *
 * A round looks at about 20 keys of a database's table of expiring keys, where the last round stopped (the table's scan
 * cursor), and deletes those due. While more than a tenth of a round was due the next round follows at once; so the share
 * of dead keys settles below a tenth, and an idle database costs one round. All constants, and how `effort` turns them, are
 * those of Redis's slow cycle.
 */
import { RefList, scanTable } from "@sider/datastructures";
import { Key } from "../slice.ts";
import { expiryOf } from "./entry.ts";
import type { Database, Keyspace } from "./keyspace.ts";
import { expire, isDue } from "./lookup.ts";
import { copyKeyOfEntry } from "./removal.ts";

const KEYS_A_ROUND = 20;
const POSITIONS_A_KEY = 20;
const BUDGET_PERCENT = 25;
const ACCEPTABLE_DUE_PERCENT = 10;
const DATABASES_A_CYCLE = 16;
const ROUNDS_BETWEEN_TIME_CHECKS = 16;

export interface ExpiryCycleOptions {
  /** How often the cycle is run, in milliseconds: the budget is a part of it. */
  readonly periodMs: number;
  /** Directive active-expire-effort, 1 to 10: more keys a round, more of the time, fewer dead keys left. */
  readonly effort: number;
  /** A steady clock for the budget, in milliseconds with fractions (`performance.now`). Whether a key is due is for the keyspace's clock. */
  readonly nowMs: () => number;
}

/** What one cycle may do, and what it has done; made once and reused. */
class Work {
  readonly found = new RefList();
  keysARound = 0;
  acceptableDuePercent = 0;
  sampled = 0;
  expired = 0;
}

const work = new Work();

/**
 * Runs one cycle: up to 16 databases, 25 % of the period at effort 1 (43 % at 10). Moves the keyspace's clock on. Does nothing
 * while `keyspace.activeExpiry` is off. Returns how many keys were deleted.
 */
export function runExpiryCycle(keyspace: Keyspace, options: ExpiryCycleOptions): number {
  if (!keyspace.activeExpiry) return 0;
  const extraEffort = options.effort - 1;
  const state = keyspace.expiryCycle;
  work.keysARound = KEYS_A_ROUND + (KEYS_A_ROUND / 4) * extraEffort;
  work.acceptableDuePercent = ACCEPTABLE_DUE_PERCENT - extraEffort;
  work.sampled = 0;
  work.expired = 0;
  const startMs = options.nowMs();
  const endMs = startMs + (options.periodMs * (BUDGET_PERCENT + 2 * extraEffort)) / 100;
  const count = keyspace.databases.length;
  // After a cycle that ran out of time there is work somewhere: then no database is left out.
  let left = state.ranOutOfTime ? count : Math.min(count, DATABASES_A_CYCLE);
  state.ranOutOfTime = false;
  for (; left > 0 && !state.ranOutOfTime; left--) {
    const database = keyspace.databases[state.nextDatabase % count];
    state.nextDatabase = (state.nextDatabase + 1) % count;
    state.ranOutOfTime = !expireInDatabase(keyspace, database, options.nowMs, endMs);
  }
  if (state.ranOutOfTime) state.timeCapReached++;
  state.spentMs += options.nowMs() - startMs;
  const dueShare = work.sampled === 0 ? 0 : work.expired / work.sampled;
  state.stalePercent = dueShare * 100 * 0.05 + state.stalePercent * 0.95;
  return work.expired;
}

/** Round after round in one database, until few keys are due. False when the time was up before. */
function expireInDatabase(keyspace: Keyspace, database: Database, nowMs: () => number, endMs: number): boolean {
  for (let round = 1; ; round++) {
    const count = keyspace.expiresCount(database);
    if (count === 0) {
      database.averageTtlMs = 0;
      return true;
    }
    const sampledBefore = work.sampled;
    const expiredBefore = work.expired;
    keyspace.updateClock();
    runRound(keyspace, database, Math.min(count, work.keysARound));
    const sampled = work.sampled - sampledBefore;
    const expired = work.expired - expiredBefore;
    if (sampled > 0 && Math.floor((expired * 100) / sampled) <= work.acceptableDuePercent) return true;
    if (round % ROUNDS_BETWEEN_TIME_CHECKS === 0 && nowMs() > endMs) return false;
  }
}

function runRound(keyspace: Keyspace, database: Database, wanted: number): void {
  const found = work.found;
  found.count = 0;
  for (let visited = 0; found.count < wanted && visited < wanted * POSITIONS_A_KEY; visited++) {
    database.expireCursor = scanTable(keyspace.heap, database.expires, database.expireCursor, found);
    // A walk that starts anew could meet the same keys again, and deleting works on refs that are still alive.
    if (database.expireCursor === 0) break;
  }
  let ttlSumMs = 0;
  let alive = 0;
  for (let at = 0; at < found.count; at++) {
    const entry = found.refs[at];
    if (isDue(keyspace, entry)) {
      expireEntry(keyspace, database, entry);
      work.expired++;
      continue;
    }
    const ttlMs = expiryOf(keyspace.heap, entry) - keyspace.nowMs;
    if (ttlMs <= 0) continue;
    ttlSumMs += ttlMs;
    alive++;
  }
  work.sampled += found.count;
  if (alive > 0) averageIn(database, Math.floor(ttlSumMs / alive));
}

/** A running average, in which a new sample weighs 2 %. */
function averageIn(database: Database, sampleMs: number): void {
  const averageMs = database.averageTtlMs === 0 ? sampleMs : database.averageTtlMs;
  database.averageTtlMs = Math.floor(averageMs / 50) * 49 + Math.floor(sampleMs / 50);
}

const key = new Key();

/** Deletes an entry that a walk has met because its time has come. The observer gets a copy of its key, which outlives the entry. */
export function expireEntry(keyspace: Keyspace, database: Database, entry: number): void {
  expire(keyspace, database, copyKeyOfEntry(keyspace, entry, key), entry);
}
