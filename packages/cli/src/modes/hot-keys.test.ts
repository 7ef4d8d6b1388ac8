import { describe, expect, test } from "vitest";
import { startAnsweringServer, type Answer } from "../testing/answering-server.ts";
import { compareCli, compareInterrupted } from "../testing/compare-cli.ts";
import { callsOf, redisCliPresent } from "../testing/redis.ts";
import { useRedis } from "../testing/use-redis.ts";

describe.skipIf(!redisCliPresent())("--hotkeys", () => {
  const redis = useRedis([
    ["CONFIG", "SET", "maxmemory-policy", "allkeys-lfu", "lfu-log-factor", "0", "lfu-decay-time", "0"],
    ["DEBUG", "POPULATE", "2000"],
    ...Array.from({ length: 40 }, (_, index) =>
      Array.from({ length: (index * 7) % 23 }, () => ["GET", `key:${index * 31}`]),
    ).flat(),
    ["SELECT", "1"],
    ["MSET", "a", "1", 'q"\n', "2"],
  ]);

  test.each([
    [["--hotkeys"]],
    [["--hotkeys", "-n", "1"]],
    [["--hotkeys", "-n", "2"]],
    [["--hotkeys", "--pattern", "key:1*"]],
    [["--hotkeys", "-i", "0.001", "-3"]],
  ])("%j", async (args) => {
    await compareCli([...redis.atPort, ...args]);
  });

  test("Ctrl-C brings the summary of what has been seen", async () => {
    const { stdout } = await compareInterrupted(
      [...redis.atPort, "--hotkeys", "-i", "5"],
      () => redis.client.send(["CONFIG", "RESETSTAT"]),
      async () => (await callsOf(redis, "scan")) === 100,
    );
    expect(stdout).toMatch(/\n\[\d\d\.\d\d%\] Sampled 1\d\d\d keys in the keyspace!\n/);
  });

  test("without an LFU policy", async () => {
    await redis.client.send(["CONFIG", "SET", "maxmemory-policy", "noeviction"]);
    await compareCli([...redis.atPort, "--hotkeys"]);
    await compareCli([...redis.atPort, "--hotkeys", "-n", "3"]);
  });

  const keys = Array.from({ length: 60 }, (_, index) => `k${String((index * 37) % 61)}`);
  const bulks = keys.map((key) => `$${key.length}\r\n${key}\r\n`).join("");
  const answers =
    (frequency: Answer): Answer =>
    (args) => {
      if (args[0] === "DBSIZE") return ":60\r\n";
      return args[0] === "SCAN" ? `*2\r\n$1\r\n0\r\n*60\r\n${bulks}` : frequency(args);
    };

  test.each<[string, Answer]>([
    ["many counters", ([, , key = ""]) => `:${Number(key.slice(1)) % 40}\r\n`],
    ["equal counters", ([, , key = ""]) => `:${Number(key.slice(1)) % 3}\r\n`],
    ["keys that go in between", ([, , key = ""]) => (key.endsWith("5") ? "$-1\r\n" : ":9\r\n")],
    ["a refusal", () => "-NOPERM no\r\n"],
    ["the end in the middle", () => null],
  ])("%s", async (_, frequency) => {
    const server = await startAnsweringServer(answers(frequency));
    await compareCli(["-p", String(server.port), "--hotkeys"]);
    await server.stop();
  });
});
