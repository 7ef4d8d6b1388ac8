/** Freed memory is used again: what was deleted makes room for values of other sizes, and used_memory is what is really used. */
import { heapStatistics } from "@sider/datastructures";
import { seededRandom } from "@sider/keyspace-engine";
import { describe, expect, test } from "vitest";
import { createTestServer } from "../testing/test-client.ts";
import type { TestClient, TestServer } from "../testing/test-client.ts";

const LIMIT_BYTES = 2 * 2 ** 20;
const ROUNDS = 10;
const SIZES = [500, 1000, 40_000, 700, 10_000, 400, 70_000, 2500, 600, 20_000];
/** What an entry takes beside its value, at least. */
const ENTRY_BYTES = 40;
/** Pages for the limit's bytes: where all was deleted before, and where every other value of each size before was left. */
const PAGES_AFTER_ALL = 1.1;
const PAGES_AFTER_HALF = 3;
/** A page for each size class, and what a large value leaves at the end of its last page. */
const PAGES_AT_ALL_BYTES = 2 ** 20;

/** Writes strings and lists until that is refused, or enough when keys are evicted instead. Gives about how many bytes were written. */
function fill(client: TestClient, round: number, bytes: number): number {
  const valueBytes = SIZES[round % SIZES.length];
  const value = String.fromCharCode(97 + (round % 26)).repeat(valueBytes);
  let written = 0;
  for (let number = 0; written < bytes; number++) {
    const key = `${String(round)}:${String(number)}`;
    const reply =
      number % 4 === 0 ? client.send("RPUSH", key, value, value) : client.send("SET", key, value, "EX", 10_000);
    if (reply.startsWith("-OOM")) break;
    written += valueBytes + ENTRY_BYTES;
  }
  return written;
}

/** However slow the machine is, no command goes on before there is room. */
function directives(policy: string): Record<string, string> {
  return { maxmemory: String(LIMIT_BYTES), "maxmemory-policy": policy, "maxmemory-eviction-tenacity": "100" };
}

function expectWithinLimit({ server }: TestServer, pages: number): void {
  const { heap } = server.keyspace;
  const { allocatedBytes, usedPagesBytes, residentBytes } = heapStatistics(heap);
  expect(allocatedBytes).toBeLessThan(LIMIT_BYTES + 3 * 70_000);
  expect(usedPagesBytes).toBeLessThan(LIMIT_BYTES * pages + PAGES_AT_ALL_BYTES);
  expect(residentBytes).toBeLessThan(LIMIT_BYTES * pages + PAGES_AT_ALL_BYTES);
}

describe.each(["noeviction", "allkeys-lru"])("%s", (policy) => {
  test("filled to the limit, deleted, filled with other sizes", () => {
    const subject = createTestServer(directives(policy));
    const { connect, server } = subject;
    const client = connect();
    const emptyBytes = server.keyspace.heap.allocatedBytes;
    for (let round = 0; round < ROUNDS; round++) {
      const written = fill(client, round, LIMIT_BYTES * 1.3);
      expect(written).toBeGreaterThan(LIMIT_BYTES / 8);
      expectWithinLimit(subject, PAGES_AFTER_ALL);
      const infoBytes = Number(/used_memory:(\d+)/.exec(client.send("INFO", "memory"))?.[1]);
      expect(Math.abs(infoBytes - server.keyspace.heap.allocatedBytes)).toBeLessThan(1000);
      client.send("FLUSHALL", "SYNC");
      expect(server.keyspace.heap.allocatedBytes).toBeLessThan(emptyBytes + 1000);
    }
  });

  test("every other key deleted, filled with other sizes: from the tenth round on no new page is needed", () => {
    const subject = createTestServer(directives(policy));
    const { connect, server } = subject;
    const client = connect();
    const random = seededRandom(1);
    let residentBytes = 0;
    for (let round = 0; round < ROUNDS * 2; round++) {
      if (round === ROUNDS) residentBytes = heapStatistics(server.keyspace.heap).residentBytes;
      fill(client, round, LIMIT_BYTES * 0.8);
      expectWithinLimit(subject, PAGES_AFTER_HALF);
      const keys = [...client.send("KEYS", "*").matchAll(/\r\n(\d+:\d+)/g)].map(([, key]) => key);
      for (const key of keys) if (random(2) === 0) client.send("DEL", key);
      expect(server.keyspace.heap.allocatedBytes).toBeLessThan(LIMIT_BYTES * 0.75);
    }
    expect(heapStatistics(server.keyspace.heap).residentBytes).toBeLessThan(residentBytes * 1.2);
  });
});
