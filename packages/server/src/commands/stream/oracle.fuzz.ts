/**
 * The same random commands to a server here and to redis-server 7.0, replies compared. Ids are given, since the clocks differ, and so are
 * the few differences between 7.0 and 7.2. Needs redis-server; skipped without one.
 */
import { seededRandom } from "@sider/keyspace-engine";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fuzzScale, fuzzSeed } from "../../testing/fuzzing.ts";
import { RedisOracle, redisServerPresent } from "../../testing/redis-oracle.ts";
import { createTestServer } from "../../testing/test-client.ts";

type Random = (below: number) => number;
const pick = <Item>(random: Random, items: readonly Item[]): Item => items[random(items.length)];

/** Around the ids that are in use, and the odd ones. */
function someId(random: Random, top: number): string {
  if (random(40) === 0)
    return pick(random, [
      "18446744073709551615-18446744073709551615",
      "0-0",
      "-",
      "+",
      "x",
      "1-",
      "-1",
      "01-2",
      "1--1",
    ]);
  const ms = Math.max(0, random(4) === 0 ? random(top + 3) : top - random(30));
  return random(3) === 0 ? String(ms) : `${String(ms)}-${String(random(3))}`;
}

function rangeId(random: Random, top: number): string {
  if (random(4) === 0) return pick(random, ["-", "+"]);
  return (random(5) === 0 ? "(" : "") + someId(random, top);
}

const state = { top: 1 };

function someCommand(random: Random): string[] {
  const key = pick(random, ["s1", "s2", "s3"]);
  const group = pick(random, ["g1", "g2", "zz"]);
  const consumer = pick(random, ["alice", "bob", "c"]);
  const id = (): string => someId(random, state.top);
  const ids = (): string[] => Array.from({ length: 1 + random(3) }, id);
  const count = (): string[] => (random(3) === 0 ? ["COUNT", String(random(6) - 1)] : []);
  const trim = (): string[] => [
    ...pick(random, [
      ["MAXLEN", ...pick(random, [[], ["~"], ["="]]), String(random(60))],
      ["MINID", ...pick(random, [[], ["~"], ["="]]), id()],
    ]),
    ...(random(5) === 0 ? ["LIMIT", String(random(50))] : []),
  ];
  switch (random(22)) {
    case 0:
    case 1:
    case 2:
    case 3:
    case 4:
    case 5: {
      state.top += random(3);
      const fields = random(4) > 0 ? ["a", "b"] : Array.from({ length: 1 + random(3) }, () => `f${String(random(3))}`);
      const pairs = fields.flatMap((field) => [
        field,
        pick(random, ["1", "-5000", "text", "x".repeat(random(300)), "", "99999999999"]),
      ]);
      const chosen =
        random(10) === 0
          ? id()
          : random(3) === 0
            ? `${String(state.top)}-*`
            : `${String(state.top)}-${String(random(5))}`;
      return [
        "XADD",
        key,
        ...(random(6) === 0 ? ["NOMKSTREAM"] : []),
        ...(random(12) === 0 ? trim() : []),
        chosen,
        ...pairs,
      ];
    }
    case 6:
      return ["XDEL", key, ...ids()];
    case 7:
      return random(3) === 0 ? ["XTRIM", key, ...trim()] : ["XLEN", key];
    case 8:
      return ["XRANGE", key, rangeId(random, state.top), rangeId(random, state.top), ...count()];
    case 9:
      return ["XREVRANGE", key, rangeId(random, state.top), rangeId(random, state.top), ...count()];
    case 10:
      return ["XREAD", ...count(), "STREAMS", key, pick(random, ["s1", "s2"]), id(), id()];
    case 11:
      return random(2) === 0
        ? [
            "XGROUP",
            "CREATE",
            key,
            group,
            pick(random, ["$", id(), "0"]),
            ...(random(2) === 0 ? ["MKSTREAM"] : []),
            ...(random(5) === 0 ? ["ENTRIESREAD", String(random(9) - 2)] : []),
          ]
        : pick(random, [
            [
              "XGROUP",
              "SETID",
              key,
              group,
              pick(random, ["$", id(), "0"]),
              ...(random(3) === 0 ? ["ENTRIESREAD", String(random(9) - 2)] : []),
            ],
            ["XGROUP", "CREATECONSUMER", key, group, consumer],
            ["XGROUP", "DELCONSUMER", key, group, consumer],
            ...(random(4) === 0 ? [["XGROUP", "DESTROY", key, group]] : []),
          ]);
    case 12:
    case 13:
    case 14:
      return [
        "XREADGROUP",
        "GROUP",
        group,
        consumer,
        ...count(),
        ...(random(8) === 0 ? ["NOACK"] : []),
        "STREAMS",
        key,
        random(3) > 0 ? ">" : id(),
      ];
    case 15:
      return ["XACK", key, group, ...ids()];
    case 16:
      return [
        "XCLAIM",
        key,
        group,
        consumer,
        "0",
        ...ids(),
        ...pick(random, [
          [],
          ["JUSTID"],
          ["FORCE"],
          ["RETRYCOUNT", "7"],
          ["FORCE", "JUSTID", "LASTID", id()],
          ["NONSENSE"],
        ]),
      ];
    case 17:
      return [
        "XAUTOCLAIM",
        key,
        group,
        consumer,
        "0",
        rangeId(random, state.top),
        ...count(),
        ...(random(3) === 0 ? ["JUSTID"] : []),
      ];
    case 18:
      return ["XPENDING", key, group];
    case 19:
      return random(30) === 0 ? ["DEL", key] : ["XINFO", "GROUPS", key];
    case 20:
      return random(6) === 0
        ? [
            "XSETID",
            key,
            String(state.top + random(9)),
            ...(random(2) === 0 ? ["ENTRIESADDED", String(random(500))] : []),
          ]
        : ["XINFO", "STREAM", key];
    default:
      return random(20) === 0 ? ["COPY", key, "s3", "REPLACE"] : ["XRANGE", key, "-", "+"];
  }
}

