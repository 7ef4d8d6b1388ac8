/**
 * The same calls of redis-cli and sider-cli at the same server: the same bytes on standard output and standard error, the same exit
 * code. The calls are the tables in `comparison/`; the server is redis-server, or one that says what a row tells it to.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ADDRESSES } from "./comparison/addresses.ts";
import { COMMANDS } from "./comparison/commands.ts";
import { DIFFERENCES, type Part } from "./comparison/differences.ts";
import { faultRows } from "./comparison/faults.ts";
import { titleOf, withoutTimes, type Invocation } from "./comparison/invocation.ts";
import { OPTION_ROWS } from "./comparison/options.ts";
import { SCRIPTS } from "./comparison/scripts.ts";
import { ComparisonServers } from "./comparison/servers.ts";
import { REPLY_SHAPES } from "./comparison/shapes.ts";
import { freePort, redisCliPresent, runRedisCli, startRedis } from "./testing/redis.ts";
import { runCli, type RunResult } from "./testing/run-cli.ts";

const FEWEST_INVOCATIONS = 300;
/** A call that waits for what does not come is told apart from a slow machine. */
const LONGEST_CALL_MS = 8000;

describe.skipIf(!redisCliPresent())("redis-cli and sider-cli", () => {
  let servers: ComparisonServers;
  let compared = 0;

  beforeAll(async () => {
    servers = await ComparisonServers.start();
  });
  afterAll(() => servers.stop());

  async function resultsOf([args, around = {}]: Invocation): Promise<{ theirs: RunResult; ours: RunResult }> {
    const call = [...(await servers.prepare(around)), ...args.map((argument) => servers.named(argument))];
    const theirs = runRedisCli(call, around);
    // A server that only says what it was told is the same for both at once; redis-server is brought back before the second.
    if (around.answers === undefined) {
      await theirs;
      await servers.prepare(around);
    }
    const [expected, actual] = await Promise.all([theirs, runCli(call, around)]);
    return { theirs: expected, ours: actual };
  }

  async function compare(row: Invocation): Promise<void> {
    const { theirs, ours } = await resultsOf(row);
    expect(withoutTimes(ours)).toEqual(withoutTimes(theirs));
    compared++;
  }

  function compareAll(rows: readonly Invocation[]): void {
    const titled = rows.map((row): [string, Invocation] => [titleOf(row), row]);
    test.each(titled)("%s", { timeout: LONGEST_CALL_MS }, (_, row) => compare(row));
  }

  describe("addresses", () => compareAll(ADDRESSES));
  describe("commands", () => compareAll(COMMANDS));
  describe("replies", () => compareAll(REPLY_SHAPES));
  describe("options", () => compareAll(OPTION_ROWS));
  describe("scripts", () => compareAll(SCRIPTS));
  describe("faults", async () => compareAll(faultRows(await freePort())));

  test("a server that shuts down", async () => {
    for (const args of [
      ["shutdown", "nosave"],
      ["-e", "shutdown"],
    ]) {
      const [first, second] = [await startRedis(), await startRedis()];
      const theirs = await runRedisCli(["-p", String(first.port), ...args]);
      expect(await runCli(["-p", String(second.port), ...args])).toEqual(theirs);
      compared++;
      await Promise.all([first.stop(), second.stop()]);
    }
  });

  test(`at least ${FEWEST_INVOCATIONS} calls were compared`, ({ skip }) => {
    if (compared === 0) skip("only some tests were asked for");
    expect(compared).toBeGreaterThanOrEqual(FEWEST_INVOCATIONS);
  });

  describe("differences that are meant", () => {
    const titled = DIFFERENCES.map((row) => [`${titleOf(row.invocation)}: ${row.reason}`, row] as const);
    test.each(titled)("%s", { timeout: LONGEST_CALL_MS }, async (_, { invocation, redisCli, siderCli }) => {
      const { theirs, ours } = await resultsOf(invocation);
      expect(theirs).toMatchObject(matching(redisCli));
      expect(ours).toMatchObject(matching(siderCli));
      expect(ours).not.toEqual(theirs);
    });
  });
});

/** Regular expressions match, all else is equal. */
function matching(part: Part): object {
  const entries = Object.entries(part).map(([name, value]: [string, unknown]) => [
    name,
    value instanceof RegExp ? (expect.stringMatching(value) as unknown) : value,
  ]);
  return Object.fromEntries(entries) as object;
}
