/**
 * Which key goes when memory runs short, and how.
 *
 * Nobody keeps the keys in an order: `samples` of them are drawn from each database, the best of those join the pool, and the best of the
 * pool goes. So the choice is nearly that of true LRU or LFU, at the cost of a few cache lines. Constants and scores are Redis's.
 */
import { hashOfKey, hashTableCount, isInTable, NIL, randomEntry, RefList, sampleTable } from "@sider/datastructures";
import { Key } from "../slice.ts";
import { frequencyOf, idleSecondsOf } from "./access.ts";
import { accessOf, expiryOf } from "./entry.ts";
import { EvictionPool } from "./eviction-pool.ts";
import type { Database, Keyspace } from "./keyspace.ts";
import { copyKeyOfEntry, removeUnasked } from "./removal.ts";

export interface EvictionPolicy {
  /** Whether keys without an expiry may go too. */
  readonly coversAllKeys: boolean;
  /** What goes first: what was not used for longest, what is used least, what expires next, or anything. */
  readonly order: "idle" | "frequency" | "expiry" | "random";
}

const FREQUENCY_MAXIMUM = 255;
/** Samples in a row that may find nothing, in tables that have entries but are nearly empty, before one is drawn. */
const VAIN_SAMPLES_MAXIMUM = 64;

/** Finds the keys that go when memory runs short, and deletes them. */
export class Evictor {
  /** Null: no key goes. */
  policy: EvictionPolicy | null = null;
  /** Keys of each database that are looked at for one that goes (directive maxmemory-samples). */
  samples = 5;
  /** Values go to the lazy-free queue (directive lazyfree-lazy-eviction). */
  isLazy = false;
  private readonly keyspace: Keyspace;
  private readonly pool = new EvictionPool();
  private readonly found = new RefList();
  private readonly key = new Key();
  private nextDatabase = 0;

  constructor(keyspace: Keyspace) {
    this.keyspace = keyspace;
  }

  /** Changes the policy. What was found under another one is forgotten. */
  setPolicy(policy: EvictionPolicy | null): void {
    this.policy = policy;
    this.pool.clear();
  }

  /** Evicts one key. False when no key may go. */
  evictOne(): boolean {
    const { policy } = this;
    if (policy === null) return false;
    return policy.order === "random" ? this.evictRandom(policy) : this.evictBest(policy);
  }

  /** One of the next database that has any: each has its turn. */
  private evictRandom(policy: EvictionPolicy): boolean {
    const { databases, heap, random } = this.keyspace;
    for (let tried = 0; tried < databases.length; tried++) {
      this.nextDatabase = (this.nextDatabase + 1) % databases.length;
      const database = databases[this.nextDatabase];
      const entry = randomEntry(heap, tableOf(database, policy), random);
      if (entry !== NIL) return this.evict(database, entry);
    }
    return false;
  }

  private evictBest(policy: EvictionPolicy): boolean {
    const { heap, databases } = this.keyspace;
    const { pool } = this;
    for (let attempt = 0; attempt < VAIN_SAMPLES_MAXIMUM; attempt++) {
      if (!this.fillPool(policy)) return false;
      while (pool.take()) {
        const database = databases[pool.databaseIndex];
        if (!isInTable(heap, tableOf(database, policy), pool.hash, pool.ref)) continue;
        return this.evict(database, pool.ref);
      }
    }
    return this.evictRandom(policy);
  }

  /** Looks at some keys of each database. False when there is none. */
  private fillPool(policy: EvictionPolicy): boolean {
    const { heap, databases } = this.keyspace;
    let hasKeys = false;
    for (let index = 0; index < databases.length; index++) {
      if (hashTableCount(heap, tableOf(databases[index], policy)) === 0) continue;
      hasKeys = true;
      this.sample(databases[index], policy);
    }
    return hasKeys;
  }

  private sample(database: Database, policy: EvictionPolicy): void {
    const { keyspace, found, pool } = this;
    found.count = 0;
    sampleTable(keyspace.heap, tableOf(database, policy), this.samples, keyspace.random, found);
    for (let at = 0; at < found.count; at++) {
      const entry = found.refs[at];
      const score = scoreOf(keyspace, entry, policy);
      if (pool.admits(score)) this.propose(score, database, entry);
    }
  }

  private propose(score: number, database: Database, entry: number): void {
    const { heap, hashKey0, hashKey1 } = this.keyspace;
    this.pool.add(score, database.index, hashOfKey(heap, entry, hashKey0, hashKey1), entry);
  }

  private evict(database: Database, entry: number): boolean {
    const { keyspace, key } = this;
    removeUnasked(keyspace, database, copyKeyOfEntry(keyspace, entry, key), entry, "evicted", this.isLazy);
    keyspace.evictedKeys++;
    return true;
  }
}

function tableOf(database: Database, policy: EvictionPolicy): number {
  return policy.coversAllKeys ? database.entries : database.expires;
}

/** How much an entry deserves to go. */
function scoreOf(keyspace: Keyspace, entry: number, policy: EvictionPolicy): number {
  const { heap } = keyspace;
  if (policy.order === "expiry") return -expiryOf(heap, entry);
  const access = accessOf(heap, entry);
  if (policy.order === "idle") return idleSecondsOf(keyspace, access);
  return FREQUENCY_MAXIMUM - frequencyOf(keyspace, access);
}