describe.skipIf(!redisServerPresent())("streams beside redis-server", () => {
  let oracle: RedisOracle;
  beforeAll(async () => {
    oracle = await RedisOracle.start(["--stream-node-max-entries", "12"]);
  });
  afterAll(() => oracle.stop());

  for (const protocol of ["2", "3"]) {
    it(
      `replies alike in RESP${protocol} (SIDER_SEED=${String(fuzzSeed)})`,
      { timeout: 60_000 * fuzzScale },
      async () => {
        const random = seededRandom(fuzzSeed + Number(protocol));
        const { connect: connectHere } = createTestServer({ "stream-node-max-entries": "12" });
        const client = connectHere();
        client.send("HELLO", protocol);
        await oracle.send("HELLO", protocol);
        await oracle.send("FLUSHALL");
        state.top = 1;
        const log: string[] = [];
        for (let step = 0; step < 6000 * fuzzScale; step++) {
          const words = someCommand(random);
          log.push(words.join(" "));
          const expected = await oracle.send(...words);
          const actual = client.send(...words);
          if (actual === expected) continue;
          if (isKnownDifference(words, expected, actual)) {
            if (!isRefusedLastId(words, actual)) continue;
            // from here on the two streams would differ
            await oracle.send("DEL", words[1] ?? "");
            client.send("DEL", words[1] ?? "");
            continue;
          }
          expect(actual, `step ${String(step)}: ${log.slice(-30).join("\n")}`).toBe(expected);
        }
      },
    );
  }
});

/** What 7.2 does otherwise. */
function isKnownDifference(words: readonly string[], expected: string, actual: string): boolean {
  // reading makes the consumer even when there is nothing to read, and how far a group has come is told by other rules
  if (words[0] === "XINFO" || words[1] === "CREATECONSUMER")
    return withoutProgress(withoutConsumers(expected)) === withoutProgress(withoutConsumers(actual));
  return isRefusedLastId(words, actual);
}

/** The largest deleted id is a limit for XSETID. */
function isRefusedLastId(words: readonly string[], actual: string): boolean {
  return words[0] === "XSETID" && actual.includes("smaller than current max_deleted_entry_id");
}

function withoutConsumers(reply: string): string {
  return reply.replace(/consumers\r\n:\d+/g, "").replace(/^:[01]\r\n$/, "");
}

function withoutProgress(reply: string): string {
  return reply.replace(/(entries-read|lag)\r\n(:-?\d+|\$-1|_)/g, "");
}
