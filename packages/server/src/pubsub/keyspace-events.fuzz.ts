/**
 * Keyspace notifications of random commands of all types, here and on redis-server 7.0: the same messages in the same order. Needs
 * redis-server; skipped without one.
 */
import { seededRandom } from "@sider/keyspace-engine";
import { expect, test } from "vitest";
import { fuzzScale, fuzzSeed } from "../testing/fuzzing.ts";
import { isUntimely, pushesIn } from "../testing/pushes.ts";
import { RandomCommands } from "../testing/random-commands.ts";
import { RedisOracle, redisServerPresent } from "../testing/redis-oracle.ts";
import { createTestServer } from "../testing/test-client.ts";

const STEPS = 3000 * fuzzScale;
/** 7.2 makes the consumer of XREADGROUP, XCLAIM and XAUTOCLAIM also when it gets nothing. */
const MADE_CONSUMER = "xgroup-createconsumer";
const SETUP = [
  ["hello", "3"],
  ["config", "set", "notify-keyspace-events", "AKEmn"],
  ["psubscribe", "__key*"],
];

/** The messages among replies and messages: "channel message". */
function messagesIn(text: string): string[] {
  return pushesIn(text).map((words) => words.slice(2).join(" "));
}

test.skipIf(!redisServerPresent())("the same messages in the same order", { timeout: 120_000 }, async () => {
  console.log(`SIDER_SEED=${String(fuzzSeed)}`);
  const random = seededRandom(fuzzSeed);
  const running = createTestServer();
  const commands = new RandomCommands(random, () => Date.now() + 60_000);
  const oracle = await RedisOracle.start();
  const client = running.connect();
  const listener = await oracle.connectAgain();
  await listener.sendAll(SETUP);
  for (const words of SETUP) client.send(...words);
  const differences = new Map<string, string>();
  for (let step = 0; step < STEPS; step++) {
    const command = commands.next();
    const [name] = command;
    if (isUntimely(command)) continue;
    running.clock.now = Date.now();
    const ourMessages = messagesIn(client.send(...command));
    const isRefused = (await oracle.send(...command)).startsWith("-");
    const theirMessages = messagesIn(await listener.send("ping"));
    const isCompared = (message: string): boolean =>
      !(message.includes(MADE_CONSUMER) && name !== "xgroup") && !(message.includes("keymiss") && isRefused);
    const ours = ourMessages.filter(isCompared).join("\n");
    const theirs = theirMessages.filter(isCompared).join("\n");
    if (ours === theirs) continue;
    const text = `step ${String(step)}: ${command.join(" ").slice(0, 200)}\nours:\n${ours}\nredis:\n${theirs}`;
    if (!differences.has(name)) differences.set(name, text);
  }
  await listener.stop();
  await oracle.stop();
  expect([...differences.values()].join("\n\n")).toBe("");
});
