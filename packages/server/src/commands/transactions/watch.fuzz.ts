/**
 * Which commands break a watch: random commands of all types on a server here and on redis-server 7.0, each with one of its keys watched,
 * and whether EXEC runs after it compared. Needs redis-server; skipped without one.
 */
import { seededRandom } from "@sider/keyspace-engine";
import { expect, test } from "vitest";
import { fuzzScale, fuzzSeed } from "../../testing/fuzzing.ts";
import { RandomCommands } from "../../testing/random-commands.ts";
import { RedisOracle, redisServerPresent } from "../../testing/redis-oracle.ts";
import { createTestServer } from "../../testing/test-client.ts";

const STEPS = 3000 * fuzzScale;
/** What these take is a matter of chance, or of an order that Redis draws: the keys would not be the same afterwards. */
const BY_CHANCE = ["spop", "zremrangebylex"];

test.skipIf(!redisServerPresent())("the same commands break a watch", { timeout: 120_000 }, async () => {
  console.log(`SIDER_SEED=${String(fuzzSeed)}`);
  const random = seededRandom(fuzzSeed);
  const commands = new RandomCommands(random);
  const oracle = await RedisOracle.start();
  const client = createTestServer().connect();
  for (let step = 0; step < STEPS; step++) {
    const command = commands.next();
    if (BY_CHANCE.includes(command[0])) continue;
    const keys = command.filter((word) => /^[a-z]\d$/.test(word));
    const key = keys.length > 0 ? keys[random(keys.length)] : `s${String(random(4))}`;
    const before = await oracle.send("type", key);
    const requests = [["watch", key], command, ["multi"], ["exec"]];
    const [ours, theirs] = [
      requests.map((words) => client.send(...words)).join(""),
      await oracle.sendAll(requests),
    ].map((replies) => replies.slice(replies.lastIndexOf("*")));
    expect(ours, `step ${String(step)}: ${command.join(" ").slice(0, 200)}, watched: ${key} (${before.trim()})`).toBe(
      theirs,
    );
  }
  await oracle.stop();
});
