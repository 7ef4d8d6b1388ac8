import { describe, expect, test } from "vitest";
import { startAnsweringServer, type Answer } from "../testing/answering-server.ts";
import { compareCli, startRedisCli, until } from "../testing/compare-cli.ts";
import { freePort, redisCliPresent } from "../testing/redis.ts";
import { startCli, type RunningCli, type RunResult } from "../testing/run-cli.ts";
import { useRedis } from "../testing/use-redis.ts";

describe.skipIf(!redisCliPresent())("--replica", () => {
  const redis = useRedis([
    ["CONFIG", "SET", "repl-diskless-sync-delay", "0", "repl-ping-replica-period", "3600"],
    ["SET", "before", "x"],
  ]);

  async function hasReplicas(count: number): Promise<boolean> {
    const information = (await redis.client.send(["INFO", "replication"])) as string;
    if (!information.includes(`connected_slaves:${count}`)) return false;
    return count === 0 || information.includes("state=online");
  }

  /** Starts a replica, runs commands once it is there, and ends it. */
  async function logged(start: () => Omit<RunningCli, "stdin">): Promise<RunResult> {
    await until(() => hasReplicas(0));
    // So that the stream begins with a SELECT.
    await redis.client.sendAll([
      ["SELECT", "7"],
      ["SET", "other", "x"],
      ["SELECT", "0"],
    ]);
    const { output, result } = start();
    await until(() => hasReplicas(1));
    await redis.client.sendAll([
      ["SET", "a", 'quo"te\r\n'],
      ["MULTI"],
      ["INCR", "n"],
      ["RPUSH", "l", "x", "y"],
      ["EXEC"],
      ["GET", "a"],
      ["SELECT", "3"],
      ["DEL", "nothing"],
      ["SET", "b", "1", "EX", "100000000000"],
      ["SELECT", "0"],
    ]);
    await until(() => Promise.resolve(output().includes("PXAT")));
    await redis.client.send(["CLIENT", "KILL", "TYPE", "replica"]);
    const { stderr, stdout, ...rest } = await result;
    return {
      ...rest,
      stdout: stdout.replace(/"\d{13,}"/g, '"<time>"'),
      stderr: stderr.replace(/\d+ bytes/g, "# bytes"),
    };
  }

  test("commands as they arrive", async () => {
    const args = [...redis.atPort];
    const { stdout, ...expected } = await logged(() => startRedisCli([...args, "--slave"]));
    expect(stdout).toContain(
      '"SET","a","quo\\"te\\r\\n"\n"MULTI"\n"INCR","n"\n"RPUSH","l","x","y"\n"EXEC"\n"SELECT","3"\n',
    );
    // redis-cli takes the first command for a reply to its acknowledgement.
    const complete = { ...expected, stdout: `"SELECT","0"\n${stdout}` };
    expect(await logged(() => startCli([...args, "--slave"]))).toEqual(complete);
    expect(await logged(() => startCli([...args, "--replica", "--json"]))).toEqual(complete);
  });

  test("nobody listens", async () => {
    await compareCli(["-p", String(await freePort()), "--replica"]);
  });

  test("Ctrl-C", async () => {
    await until(() => hasReplicas(0));
    const cli = startCli([...redis.atPort, "--replica"]);
    await until(() => hasReplicas(1));
    cli.interrupt();
    expect((await cli.result).code).toBe(130);
    await redis.client.send(["CLIENT", "KILL", "TYPE", "replica"]);
  });

  const ping = "*1\r\n$4\r\nping\r\n";
  const faults: [title: string, sync: string | null, replconf?: string | null][] = [
    ["SYNC is refused", "-NOPERM no\r\n"],
    ["an old server", `$4\r\nDUMP${ping}`, "-ERR unknown\r\n"],
    ["no reply to REPLCONF", "", null],
    ["no reply to SYNC", null],
    ["the end in the middle of the dump", "$100\r\nDUMP"],
    ["commands in one piece with the dump", `$4\r\nDUMP${ping}*2\r\n$3\r\nDEL\r\n$2\r\n\xff\0\r\n`],
    ["a status among the commands", `$4\r\nDUMP+OK\r\n:3\r\n${ping}`],
  ];

  test.each(faults)("%s", async (_, sync, replconf = "+OK\r\n") => {
    const answer: Answer = ([name]) => (name === "REPLCONF" ? replconf : sync);
    const server = await startAnsweringServer(answer, true, true);
    await compareCli(["-p", String(server.port), "--replica"]);
    await server.stop();
  });
});
