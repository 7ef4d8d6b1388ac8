/** MONITOR and SUBSCRIBE as single commands, and commands that are repeated, beside redis-cli. */
import { beforeEach, describe, expect, test } from "vitest";
import { redisCliPresent, runRedisCli } from "./testing/redis.ts";
import { bulk, startResponder, type Respond } from "./testing/responder.ts";
import { runCli, startCli, type RunResult } from "./testing/run-cli.ts";
import { useRedis } from "./testing/use-redis.ts";

const FORMATS = [[], ["--no-raw"], ["--csv"], ["--json"], ["-3"], ["--no-raw", "-3"], ["--json", "-2"], ["-d", ";"]];

describe.skipIf(!redisCliPresent())("beside redis-cli", () => {
  const redis = useRedis();
  beforeEach(() => redis.client.send(["FLUSHALL"]));

  /** Waits until the connections that the server has beside ours are these many whose last command is this one. */
  async function listeners(command: string, count: number): Promise<string[]> {
    for (;;) {
      const lines = ((await redis.client.call(["CLIENT", "LIST"])) as string).split("\n");
      const found = lines.filter((line) => line.includes(` cmd=${command}`));
      if (found.length === count) return found.map((line) => /^id=(\d+)/.exec(line)![1]);
    }
  }

  /** Runs a listening command in both programs, does something, and has the server close the connections. */
  async function listen(
    args: readonly string[],
    act: () => Promise<void>,
  ): Promise<[ours: RunResult, theirs: RunResult]> {
    const command = [...args].reverse().find((word) => /^(p|s)?subscribe$|^monitor$/i.test(word))!;
    const invocation = [...redis.atPort, ...args];
    const results = [runCli(invocation), runRedisCli(invocation)] as const;
    const ids = await listeners(command.toLowerCase(), 2);
    await act();
    for (const id of ids) await redis.client.call(["CLIENT", "KILL", "ID", id]);
    return Promise.all(results);
  }

  async function publish(): Promise<void> {
    await redis.client.call(["PUBLISH", "news", "one"]);
    await redis.client.call(["PUBLISH", "news", 'two\n"\u00e9']);
    await redis.client.call(["PUBLISH", "other", ""]);
  }

  test.each(FORMATS.map((options) => [options]))("SUBSCRIBE %s", async (options) => {
    const [ours, theirs] = await listen([...options, "subscribe", "news", "other"], publish);
    expect(ours).toEqual(theirs);
    expect(ours.code).toBe(1);
    expect(ours.stdout).toContain("news");
  });

  test.each([
    ["PSUBSCRIBE", "n*"],
    ["SSUBSCRIBE", "news"],
  ])("%s %s", async (...command) => {
    const [ours, theirs] = await listen(["--no-raw", ...command], async () => {
      await publish();
      await redis.client.call(["SPUBLISH", "news", "sharded"]);
    });
    expect(ours).toEqual(theirs);
  });

  test.each(FORMATS.map((options) => [options]))("MONITOR %s", async (options) => {
    const [ours, theirs] = await listen([...options, "monitor"], async () => {
      await redis.client.call(["SET", "key", 'a "b"\n']);
      await redis.client.call(["EVAL", "return redis.call('GET', 'key')", "0"]);
    });
    // Which of the two was there first to see how the other one came is chance.
    const withoutOther = (text: string): string => text.replace(/^.*HELLO.*\n/gm, "");
    expect({ ...ours, stdout: withoutOther(ours.stdout) }).toEqual({ ...theirs, stdout: withoutOther(theirs.stdout) });
    expect(ours.code).toBe(1);
    expect(ours.stdout).toContain("lua]");
  });

  test.each([
    [["subscribe"]],
    [["-r", "3", "subscribe"]],
    [["--no-raw", "-r", "2", "subscribe"]],
    [["-r", "2", "monitor", "x"]],
    [["-e", "subscribe"]],
    [["-e", "monitor", "x"]],
    [["-r", "2", "unsubscribe"]],
  ])("refused: %s", async (args) => {
    const invocation = [...redis.atPort, ...args];
    expect(await runCli(invocation)).toEqual(await runRedisCli(invocation));
  });

  test.each([
    [["-r", "3", "incr", "n"]],
    [["-r", "3", "-i", "0.01", "incr", "n"]],
    [["-r", "3", "-i", "0.01", "--no-raw", "incr", "n"]],
    [["-r", "2", "-i", "0.01", "nosuch"]],
    [["-r", "2", "-e", "nosuch"]],
    [["-r", "0", "incr", "n"]],
    [["-r", "2", "-i", "0", "info", "modules"]],
    [["-i", "0.01", "incr", "n"]],
  ])("repeated: %s", async (args) => {
    const invocation = [...redis.atPort, ...args];
    const ours = await runCli(invocation);
    await redis.client.call(["FLUSHALL"]);
    expect(ours).toEqual(await runRedisCli(invocation));
  });

  test.each<[string, Respond]>([
    ["the server goes away between two runs", (_, _connection, index) => (index < 2 ? bulk("x") : null)],
    ["in the middle of a reply", (_, _connection, index) => (index < 1 ? bulk("x") : "$5\r\nab")],
  ])("repeated: %s", async (_, respond) => {
    const server = await startResponder((input, connection, index) => {
      const answer = respond(input, connection, index);
      if (answer === "$5\r\nab") setImmediate(() => void server.stop());
      return answer;
    });
    const args = ["-p", String(server.port), "-r", "5", "get", "key"];
    const ours = await runCli(args);
    expect(ours).toMatchObject({ code: 1, stderr: "Error: Server closed the connection\n" });
    expect(ours.stdout).toMatch(/^(x\n)+$/);
    await server.stop();
  });

  test("the pause comes after each run, the last one too", async () => {
    const args = [...redis.atPort, "-r", "3", "-i", "0.1", "ping"];
    const startMs = performance.now();
    await Promise.all([runCli(args), runRedisCli(args)]);
    expect(performance.now() - startMs).toBeGreaterThanOrEqual(299);
  });

  test("without end, each reply comes at once, and Ctrl-C ends it", async () => {
    const program = startCli([...redis.atPort, "-r", "-1", "-i", "0.005", "incr", "n"]);
    // What comes after the third reply is sent when that one has been printed.
    while (Number(await redis.client.call(["GET", "n"])) < 4);
    program.interrupt();
    const { code, stdout } = await program.result;
    expect(code).toBe(130);
    expect(stdout).toMatch(/^1\n2\n3\n/);
  });

  test("Ctrl-C ends SUBSCRIBE and MONITOR as it ends redis-cli", async () => {
    for (const command of [["subscribe", "news"], ["monitor"]]) {
      const program = startCli([...redis.atPort, ...command]);
      await listeners(command[0], 1);
      program.interrupt();
      expect((await program.result).code).toBe(130);
      const [id] = await listeners(command[0], 1);
      await redis.client.call(["CLIENT", "KILL", "ID", id]);
    }
  });
});
