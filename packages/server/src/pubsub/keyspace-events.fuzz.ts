/**
 * Keyspace notifications of random commands of all types, here and on redis-server 7.0: the same messages in the same order. Needs
 * redis-server; skipped without one.
 */
import { seededRandom } from "@sider/keyspace-engine";
import { ReplyParser } from "@sider/resp-protocol";
import { expect, test } from "vitest";
import { RandomCommands } from "../testing/random-commands.ts";
import { RedisOracle, redisServerPresent } from "../testing/redis-oracle.ts";
import { createTestServer } from "../testing/test-client.ts";

const SEED = Number(process.env["SIDER_SEED"] ?? Math.floor(Math.random() * 1e9));
const STEPS = 3000 * Number(process.env["SIDER_FUZZ_SCALE"] ?? 1);
/** What these take is a matter of chance, or of an order that Redis draws: the keys would not be the same afterwards. */
const BY_CHANCE = ["spop", "zremrangebylex"];
/** 7.2 makes the consumer of XREADGROUP, XCLAIM and XAUTOCLAIM also when it gets nothing. */
const MADE_CONSUMER = "xgroup-createconsumer";
const SETUP = [
  ["hello", "3"],
  ["config", "set", "notify-keyspace-events", "AKEmn"],
  ["psubscribe", "__key*"],
];

/** The messages among replies and messages: "channel message", Latin-1. */
function messagesIn(text: string): string[] {
  const messages: string[] = [];
  const parser = new ReplyParser({
    onReply: () => undefined,
    onPush: (words) => messages.push(words.slice(2).map(String).join(" ")),
  });
  const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0));
  parser.feed(bytes, 0, bytes.length);
  return messages;
}

/** What would wait, or would let a key expire meanwhile, which happens when it happens. */
function isUntimely(words: readonly string[]): boolean {
  if (words.includes("block") || /^b(l|r|z)/.test(words[0])) return true;
  if (/^p?(set|expire)ex$|^p?expire$/.test(words[0]) && words.some((word) => isShort(word))) return true;
  const at = words.indexOf("px");
  return at >= 0 && isShort(words[at + 1]);
}

function isShort(word: string): boolean {
  return /^[0-9]+$/.test(word) && Number(word) < 20_000;
}

test.skipIf(!redisServerPresent())("the same messages in the same order", { timeout: 120_000 }, async () => {
  console.log(`SIDER_SEED=${String(SEED)}`);
  const random = seededRandom(SEED);
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
    if (BY_CHANCE.includes(name) || isUntimely(command)) continue;
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
