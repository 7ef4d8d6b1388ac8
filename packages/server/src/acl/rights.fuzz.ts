/**
 * Random users and random commands, here and in redis-server: the same rules are taken, and each user may do the same. What ACL LIST
 * prints of a user here makes a user there that may do the same again.
 */
import { eachCommand } from "@sider/command-spec";
import type { Command } from "@sider/command-spec";
import { seededRandom } from "@sider/keyspace-engine";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fuzzScale, fuzzSeed } from "../testing/fuzzing.ts";
import { RedisOracle, redisServerPresent } from "../testing/redis-oracle.ts";
import { createTestServer } from "../testing/test-client.ts";

const random = seededRandom(fuzzSeed);
console.log(`SIDER_SEED=${String(fuzzSeed)}`);

function pick<Value>(values: readonly Value[]): Value {
  return values[random(values.length)];
}

/** Commands that take more arguments, or fewer, since 7.2. */
const OTHER_ARITY = new Set(["zrank", "zrevrank", "command|getkeys", "command|getkeysandflags"]);
const COUNTS = ["0", "1", "2"];
const KEYS = ["a", "a1", "b", "b1", "c", ""];
const WORDS = [...KEYS, ...COUNTS, "GET", "STORE", "BY", "COUNT", "STREAMS", "KEYS", "*", "INCRBY", "OVERFLOW"];
const PATTERNS = ["a*", "b?", "[ab]1", "c", "*", "", "\\a"];
const CATEGORIES = ["read", "WRITE", "keyspace", "slow", "fast", "string", "dangerous", "admin", "connection", "nope"];

describe.skipIf(!redisServerPresent())(`rights, seed ${String(fuzzSeed)}`, () => {
  let redis: RedisOracle;
  let commands: Command[] = [];

  beforeAll(async () => {
    redis = await RedisOracle.start();
    const known = new Set((await redis.send("COMMAND", "LIST")).split("\r\n"));
    commands = [...eachCommand()].filter(({ fullName }) => known.has(fullName) && !OTHER_ARITY.has(fullName));
  });
  afterAll(async () => {
    await redis.stop();
  });

  function randomRule(depth = 0): string {
    const { fullName, container } = pick(commands);
    const cases: (() => string)[] = [
      () => `${pick(["+", "-"])}${fullName}`,
      () => `+${fullName.toUpperCase()}`,
      () => (container === null ? `+${fullName}|${pick(WORDS)}` : `+${fullName}|x`),
      () => `${pick(["+", "-"])}@${pick(CATEGORIES)}`,
      () => `~${pick(PATTERNS)}`,
      () => `%${pick(["R", "W", "rw", "r", "", "RR"])}~${pick(PATTERNS)}`,
      () => `&${pick(PATTERNS)}`,
      () => pick(["+@all", "-@all", "allkeys", "resetkeys", "allchannels", "resetchannels", "on", "off", "nocommands"]),
      () =>
        pick([">x", "<x", "nopass", "resetpass", "reset", "clearselectors", "nonsense", "(", "skip-sanitize-payload"]),
      () => (depth > 0 ? "+get" : `(${Array.from({ length: random(4) }, () => randomRule(1)).join(" ")})`),
    ];
    return pick(cases)();
  }

  function randomRequest(): string[] {
    const command = pick(commands);
    const words = command.fullName.split("|");
    const fewest = Math.abs(command.arity);
    const count = command.arity > 0 ? fewest : fewest + random(4);
    while (words.length < count) words.push(pick(random(3) === 0 ? KEYS : WORDS));
    return words;
  }

  test("the same rules make the same rights", async () => {
    const client = createTestServer().connect();
    let accepted = 0;
    for (let round = 0; round < 60 * fuzzScale; round++) {
      const rules = Array.from({ length: 1 + random(6) }, () => randomRule());
      const words = ["ACL", "SETUSER", "u", ...rules];
      const [ours, theirs] = [client.send(...words), await redis.send(...words)];
      expect(ours, JSON.stringify(words)).toBe(theirs);
      if (ours !== "+OK\r\n") continue;
      accepted++;
      const line = (client.send("ACL", "LIST").split("\r\n").at(-2) ?? "").split(" ").slice(2);
      expect(await redis.send("ACL", "SETUSER", "printed", "reset", ...line), line.join(" ")).toBe("+OK\r\n");
      expect(partsOf(client.send("ACL", "GETUSER", "u"))).toEqual(partsOf(await redis.send("ACL", "GETUSER", "u")));
      await compareRights(rules, line);
    }
    expect(accepted).toBeGreaterThan(10 * fuzzScale);

    async function compareRights(rules: readonly string[], line: readonly string[]): Promise<void> {
      const requests = Array.from({ length: 40 }, randomRequest);
      for (const user of ["u", "printed"]) {
        const tries = requests.map((request) => ["ACL", "DRYRUN", user, ...request]);
        const theirs = repliesOf(await redis.sendAll(tries));
        for (const [index, request] of requests.entries()) {
          const [ours] = repliesOf(client.send("ACL", "DRYRUN", "u", ...request));
          const about = `${JSON.stringify(request)} by ${JSON.stringify(rules)}, printed as ${line.join(" ")}`;
          expect(as70(ours ?? ""), about).toBe(theirs[index]);
        }
      }
    }
  });
});

/** Replies that are a line or one bulk string each. */
function repliesOf(text: string): string[] {
  return [...text.matchAll(/([+-][^\r]*)\r\n|\$\d+\r\n((?:.|\n)*?)\r\n/g)].map((match) => match[1] ?? match[2] ?? "");
}

/** 7.0 does not name the user. */
function as70(reply: string): string {
  return reply.replace(/^User u has no permissions/, "This user has no permissions");
}

/** What ACL GETUSER says, without what Redis prints otherwise: the rules of commands, a flag of users that are new, a pattern. */
function partsOf(reply: string): string[] {
  const lines = reply
    .replaceAll("%RW~*", "~*")
    .split("\r\n")
    .filter((line) => !/^[$*]\d/.test(line));
  return lines.filter((line, index) => line !== "sanitize-payload" && lines[index - 1] !== "commands");
}
