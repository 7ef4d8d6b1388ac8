/** --bigkeys and --memkeys. */
import { describe, expect, test } from "vitest";
import { startAnsweringServer, type Answer } from "../testing/answering-server.ts";
import { compareCli, compareInterrupted } from "../testing/compare-cli.ts";
import { callsOf, freePort, redisCliPresent } from "../testing/redis.ts";
import { runCli } from "../testing/run-cli.ts";
import { useRedis } from "../testing/use-redis.ts";

const numbered = (count: number, of: (index: number) => string[]): string[] =>
  Array.from({ length: count }, (_, index) => of(index)).flat();

describe.skipIf(!redisCliPresent())("--bigkeys and --memkeys", () => {
  const redis = useRedis([
    ["DEBUG", "POPULATE", "2000"],
    ["SET", "big string", "x".repeat(5000)],
    ["RPUSH", "list", ...numbered(300, (index) => [`element ${index}`])],
    ["SADD", 'quoted "set"\n', "a", "b", "c"],
    ["HSET", "hash", ...numbered(40, (index) => [`f${index}`, "v"])],
    ["ZADD", "zset", ...numbered(17, (index) => [`${index}`, `m${index}`])],
    ["XADD", "stream", "1-1", "a", "1"],
    ["XADD", "stream", "1-2", "a", "1"],
    ["SELECT", "1"],
    ["MSET", "a", "1", "b", "22", "c", "333"],
    ["SELECT", "2"],
    ["SET", "empty", ""],
    ["SELECT", "3"],
    ["SADD", "only", "x"],
    // A share of the keys that ends in a half, which C rounds to the even digit.
    ["SELECT", "4"],
    ["MSET", ...numbered(31, (index) => [`s${index}`, "1"])],
    ["LPUSH", "l", "x"],
  ]);

  test.each([
    [["--bigkeys"]],
    [["--bigkeys", "--pattern", "*s*"]],
    [["--bigkeys", "--pattern", "nothing"]],
    [["--bigkeys", "--quoted-pattern", '"quoted*"']],
    [["--bigkeys", "-i", "0.001"]],
    [["--bigkeys", "-3"]],
    [["--bigkeys", "--no-raw"]],
    [["--bigkeys", "-n", "1"]],
    [["--bigkeys", "-n", "2"]],
    [["--bigkeys", "-n", "3"]],
    [["--bigkeys", "-n", "4"]],
    [["--bigkeys", "-n", "5"]],
    [["--memkeys"]],
    [["--memkeys", "-n", "1"]],
    [["--memkeys", "-n", "5"]],
    [["--memkeys", "--pattern", "[lhz]*"]],
    [["--memkeys-samples", "0"]],
    [["--memkeys-samples", "1"]],
    [["--memkeys-samples", "100"]],
    [["--bigkeys", "--memkeys"]],
  ])("%j", async (args) => {
    await compareCli([...redis.atPort, ...args]);
  });

  test("nobody listens", async () => {
    await compareCli(["-p", String(await freePort()), "--bigkeys"]);
  });

  test("Ctrl-C brings the summary of what has been seen", async () => {
    for (const mode of ["--bigkeys", "--memkeys"]) {
      const { code, stdout } = await compareInterrupted(
        [...redis.atPort, mode, "-i", "5"],
        () => redis.client.send(["CONFIG", "RESETSTAT"]),
        async () => (await callsOf(redis, "scan")) === 100,
      );
      expect(code).toBe(0);
      expect(stdout).toMatch(/\n\[\d\d\.\d\d%\] Sampled 1\d\d\d keys in the keyspace!\n/);
    }
  });

  const keys = ["a", "b", "c", "d", "e", "f", "g", "h"];
  const bulks = (texts: readonly string[]): string =>
    `*${texts.length}\r\n${texts.map((text) => `$${text.length}\r\n${text}\r\n`).join("")}`;
  const answers =
    (own: Record<string, Answer>): Answer =>
    (args) => {
      const name = (args[0] ?? "").toLowerCase();
      const usual: Record<string, string> = {
        dbsize: ":8\r\n",
        scan: `*2\r\n$1\r\n0\r\n${bulks(keys)}`,
        type: "+string\r\n",
        strlen: ":3\r\n",
        memory: ":64\r\n",
      };
      const answer = own[name];
      return answer === undefined ? (usual[name] ?? "-ERR unknown\r\n") : answer(args);
    };
  const moduleTypes = ["ReJSON-RL", "graphdata", "string", "TSDB-TYPE", "MBbloom--", "none", "x", "trietype0"];
  const typeOf = (key = ""): string => `+${moduleTypes[keys.indexOf(key)] ?? "none"}\r\n`;

  const faults: [title: string, own: Record<string, Answer>][] = [
    ["types of modules", { type: ([, key]) => typeOf(key) }],
    ["more types of modules", { type: ([, key = ""]) => `+module-${key}\r\n` }],
    ["a database that was empty", { dbsize: () => ":0\r\n" }],
    ["DBSIZE is refused", { dbsize: () => "-NOPERM no\r\n" }],
    ["DBSIZE is no number", { dbsize: () => "+8\r\n" }],
    ["no DBSIZE", { dbsize: () => null }],
    ["SCAN is refused", { scan: () => "-NOPERM no\r\n" }],
    ["no SCAN", { scan: () => null }],
    ["TYPE is refused", { type: () => "-NOPERM no\r\n" }],
    ["no TYPE", { type: () => null }],
    ["a type changes in between", { strlen: ([, key]) => (key === "c" ? "-WRONGTYPE no\r\n" : ":3\r\n") }],
    ["a key goes in between", { memory: ([, , key]) => (key === "c" ? "$-1\r\n" : ":3\r\n") }],
    ["no size", { strlen: () => null, memory: () => null }],
  ];

  test.each(faults)("%s", async (_, own) => {
    const server = await startAnsweringServer(answers(own));
    await compareCli(["-p", String(server.port), "--bigkeys"]);
    await compareCli(["-p", String(server.port), "--memkeys"]);
    await server.stop();
  });

  test("a TYPE that is no type", async () => {
    const server = await startAnsweringServer(answers({ type: () => ":1\r\n" }));
    const { code, stderr } = await runCli(["-p", String(server.port), "--bigkeys"]);
    expect({ code, stderr }).toEqual({ code: 1, stderr: "Invalid reply type for TYPE on key 'a'!\n" });
    await server.stop();
  });
});
