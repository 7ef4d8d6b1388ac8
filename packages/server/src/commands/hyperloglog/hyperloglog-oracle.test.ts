/** Random HyperLogLog commands beside redis-server: every reply, every byte of the values, every estimate is the same. */
import { seededRandom } from "@sider/keyspace-engine";
import type { Random } from "@sider/keyspace-engine";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fuzzScale, fuzzSeed } from "../../testing/fuzzing.ts";
import { RedisOracle, redisServerPresent } from "../../testing/redis-oracle.ts";
import { createTestServer } from "../../testing/test-client.ts";
import type { TestClient } from "../../testing/test-client.ts";

const KEYS = ["a", "b", "c"];
const STEPS = 1000 * fuzzScale;

describe.skipIf(!redisServerPresent())("beside redis-server", () => {
  let oracle: RedisOracle;
  let client: TestClient;
  let random: Random;

  beforeAll(async () => {
    oracle = await RedisOracle.start();
    client = createTestServer().connect();
    random = seededRandom(fuzzSeed);
    console.log(`SIDER_SEED=${String(fuzzSeed)}`);
  });

  afterAll(() => oracle.stop());

  async function both(...words: (string | number)[]): Promise<string> {
    const ours = client.send(...words);
    const theirs = await oracle.send(...words);
    if (ours !== theirs) expect(shorten(ours, theirs), words.join(" ").slice(0, 300)).toEqual(shorten(theirs, ours));
    return ours;
  }

  const pick = <T>(choices: readonly T[]): T => choices[random(choices.length)];
  const bytes = (count: number): string =>
    Array.from({ length: count }, () => String.fromCharCode(random(256))).join("");
  const element = (): string => pick([() => String(random(100)), () => String(random(1e9)), () => bytes(random(40))])();

  async function corrupt(key: string): Promise<void> {
    const length = Number((await both("STRLEN", key)).slice(1));
    for (let left = random(4); left >= 0; left--) await both("SETRANGE", key, random(length + 1), bytes(1));
    for (let left = 3; left > 0; left--) {
      await both("PFCOUNT", key);
      await both("PFCOUNT", key, key);
    }
    await both("PFDEBUG", "TODENSE", key);
    await both("PFCOUNT", key);
    await both("DEL", key);
  }

  const steps: readonly ((key: string) => Promise<unknown>)[] = [
    ...Array.from({ length: 6 }, () => (key: string) => {
      return both("PFADD", key, ...Array.from({ length: random(pick([5, 5, 5, 300])) }, element));
    }),
    (key) => both("PFCOUNT", key),
    (key) => both("PFCOUNT", key, pick(KEYS), pick(KEYS)),
    (key) => both("GET", key),
    (key) => both("OBJECT", "ENCODING", key),
    (key) => both("PFDEBUG", pick(["decode", "ENCODING"]), key),
    async (key) => {
      if (random(8) === 0) await both("PFMERGE", key, ...[pick(KEYS), pick(KEYS)].slice(random(3)));
      if (random(8) === 0) await both("PFDEBUG", pick(["GETREG", "TODENSE", "x"]), key);
      if (random(8) === 0) await both("DEL", key);
      if (random(8) === 0) await corrupt(key);
      if (random(8) === 0) await both("CONFIG", "SET", "hll-sparse-max-bytes", pick([0, 30, 200, 3000, 16000]));
    },
  ];

  test("random commands", async () => {
    for (let step = 0; step < STEPS; step++) {
      const key = pick(KEYS);
      await pick(steps)(key);
      await both("GET", key);
    }
  }, 60_000);

  test.each([
    ["largest registers", "\xff".repeat(12288)],
    ["registers of the largest rank", "\xf3\x3c\xcf".repeat(4096)],
    ["registers of 50", "\xb2\x2c\xcb".repeat(4096)],
  ])("%s", async (_, registers) => {
    await both("SET", "x", `HYLL\0\0\0\0\0\0\0\0\0\0\0\x80${registers}`);
    await both("PFCOUNT", "x", "x");
    await both("PFCOUNT", "x");
    await both("PFCOUNT", "x");
    await both("GET", "x");
  });

  test.each([
    ["SET x 5", "PFADD x 1", "PFADD x", "PFCOUNT x", "PFMERGE y x", "PFMERGE x y", "PFDEBUG ENCODING x"],
    ["SADD s 1", "PFADD s", "PFCOUNT s", "PFCOUNT y s", "PFMERGE y s", "PFMERGE s", "PFDEBUG GETREG s"],
    ["PFDEBUG GETREG missing", "PFDEBUG x missing", "PFADD", "PFCOUNT", "PFMERGE", "PFDEBUG DECODE", "PFCOUNT missing"],
    ["PFMERGE new", "GET new", "PFCOUNT new", "PFADD new", "PFADD other", "PFADD other", "GET other"],
    ["PFADD d 1", "PFDEBUG TODENSE d", "PFDEBUG TODENSE d", "PFDEBUG DECODE d", "EXPIRE d 100", "PFADD d 2", "TTL d"],
  ])("%s ...", async (...lines) => {
    await both("FLUSHALL");
    for (const line of lines) await both(...line.split(" "));
  });
});

/** What surrounds the first difference. */
function shorten(text: string, other: string): string {
  let at = 0;
  while (at < text.length && text[at] === other[at]) at++;
  return `${String(text.length)} bytes, at ${String(at)}: ${text.slice(Math.max(0, at - 40), at + 60)}`;
}
