import { Buffer } from "node:buffer";
import { describe, expect, test } from "vitest";
import { startAnsweringServer, type Answer } from "../testing/answering-server.ts";
import { compareCli, compareInterrupted, until } from "../testing/compare-cli.ts";
import { callsOf, freePort, redisCliPresent, runRedisCli } from "../testing/redis.ts";
import { runCli, startCli } from "../testing/run-cli.ts";
import { useRedis } from "../testing/use-redis.ts";

const AWKWARD_KEYS = ["sp ace", 'quo"te', "new\nline", "back\\slash", "z\u00fcrich", "%d{}*?"];

describe.skipIf(!redisCliPresent())("--scan", () => {
  const redis = useRedis([
    ["DEBUG", "POPULATE", "2500"],
    ["MSET", ...AWKWARD_KEYS.flatMap((key) => [key, "x"])],
    ["SET", Buffer.from([0xff, 0xfe, 1]), "x"],
    ["SELECT", "1"],
    ["MSET", ...Array.from({ length: 30 }, (_, index) => [`user:${index}`, "x"]).flat()],
  ]);

  test.each([
    [["--scan"]],
    [["--scan", "--no-raw"]],
    [["--scan", "--csv"]],
    [["--scan", "--json"]],
    [["--scan", "-3"]],
    [["--scan", "--pattern", "key:1*"]],
    [["--scan", "--pattern", "*\u00fc*", "--no-raw"]],
    [["--scan", "--pattern", "nothing*"]],
    [["--scan", "--pattern", ""]],
    [["--scan", "--quoted-pattern", '"\\xff*"', "--no-raw"]],
    [["--scan", "--quoted-pattern", "'new\nline'"]],
    [["--scan", "--quoted-pattern", '"open']],
    [["-n", "1", "--scan"]],
    [["-n", "1", "--scan", "-i", "0.001"]],
    [["-n", "9", "--scan"]],
    [["-n", "99", "--scan"]],
    [["-a", "wrong", "--no-auth-warning", "--scan"]],
    [["--scan", "ignored", "words"]],
  ])("%j", async (args) => {
    await compareCli([...redis.atPort, ...args]);
  });

  test("quotes on a terminal", async () => {
    await compareCli([...redis.atPort, "--scan"], { env: { FAKETTY: "1" } });
    await compareCli([...redis.atPort, "--scan", "--raw"], { env: { FAKETTY: "1" } });
  });

  test("whatever the size of a page, the same keys in the same order", async () => {
    const { stdout } = await runRedisCli([...redis.atPort, "--scan"]);
    for (const count of ["1", "77", "100000"]) {
      expect(await runCli([...redis.atPort, "--scan", "--count", count])).toMatchObject({ code: 0, stdout });
    }
  });

  test("a key with a NUL is printed in full", async () => {
    await redis.client.sendAll([
      ["SELECT", "2"],
      ["SET", "a\0b", "x"],
    ]);
    expect(await runCli([...redis.atPort, "-n", "2", "--scan"])).toMatchObject({ stdout: "a\0b\n" });
  });

  test("nobody listens", async () => {
    await compareCli(["-p", String(await freePort()), "--scan"]);
  });

  test("Ctrl-C ends it after the page", async () => {
    const { stdout } = await compareInterrupted(
      [...redis.atPort, "--scan", "-i", "5"],
      () => redis.client.send(["CONFIG", "RESETSTAT"]),
      async () => (await callsOf(redis, "scan")) === 1,
    );
    expect(stdout.split("\n").length).toBeGreaterThan(9);
  });

  test("a second Ctrl-C does not wait for the server", async () => {
    let requests = 0;
    const server = await startAnsweringServer(() => (requests++, ""));
    const cli = startCli(["-p", String(server.port), "--scan"]);
    await until(() => Promise.resolve(requests > 0));
    cli.interrupt();
    cli.interrupt();
    expect(await cli.result).toEqual({ code: 130, stdout: "", stderr: "" });
    await server.stop();
  });

  const page = (cursor: string, ...keys: string[]): string =>
    `*2\r\n$${cursor.length}\r\n${cursor}\r\n*${keys.length}\r\n${keys.map((key) => `$${key.length}\r\n${key}\r\n`).join("")}`;

  const faults: [title: string, Answer][] = [
    ["an error", () => "-NOPERM no scan for you\r\n"],
    ["not an array", () => "+OK\r\n"],
    ["too few elements", () => "*1\r\n$1\r\n0\r\n"],
    ["the end in the middle", ([, cursor]) => (cursor === "0" ? page("7", "a", "b") : null)],
    ["an error in the middle", ([, cursor]) => (cursor === "0" ? page("7", "a", "b") : "-ERR gone\r\n")],
    ["a cursor of 64 bits", ([, cursor]) => page(cursor === "0" ? "18446744073709551615" : "0", `at ${cursor}`)],
    ["an empty page", ([, cursor]) => (cursor === "0" ? page("1") : page("0", "last"))],
  ];

  test.each(faults)("%s", async (_, answer) => {
    const server = await startAnsweringServer(answer);
    await compareCli(["-p", String(server.port), "--scan"]);
    await server.stop();
  });

  test("garbage instead of keys", async () => {
    const server = await startAnsweringServer(() => "*2\r\n:0\r\n:1\r\n");
    expect(await runCli(["-p", String(server.port), "--scan"])).toEqual({
      ...{ code: 1, stdout: "" },
      stderr: "Invalid element types from SCAN!\n",
    });
    await server.stop();
  });
});
