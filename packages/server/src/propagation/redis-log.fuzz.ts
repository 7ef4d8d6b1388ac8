/** Random commands of all types: what a feed is told beside what redis-server 7.0 writes into its append-only file, command by command. */
import { closeSync, openSync, readdirSync, readSync } from "node:fs";
import { join } from "node:path";
import { seededRandom } from "@sider/keyspace-engine";
import { expect, test } from "vitest";
import { CollectingFeed, parseRequests } from "../testing/collecting-feed.ts";
import { fuzzScale, fuzzSeed } from "../testing/fuzzing.ts";
import { RandomCommands } from "../testing/random-commands.ts";
import { RedisOracle, redisServerPresent } from "../testing/redis-oracle.ts";
import { createTestServer } from "../testing/test-client.ts";
import { addFeed } from "./index.ts";

const steps = Math.ceil(3000 * fuzzScale);
const STEPS_PER_ROUND = 300;
/** A time to live below this could end between two servers. */
const SAFE_MS = 30_000;
const PIECE_BYTES = 1 << 20;

/**
 * Chance, ids that are made from the time, consumers, whom 7.2 makes where 7.0 does not, XSETID, of which 7.2 refuses more,
 * payloads that are none, and ranges of bytes among members of different scores.
 */
const SKIPPED =
  /^spop|\*|^xgroup (create|del)consumer|^xsetid|^restore|^zremrangebylex|^debug|^dump|^scan|^xinfo|^object|^memory|^lolwut/i;
const OF_GROUPS = /^(xreadgroup|xclaim|xautoclaim)/i;

/** The end of the oracle's log: the commands that have come since the last look. */
class LogReader {
  private readonly file: number;
  private readonly piece = Buffer.alloc(PIECE_BYTES);

  constructor(directory: string) {
    const logs = join(directory, "appendonlydir");
    const name = readdirSync(logs).find((file) => file.endsWith(".incr.aof"));
    if (name === undefined) throw new Error("no log");
    this.file = openSync(join(logs, name), "r");
  }

  next(): string[] {
    let text = "";
    for (let count = PIECE_BYTES; count === PIECE_BYTES;) {
      count = readSync(this.file, this.piece);
      text += this.piece.toString("latin1", 0, count);
    }
    return parseRequests(text).map((words) => words.join(" "));
  }

  close(): void {
    closeSync(this.file);
  }
}

/** Times differ by a few milliseconds, groups by what 7.2 says in addition. */
function comparable(lines: readonly string[], command: string): string[] {
  const ofGroups = OF_GROUPS.test(command);
  return lines
    .filter((line) => !/^SELECT /i.test(line))
    .filter((line) => !ofGroups || !/^(MULTI|EXEC|XGROUP (SETID|CREATECONSUMER) .*)$/s.test(line))
    .map((line) => line.replaceAll(/\b1\d{12}\b/g, "TIME"));
}

function isSafe(words: readonly string[], nowMs: number): boolean {
  if (SKIPPED.test(words.join(" ")) || words.includes("*")) return false;
  const isTimed = /^(p?expire(at)?|p?setex|getex|set|xclaim)$/i.test(words[0]);
  // a key that is set with a date that has passed is there, and commands on whole keys do not agree on how it goes
  const mayHavePassed = !/^set$/i.test(words[0]);
  return !isTimed || words.every((word) => !/^\d+$/.test(word) || isFar(Number(word), nowMs, mayHavePassed));
}

function isFar(timeMs: number, nowMs: number, mayHavePassed: boolean): boolean {
  const leftMs = timeMs > nowMs / 2 ? timeMs - nowMs : timeMs;
  return leftMs > SAFE_MS || (mayHavePassed && leftMs <= 0);
}

test.runIf(redisServerPresent())(
  `a feed is told what redis-server writes into its log (SIDER_SEED=${String(fuzzSeed)})`,
  async () => {
    const oracle = await RedisOracle.start([
      "--appendonly",
      "yes",
      "--appendfsync",
      "no",
      "--enable-debug-command",
      "yes",
    ]);
    await oracle.send("DEBUG", "SET-ACTIVE-EXPIRE", 0); // once it answers there is a log
    const log = new LogReader(oracle.directory);
    const random = seededRandom(fuzzSeed);
    const { server, clock, connect } = createTestServer({ "enable-debug-command": "yes" }, fuzzSeed);
    const [client, feed, commands] = [connect(), new CollectingFeed(), new RandomCommands(random, () => clock.now)];
    addFeed(server, feed);
    try {
      for (let step = 0; step < steps; step++) {
        clock.now = Date.now();
        const words = step % STEPS_PER_ROUND === 0 ? ["flushall"] : commands.next();
        if (!isSafe(words, clock.now)) continue;
        const requests = random(8) === 0 || /^b|block/i.test(words.join(" ")) ? [["MULTI"], words, ["EXEC"]] : [words];
        const ours = requests.map((request) => client.send(...request)).join("");
        const theirs = await oracle.sendAll(requests);
        const what = `step ${String(step)}: ${words.join(" ")}: ${ours}, not ${theirs}`;
        expect(comparable(feed.take(), words[0]), what).toEqual(comparable(log.next(), words[0]));
      }
    } finally {
      log.close();
      await oracle.stop();
    }
  },
  60_000 + steps,
);
