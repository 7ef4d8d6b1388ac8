/**
 * Random replies, printed by redis-cli and by sider-cli in every format: the same bytes. And random lines of a script. A script asks for many replies, and behind each
 * for a line that nothing else prints, so that the reply that made a difference is found.
 */
import { Buffer } from "node:buffer";
import { describe, expect, test } from "vitest";
import { fuzzScale, fuzzSeed, type Random, randomFrom } from "../testing/random.ts";
import { redisCliPresent, runRedisCli } from "../testing/redis.ts";
import { runCli } from "../testing/run-cli.ts";
import { FORMATS, TERMINAL, withoutTimes } from "./invocation.ts";
import { randomReply } from "./random-replies.ts";
import { startRowServer } from "./row-server.ts";

const REPLIES = Math.ceil(400 * fuzzScale);
const AWKWARD = "\"\"''\\\\  \t\r\v\fxxx41fnqab";
const MARK = "end of reply ";

describe.skipIf(!redisCliPresent())("random replies", () => {
  test.each(FORMATS.map((options, index) => [options.join(" "), options, (fuzzSeed + index) | 0] as const))(
    "%s",
    async (_, options, ownSeed) => {
      const random = randomFrom(ownSeed);
      const replies = Array.from({ length: REPLIES }, () => randomReply(random));
      const server = await startRowServer();
      server.answer({ answers: replies.flatMap((reply, index) => [reply, `+${MARK}${index}\r\n`]) });
      const call = ["-p", String(server.port), ...options];
      const surroundings = { input: "get x\n".repeat(REPLIES * 2), env: TERMINAL };
      const theirs = withoutTimes(await runRedisCli(call, surroundings));
      const ours = withoutTimes(await runCli(call, surroundings));
      await server.stop();
      const first = firstDifference(theirs.stdout, ours.stdout);
      const report = { fuzzSeed, reply: replies[first.index], theirs: first.theirs, ours: first.ours };
      if (theirs.stdout !== ours.stdout)
        throw new Error(`repeat with SIDER_SEED=${fuzzSeed}: ${JSON.stringify(report)}`);
      expect(ours).toEqual(theirs);
      expect(theirs.stdout).toContain(MARK + (REPLIES - 1));
    },
  );
});

describe.skipIf(!redisCliPresent())("random lines", () => {
  test("are split into the same arguments", async () => {
    const random = randomFrom(fuzzSeed);
    const lines = Array.from({ length: REPLIES * 5 }, () => `x ${randomWords(random)}`);
    const server = await startRowServer();
    server.answer({ mirrors: true });
    const call = ["-p", String(server.port), "--csv"];
    const surroundings = { input: Buffer.from(lines.join("\n") + "\n", "latin1") };
    const [theirs, ours] = await Promise.all([runRedisCli(call, surroundings), runCli(call, surroundings)]);
    await server.stop();
    const [expected, actual] = [theirs, ours].map(({ stdout }) => stdout.split("\n"));
    expect(expected).toHaveLength(lines.length + 1);
    const first = lines.findIndex((_, index) => expected?.[index] !== actual?.[index]);
    const report = { line: lines[first], theirs: expected?.[first], ours: actual?.[first] };
    expect(first, `repeat with SIDER_SEED=${fuzzSeed}: ${JSON.stringify(report)}`).toBe(-1);
    expect(ours).toEqual(theirs);
  });
});

/** Quotes, escapes and blanks of every kind, without the bytes that end a line. */
function randomWords(random: Random): string {
  const character = (): string => {
    if (random(6) === 0) return String.fromCharCode(1 + random(255));
    return AWKWARD.charAt(random(AWKWARD.length));
  };
  return Array.from({ length: random(14) }, character)
    .join("")
    .replaceAll("\n", " ");
}

/** What each printed for the first reply that is not the same. */
function firstDifference(theirs: string, ours: string): { index: number; theirs?: string; ours?: string } {
  const [left, right] = [theirs.split(MARK), ours.split(MARK)];
  const index = left.findIndex((text, at) => text !== right[at]);
  return {
    index,
    ...(left[index] === undefined ? {} : { theirs: left[index] }),
    ...(right[index] === undefined ? {} : { ours: right[index] }),
  };
}
