/**
 * Nothing is left of clients that went in the middle of something: the resident set does not grow with their number, and when they are gone
 * the server uses what it used before. `SIDER_FUZZ_SCALE=60` makes it half an hour.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { RawConnection } from "../support/connection.ts";
import { Random, seedOfRun } from "../support/random.ts";
import { type RunningServer, startServer, subjectKind, subjectPresent } from "../support/server.ts";
import { mixedLoad } from "./load.ts";

const seed = seedOfRun();
const scale = Number(process.env["SIDER_FUZZ_SCALE"] ?? 1);
const CLIENTS = 24;
const PHASE_MS = 5000;
const PHASES = Math.max(6, Math.round(6 * scale));
/** What the runtime's own heap may breathe between two looks. */
const BREATH_BYTES = 24 * 2 ** 20;
const SETTLE_MS = 5000;

describe.skipIf(!subjectPresent())("leaks", () => {
  let server: RunningServer;
  let observer: RawConnection;
  beforeAll(async () => {
    server = await startServer({
      kind: subjectKind,
      args: ["--maxmemory", "8mb", "--maxmemory-policy", "allkeys-lru", "--lazyfree-lazy-eviction", "yes"],
    });
    observer = await RawConnection.open(server.port);
  });
  afterAll(async () => {
    observer.close();
    await server.stop();
  });

  async function info(field: string): Promise<number> {
    const text = (await observer.call("INFO", "everything")).toString("latin1");
    return Number(new RegExp(`^${field}:(\\d+)`, "m").exec(text)?.[1]);
  }

  test(
    `memory stays as it is however many clients break off (SIDER_SEED=${seed})`,
    { timeout: PHASES * PHASE_MS * 2 + 60_000 },
    async () => {
      const random = new Random(seed);
      const emptyBytes = await info("used_memory");
      const residentBytes: number[] = [];
      let clients = 0;
      for (let phase = 0; phase < PHASES; phase++) {
        clients += await mixedLoad(server.port, CLIENTS, PHASE_MS, random);
        residentBytes.push(await info("used_memory_rss"));
        expect(await info("allocator_allocated")).toBeLessThan(12 * 2 ** 20);
      }
      console.log(`${clients} clients; resident MiB by phase: ${residentBytes.map((bytes) => bytes >> 20).join(" ")}`);
      expect(clients).toBeGreaterThan(PHASES * 20);
      expect(await info("evicted_keys")).toBeGreaterThan(0);
      const half = PHASES / 2;
      const early = Math.max(...residentBytes.slice(1, half));
      const late = Math.min(...residentBytes.slice(half));
      expect(late, residentBytes.join(" ")).toBeLessThan(early + BREATH_BYTES);

      const endMs = performance.now() + SETTLE_MS;
      while ((await info("connected_clients")) > 1 && performance.now() < endMs) {
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      expect([await info("connected_clients"), await info("blocked_clients")]).toEqual([1, 0]);
      await observer.call("FLUSHALL", "SYNC");
      expect(await observer.callText("PUBSUB", "CHANNELS")).toBe("*0\r\n");
      expect((await info("used_memory")) - emptyBytes).toBeLessThan(50_000);
    },
  );
});
