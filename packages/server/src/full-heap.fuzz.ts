/**
 * A heap that is really full, time after time: filled with one type until there is no memory, it holds exactly what was accepted; emptied,
 * all memory is back, and it takes the next type, and at least half as much of it as the first time.
 */
import { createHeap, heapStatistics, verifyHeap } from "@sider/datastructures";
import type { Heap } from "@sider/datastructures";
import { seededRandom } from "@sider/keyspace-engine";
import type { Random } from "@sider/keyspace-engine";
import { expect, test } from "vitest";
import { fuzzScale, fuzzSeed } from "./testing/fuzzing.ts";
import { createTestServer } from "./testing/test-client.ts";
import type { TestClient } from "./testing/test-client.ts";

const rounds = Math.ceil(4 * fuzzScale);
const CAPACITY_BYTES = 2 ** 21;
/** Of the first count. With 512 pages much depends on where the few blocks are that stay, and on whether a larger index finds room in a row. */
const LEAST_SHARE = 0.5;

interface Filling {
  readonly name: string;
  /** The command that adds element `at`. */
  add(at: number, value: string): readonly (string | number)[];
  /** What counts the elements; without it each is a key. */
  readonly count?: readonly string[];
  /** A command that takes 500 elements out. */
  readonly drain?: readonly (string | number)[];
}

const FILLINGS: readonly Filling[] = [
  { name: "strings", add: (at, value) => ["SET", `k${String(at)}`, value] },
  { name: "one list", add: (_, value) => ["RPUSH", "K", value], count: ["LLEN"], drain: ["LPOP", "K", 500] },
  { name: "one hash", add: (at, value) => ["HSET", "K", `f${String(at)}`, value], count: ["HLEN"] },
  {
    name: "one set",
    add: (at) => ["SADD", "K", `${String(at)} ${"m".repeat(at % 100)}`],
    count: ["SCARD"],
    drain: ["SPOP", "K", 500],
  },
  {
    name: "one sorted set",
    add: (at) => ["ZADD", "K", at % 997, `m${String(at)}`],
    count: ["ZCARD"],
    drain: ["ZPOPMIN", "K", 500],
  },
  { name: "one stream", add: (at, value) => ["XADD", "K", at + 1, "f", value], count: ["XLEN"] },
  { name: "small lists", add: (at, value) => ["RPUSH", `k${String(at)}`, value, "b"] },
  { name: "small hashes", add: (at, value) => ["HSET", `k${String(at)}`, "f", value] },
  { name: "small sorted sets", add: (at) => ["ZADD", `k${String(at)}`, at, "m"] },
  { name: "HyperLogLogs", add: (at) => ["PFADD", `k${String(at)}`, at, "b", "c"] },
];

test(
  `a full heap, emptied and filled again (SIDER_SEED=${String(fuzzSeed)})`,
  { timeout: 30_000 + 5000 * rounds },
  () => {
    const heap = createHeap({ capacityBytes: CAPACITY_BYTES });
    const random = seededRandom(fuzzSeed);
    const { server, connect } = createTestServer({}, fuzzSeed, heap);
    const client = connect();
    const firstCounts = new Map<string, number>();
    const allocated = (): number => {
      server.keyspace.lazyFree.freeAll();
      verifyHeap(heap);
      return heapStatistics(heap).allocatedBytes;
    };
    const before = allocated();
    for (let round = 0; round < rounds; round++) {
      for (const filling of shuffled(FILLINGS, random)) {
        const what = `round ${String(round)}, ${filling.name}`;
        const accepted = fill(client, filling);
        expect(heapIsNearlyFull(heap), what).toBe(true);
        expect(Number(client.send(...countOf(filling)).slice(1)), what).toBe(accepted);
        expect(accepted, what).toBeGreaterThan((firstCounts.get(filling.name) ?? 0) * LEAST_SHARE);
        if (!firstCounts.has(filling.name)) firstCounts.set(filling.name, accepted);
        empty(client, filling, accepted, random);
        expect(client.send("DBSIZE"), what).toBe(":0\r\n");
        // A database that is flushed has small tables again; one whose keys were deleted keeps larger ones for a while.
        client.send("FLUSHALL");
        expect(allocated() - before, what).toBe(0);
      }
    }
  },
);

/** Adds elements until one is refused; how many were not. */
function fill(client: TestClient, filling: Filling): number {
  for (let at = 0; ; at++) {
    const reply = client.send(...filling.add(at, `value ${String(at)} ${"x".repeat(at % 300)}`));
    if (reply.startsWith("-OOM ")) return at;
    if (reply.startsWith("-")) throw new Error(`${filling.name}: ${reply}`);
  }
}

function countOf(filling: Filling): readonly string[] {
  return filling.count === undefined ? ["DBSIZE"] : [...filling.count, "K"];
}

/** Takes everything out in one of the ways that there are; also those need to work without memory. */
function empty(client: TestClient, filling: Filling, accepted: number, random: Random): void {
  const { count, drain } = filling;
  if (drain !== undefined && random(2) === 0) {
    let left = accepted;
    while (left > 0) {
      expect(client.send(...drain)).toMatch(/^[*~]/);
      left -= 500;
    }
  } else if (count !== undefined) {
    expect(client.send(random(2) === 0 ? "DEL" : "UNLINK", "K")).toBe(":1\r\n");
  } else if (random(3) === 0) {
    expect(client.send("FLUSHALL", "ASYNC")).toBe("+OK\r\n");
  } else {
    const command = random(2) === 0 ? "DEL" : "UNLINK";
    let removed = 0;
    for (let at = 0; at < accepted; at++) if (client.send(command, `k${String(at)}`) === ":1\r\n") removed++;
    expect(removed).toBe(accepted);
  }
}

/**
 * A large structure asks for large blocks: some of the heap is left when it finds none. And where blocks are of all sizes, each of 60
 * sizes has slabs of its own, of 4 to 16 of the heap's 512 pages.
 */
function heapIsNearlyFull(heap: Heap): boolean {
  return heapStatistics(heap).allocatedBytes > CAPACITY_BYTES / 3;
}

function shuffled<Item>(items: readonly Item[], random: Random): Item[] {
  const left = [...items];
  return items.map(() => left.splice(random(left.length), 1)[0]);
}
