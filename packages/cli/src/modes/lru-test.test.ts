import { describe, expect, test } from "vitest";
import { freePort, redisCliPresent, runRedisCli } from "../testing/redis.ts";
import type { Respond } from "../testing/responder.ts";
import { runCli } from "../testing/run-cli.ts";
import { startMode, TestClock, until } from "../testing/run-mode.ts";
import { useRedis } from "../testing/use-redis.ts";
import { useResponder } from "../testing/use-responder.ts";
import { runLruTest } from "./lru-test.ts";

const serve = useResponder();

/** A clock that looks like half a second, so that a cycle is two rounds. */
function halfSeconds(): TestClock {
  return new TestClock(() => 400);
}

/** As many replies as there are requests. */
function toEach(input: string, reply: (name: string, number: number) => string): string {
  return [...input.matchAll(/\*[23]\r\n\$3\r\n(SET|GET)/g)].map(([, name], number) => reply(name, number)).join("");
}

test("hits and misses of a known server", async () => {
  const args = await serve((input) =>
    toEach(input, (name, number) => (name === "SET" ? "-OOM\r\n" : number % 8 === 0 ? "$-1\r\n" : "$1\r\nx\r\n")),
  );
  const run = startMode((context) => runLruTest(context, halfSeconds()), [...args, "--lru-test", "100"]);
  await until(() => run.stdout().split("\n").length > 2);
  run.interrupt();
  expect(await run.exitCode).toBe(130);
  expect(run.stdout().split("\n")[0]).toBe("500 Gets/sec | Hits: 436 (87.20%) | Misses: 64 (12.80%)");
  expect(run.stderr()).toBe("");
});

test("a fifth of the keys gets four fifths of the load, and all are in range", async () => {
  const counts = new Map<number, number>();
  const args = await serve((input) => {
    for (const [, key] of input.matchAll(/lru:(\d+)/g)) counts.set(Number(key), (counts.get(Number(key)) ?? 0) + 1);
    return toEach(input, () => "$1\r\nx\r\n");
  });
  let seed = 42;
  const random = (): number => (seed = (seed * 48271) % 2147483647) / 2147483647;
  const run = startMode((context) => runLruTest(context, halfSeconds(), random), [...args, "--lru-test", "1000"]);
  await until(() => run.stdout().split("\n").length > 20);
  run.interrupt();
  await run.exitCode;
  const total = [...counts.values()].reduce((sum, count) => sum + count);
  const popular = [...counts].reduce((sum, [key, count]) => (key <= 200 ? sum + count : sum), 0);
  expect(total).toBeGreaterThanOrEqual(20_000);
  expect(popular / total).toBeCloseTo(0.8, 1);
  expect(Math.min(...counts.keys())).toBe(1);
  expect(Math.max(...counts.keys())).toBeLessThanOrEqual(1000);
});

test("errors alone end it, told once", async () => {
  const args = await serve((input) => toEach(input, () => "-NOAUTH Authentication required.\r\n"));
  const run = startMode((context) => runLruTest(context, halfSeconds()), [...args, "--lru-test", "100"]);
  expect(await run.exitCode).toBe(1);
  expect(run.stderr()).toBe("NOAUTH Authentication required.\n");
  expect(run.stdout()).toBe("");
});

test("a count of keys that is none", async () => {
  expect(await runCli(["--lru-test", "0"])).toEqual({
    code: 1,
    stdout: "",
    stderr: "--lru-test needs a number of keys above 0, not 0\n",
  });
});

describe.skipIf(!redisCliPresent())("beside redis-cli", () => {
  const redis = useRedis();

  test("a line of a real server", async () => {
    const args = [...redis.atPort, "--lru-test", "100"];
    const run = startMode((context) => runLruTest(context, halfSeconds()), args);
    await until(() => run.stdout().includes("\n"));
    run.interrupt();
    await run.exitCode;
    expect(run.stdout().split("\n")[0]).toMatch(
      /^500 Gets\/sec \| Hits: \d+ \(\d+\.\d\d%\) \| Misses: \d+ \(\d+\.\d\d%\)$/,
    );
    const names = await redis.client.call(["KEYS", "*"]);
    expect(names).toEqual((names as string[]).filter((name) => /^lru:\d{1,3}$/.test(name)));
    expect(await redis.client.call(["STRLEN", (names as string[])[0]])).toBe(5);
  });

  test.each<[string, Respond]>([
    ["the server goes away", (_, _connection, index) => (index === 0 ? "+OK\r\n".repeat(250) : null)],
    ["it closes at once", () => null],
  ])("%s", async (_, respond) => {
    const args = [...(await serve(respond)), "--lru-test", "10"];
    const [ours, theirs] = await Promise.all([runCli(args), runRedisCli(args)]);
    expect(ours).toEqual(theirs);
  });

  test("no server", async () => {
    const args = ["-p", String(await freePort()), "--lru-test", "10"];
    expect(await runCli(args)).toEqual(await runRedisCli(args));
  });
});
