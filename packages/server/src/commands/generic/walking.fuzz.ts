/**
 * SCAN's guarantee while the database grows, shrinks and loses keys to time between its calls: a key that is there from the first
 * call to the last is returned at least once, and no key is returned that was never there.
 */
import { seededRandom } from "@sider/keyspace-engine";
import { expect, test } from "vitest";
import { fuzzScale, fuzzSeed } from "../../testing/fuzzing.ts";
import { createTestServer } from "../../testing/test-client.ts";
import { scanOnce } from "./testing/scan.ts";

const rounds = Math.ceil(30 * fuzzScale);

test(`SCAN returns every key that stays (SIDER_SEED=${String(fuzzSeed)})`, () => {
  const random = seededRandom(fuzzSeed);
  for (let round = 0; round < rounds; round++) {
    const running = createTestServer({}, random(1 << 30));
    const client = running.connect();
    const staying = 1 + random(200);
    for (let number = 0; number < staying; number++) client.send("SET", `stays:${String(number)}`, number);
    let others = 0;
    let deleted = 0;
    const change = (): void => {
      const grows = random(2) === 0;
      for (let times = random(300); times > 0; times--) {
        if (grows) client.send("SET", `other:${String(others++)}`, 1, "PX", 1 + random(50));
        else if (deleted < others) client.send("UNLINK", `other:${String(deleted++)}`);
      }
      running.clock.now += random(10);
    };
    for (let times = random(5); times > 0; times--) change();
    const returned = new Set<string>();
    let cursor = "0";
    do {
      const reply = scanOnce(client, cursor, "COUNT", 1 + random(40));
      for (const key of reply.keys) returned.add(key);
      cursor = reply.cursor;
      if (random(3) === 0) change();
    } while (cursor !== "0");
    for (let number = 0; number < staying; number++) expect(returned.has(`stays:${String(number)}`)).toBe(true);
    for (const key of returned) expect(key).toMatch(/^(stays|other):\d+$/);
  }
});
