/** Pipelines on large values, whose elements are read ahead, against the same commands one by one. */
import { seededRandom } from "@sider/keyspace-engine";
import { expect, it, vi } from "vitest";
import { fuzzScale, fuzzSeed } from "../testing/fuzzing.ts";
import { createTestServer } from "../testing/test-client.ts";
import type { TestClient } from "../testing/test-client.ts";
import { ReadAhead } from "./read-ahead.ts";

const random = seededRandom(fuzzSeed);
/** Enough that the tables count as large. */
const LARGE = 36_000;
const COMMANDS = [
  "HSET hash e# v#",
  "HSET hash e# v# e# w#",
  "HGET hash e#",
  "HMGET hash e# e# missing",
  "HDEL hash e#",
  "HINCRBY hash n# 2",
  "HSET hash e#",
  "HGET",
  "SADD set e# new#",
  "SREM set e#",
  "SISMEMBER set e#",
  "SMISMEMBER set e# e#",
  "ZADD zset # e#",
  "ZADD zset XX CH # e# # e#",
  "ZADD zset NX",
  "ZSCORE zset e#",
  "ZRANK zset e#",
  "ZREM zset e#",
  "ZINCRBY zset 1.5 e#",
  "HGET set e#",
  "SADD hash e#",
  "HSET small e# v",
  "HGET small e#",
  "GEOADD zset 1 2 g#",
];
const RARE = [
  "DEL hash",
  "DEL set",
  "DEL zset",
  "RENAME hash small",
  "FLUSHALL",
  "MULTI",
  "EXEC",
  "SELECT 1",
  "SELECT 0",
];

function fill(client: TestClient): void {
  for (let at = 0; at < LARGE; at += 1000) {
    const elements = Array.from({ length: 1000 }, (_, index) => `e${String(at + index)}`);
    client.sendRaw(`HSET hash ${elements.join(" v ")} v\r\n`);
    client.sendRaw(`SADD set ${elements.join(" ")}\r\n`);
    client.sendRaw(`ZADD zset 7 ${elements.join(" 7 ")}\r\n`);
  }
}

it("replies as if nothing had been read ahead", () => {
  const noted = vi.spyOn(ReadAhead.prototype, "noteElements");
  const whole = createTestServer().connect();
  const single = createTestServer().connect();
  const draw = (): string => {
    const list = random(400) === 0 ? RARE : COMMANDS;
    return (list[random(list.length)] ?? "").replaceAll("#", () => String(random(LARGE * 2)));
  };
  for (let round = 0; round < fuzzScale; round++) {
    fill(whole);
    fill(single);
    for (let pipelines = 0; pipelines < 50; pipelines++) {
      const commands: string[] = [];
      while (commands.length < 150) {
        const command = draw();
        const repeats = random(20);
        for (let repeat = 0; repeat <= repeats; repeat++)
          commands.push(command.replace(/\d+/, (digits) => digits + String(repeat % 3)));
      }
      const together = whole.sendRaw(`${commands.join("\r\n")}\r\n`);
      const apart = commands.map((command) => single.sendRaw(`${command}\r\n`)).join("");
      if (together !== apart)
        expect.fail(`SIDER_SEED=${String(fuzzSeed)}: ${firstDifference(commands, together, apart)}`);
    }
    for (const client of [whole, single]) client.sendRaw("EXEC\r\nSELECT 0\r\nFLUSHALL\r\n");
  }
  expect(noted.mock.calls.length).toBeGreaterThan(100);
});

function firstDifference(commands: readonly string[], together: string, apart: string): string {
  const [one, other] = [together.split("\r\n"), apart.split("\r\n")];
  const line = one.findIndex((text, at) => text !== other[at]);
  return `line ${String(line)}: '${one[line] ?? ""}' instead of '${other[line] ?? ""}' of ${commands.slice(0, 20).join("; ")}`;
}
