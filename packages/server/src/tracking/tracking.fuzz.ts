/**
 * Which keys random commands of all types change, as a client with CLIENT TRACKING sees it, here and on redis-server 7.0: all keys (BCAST),
 * and those that it has just read. Needs redis-server; skipped without one.
 */
import { seededRandom } from "@sider/keyspace-engine";
import { expect, test } from "vitest";
import { fuzzScale, fuzzSeed } from "../testing/fuzzing.ts";
import { isUntimely, pushesIn } from "../testing/pushes.ts";
import { RandomCommands } from "../testing/random-commands.ts";
import { RedisOracle, redisServerPresent } from "../testing/redis-oracle.ts";
import { createTestServer } from "../testing/test-client.ts";

const STEPS = 1500 * fuzzScale;
const KEYS = ["s", "l", "h", "t", "z", "x", "p"].flatMap((prefix) => [0, 1, 2, 3].map((at) => prefix + String(at)));

/** The keys that are told of, in order of their names: the commands change several in an order of their own. */
function keysIn(text: string): string {
  return pushesIn(text)
    .flatMap((words) => words[1].split(","))
    .sort()
    .join(" ");
}

test.skipIf(!redisServerPresent()).each([
  ["all keys", ["client", "tracking", "on", "bcast"], ["ping"]],
  ["keys that were read", ["client", "tracking", "on"], ["exists", ...KEYS]],
])("%s", { timeout: 120_000 }, async (_, setup, read) => {
  console.log(`SIDER_SEED=${String(fuzzSeed)}`);
  const running = createTestServer();
  const commands = new RandomCommands(seededRandom(fuzzSeed), () => Date.now() + 60_000);
  const oracle = await RedisOracle.start();
  const theirTracker = await oracle.connectAgain();
  const client = running.connect();
  const tracker = running.connect();
  for (const words of [["hello", "3"], setup]) {
    tracker.send(...words);
    await theirTracker.send(...words);
  }
  const differences = new Map<string, string>();
  for (let step = 0; step < STEPS; step++) {
    const command = commands.next();
    if (isUntimely(command)) continue;
    running.clock.now = Date.now();
    client.send(...command);
    await oracle.send(...command);
    tracker.session.server.pushes.flush();
    const ours = keysIn(tracker.send(...read));
    const theirs = keysIn(await theirTracker.send(...read));
    if (ours === theirs || differences.has(command[0])) continue;
    const text = `step ${String(step)}: ${command.join(" ").slice(0, 200)}\nours:  ${ours}\nredis: ${theirs}`;
    differences.set(command[0], text);
  }
  await theirTracker.stop();
  await oracle.stop();
  expect([...differences.values()].join("\n\n")).toBe("");
});
