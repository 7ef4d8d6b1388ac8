/**
 * How good the approximations of LRU and LFU are: both servers as caches of a Zipf trace, beside caches that forget exactly what they should.
 *
 *   trace   ranks by 1/rank^0.99, whose keys are another half after half of the time: what was popular is not any more
 *   cache   GET, and SET where it was a miss; the limit of memory is what a tenth, or three tenths, of all keys take on that server
 *
 * LRU clocks tick once a second, so the trace takes its time; both servers get the same one at the same pace.
 */
import { RawConnection } from "../support/connection.ts";
import { Random, WeightedChoice } from "../support/random.ts";
import { type PeerKind, type RunningServer, startServer } from "../support/server.ts";
import { renderTable } from "../support/table.ts";
import { feed } from "./feed.ts";

const KEYS = 100_000;
const EXPONENT = 0.99;
const BATCH_REQUESTS = 100;
const BATCH_MS = 5;
const VALUE = "x".repeat(100);

const policies = ["allkeys-lru", "allkeys-lfu", "allkeys-random"] as const;
type Policy = (typeof policies)[number];
const shares = [0.1, 0.3];

export interface HitRateOptions {
  subject: PeerKind;
  seconds: number;
  samples: number;
}

/** Prints the table: the share of requests that found their key, of the second half of each part of the trace. */
export async function measureHitRates({ subject, seconds, samples }: HitRateOptions): Promise<void> {
  const trace = zipfTrace(Math.round((seconds * 1000 * BATCH_REQUESTS) / BATCH_MS));
  const rows: string[][] = [];
  for (const share of shares) {
    for (const policy of policies) {
      const caches = await Promise.all(
        (["redis", subject] as const).map((kind) => ServerCache.start(kind, policy, share, samples)),
      );
      const rates = await replay(trace, caches);
      const held = await Promise.all(caches.map((cache) => cache.keys()));
      for (const cache of caches) await cache.stop();
      const exact = exactRate(trace, policy, Math.round(KEYS * share));
      rows.push([`${policy}, ${share * 100} % of the keys`, ...[...rates, exact].map(percent), ...held.map(String)]);
      console.error(rows.at(-1)?.join("  "));
    }
  }
  console.log(
    `\nhit rates: ${trace.length} requests in ${seconds} s, ${KEYS} keys, Zipf ${EXPONENT}, ${samples} samples\n`,
  );
  console.log(renderTable(["", "redis", subject, "exact", "keys in redis", `in ${subject}`], rows));
}

function percent(rate: number): string {
  return Number.isNaN(rate) ? "" : `${(rate * 100).toFixed(2)} %`;
}

/** Numbers of keys. Rank r is key r in the first half, and key r + KEYS / 2, modulo KEYS, in the second. */
function zipfTrace(length: number): number[] {
  const random = new Random(1);
  const choice = new WeightedChoice<number>();
  for (let rank = 0; rank < KEYS; rank++) choice.add(rank, 1 / (rank + 1) ** EXPONENT);
  return Array.from({ length }, (_, at) => (choice.pick(random) + (at < length / 2 ? 0 : KEYS / 2)) % KEYS);
}

/** Whether a request of the trace counts: the second half of either part, when the cache has settled. */
function counts(at: number, length: number): boolean {
  return (at * 4) / length >= 1 && ((at * 4) / length < 2 || (at * 4) / length >= 3);
}

const keyOf = (key: number): string => `key:${String(key).padStart(12, "0")}`;

class ServerCache {
  private readonly server: RunningServer;
  private readonly connection: RawConnection;
  hits = 0;
  requests = 0;

  private constructor(server: RunningServer, connection: RawConnection) {
    this.server = server;
    this.connection = connection;
  }

  /** An empty server with the memory that so many of the keys take there. */
  static async start(kind: PeerKind, policy: Policy, share: number, samples: number): Promise<ServerCache> {
    const server = await startServer({ kind, args: ["--maxmemory-samples", String(samples)] });
    const connection = await RawConnection.open(server.port);
    await feed(server.port, Math.round(KEYS * share), (at) => ["SET", keyOf(at), VALUE]);
    const usedBytes = /^used_memory:(\d+)/m.exec(await connection.callText("INFO", "memory"))?.[1] ?? "0";
    await connection.call("FLUSHALL");
    await connection.call("CONFIG", "SET", "maxmemory-policy", policy, "maxmemory", usedBytes);
    return new ServerCache(server, connection);
  }

  async request(keys: readonly number[], doCount: boolean): Promise<void> {
    const replies = await this.connection.pipeline(keys.map((key) => ["GET", keyOf(key)]));
    const missed = keys.filter((_, at) => replies[at]?.toString("latin1", 0, 3) === "$-1");
    if (missed.length > 0) await this.connection.pipeline(missed.map((key) => ["SET", keyOf(key), VALUE]));
    if (!doCount) return;
    this.requests += keys.length;
    this.hits += keys.length - missed.length;
  }

  /** How many keys it holds. */
  async keys(): Promise<number> {
    return Number((await this.connection.callText("DBSIZE")).slice(1));
  }

  async stop(): Promise<void> {
    this.connection.close();
    await this.server.stop("SIGKILL");
  }
}

/** Sends the trace to all caches, each batch at its time. Gives their hit rates. */
async function replay(trace: readonly number[], caches: readonly ServerCache[]): Promise<number[]> {
  const startMs = performance.now();
  for (let at = 0; at < trace.length; at += BATCH_REQUESTS) {
    const waitMs = startMs + (at / BATCH_REQUESTS) * BATCH_MS - performance.now();
    if (waitMs > 1) await new Promise((resolve) => setTimeout(resolve, waitMs));
    const keys = trace.slice(at, at + BATCH_REQUESTS);
    await Promise.all(caches.map((cache) => cache.request(keys, counts(at, trace.length))));
  }
  return caches.map(({ hits, requests }) => hits / requests);
}

/** What a cache of so many keys that keeps an exact order would have found. */
function exactRate(trace: readonly number[], policy: Policy, capacity: number): number {
  if (policy !== "allkeys-lru") return NaN;
  const cache = new Set<number>();
  let hits = 0;
  let requests = 0;
  trace.forEach((key, at) => {
    const isHit = cache.delete(key);
    cache.add(key);
    if (cache.size > capacity) cache.delete(cache.values().next().value ?? -1);
    if (!counts(at, trace.length)) return;
    requests++;
    if (isHit) hits++;
  });
  return hits / requests;
}
