import { describe, expect, test } from "vitest";
import { redisCliPresent, runRedisCli } from "../testing/redis.ts";
import { bulk, startResponder, type Respond } from "../testing/responder.ts";
import { runCli } from "../testing/run-cli.ts";
import { startMode, TestClock, until } from "../testing/run-mode.ts";
import { useRedis } from "../testing/use-redis.ts";
import { useResponder } from "../testing/use-responder.ts";
import { runStat } from "./stat.ts";

interface Facts {
  memory?: number;
  keys?: string[];
  clients?: number;
  blocked?: number;
  requests?: number;
  connections?: number;
  rdb?: number;
  aof?: number;
  loading?: number;
}

/** An INFO in the order of redis-server's. */
function info(facts: Facts = {}): string {
  const { memory = 1024, clients = 1, blocked = 0, requests = 10, connections = 2 } = facts;
  const { rdb = 0, aof = 0, loading = 0, keys = [] } = facts;
  return [
    "# Server\r\nredis_version:7.0.15",
    `# Clients\r\nconnected_clients:${clients}\r\ncluster_connections:0\r\nmaxclients:10000\r\nblocked_clients:${blocked}`,
    `# Memory\r\nused_memory:${memory}\r\nused_memory_human:1.00K\r\nused_memory_rss:5`,
    `# Persistence\r\nloading:${loading}\r\nasync_loading:0\r\nrdb_bgsave_in_progress:${rdb}\r\naof_rewrite_in_progress:${aof}`,
    `# Stats\r\ntotal_connections_received:${connections}\r\ntotal_commands_processed:${requests}`,
    ["# Keyspace", ...keys].join("\r\n") + "\r\n",
  ].join("\r\n\r\n");
}

const MEMORIES = [0, 1023, 1024, 1152, 1408, 1_048_575, 1_048_576, 1_310_720, 7_654_321, 1_073_741_823, 5_000_000_000];
const SCRIPT: Facts[] = [
  ...MEMORIES.map((memory, index) => ({ memory, requests: 10 + index ** 5, connections: index })),
  { keys: ["db0:keys=5,expires=0,avg_ttl=0"] },
  { keys: ["db0:keys=123456789,expires=1,avg_ttl=7", "db1:keys=3,expires=0,avg_ttl=0", "db15:keys=10,expires=0"] },
  { requests: 5, clients: 12345678, blocked: 1234567890 },
  { requests: 0 },
  { requests: 1_234_567_890_123, connections: 123_456_789_012_345 },
  { rdb: 1 },
  { aof: 1 },
  { rdb: 1, aof: 1 },
  { loading: 1 },
  { loading: 1, rdb: 1 },
  {},
];

/** Gives the script, then an error. */
const scripted: Respond = (_, _connection, index) => {
  const facts = SCRIPT[index];
  return facts === undefined ? "-NOPERM this user has no permissions\r\n" : bulk(info(facts));
};

const serve = useResponder();

describe.skipIf(!redisCliPresent())("beside redis-cli", () => {
  const redis = useRedis();

  test("the same INFOs give the same table, and an error the same end", async () => {
    const args = [...(await serve(scripted)), "--stat", "-i", "0.001"];
    const ours = await runCli(args);
    expect(ours).toEqual(await runRedisCli(args));
    expect(ours.stdout.split("\n")).toHaveLength(SCRIPT.length + 2 * 2 + 1);
  });

  test("a lost connection is made again", async () => {
    const respond: Respond = (_, connection, index) => {
      if (connection % 2 === 0) return index < 2 ? bulk(info({ clients: index })) : null;
      return index === 0 ? bulk(info({ clients: 77 })) : "-ERR end\r\n";
    };
    const other = await startResponder(respond);
    const args = ["--stat", "-i", "0.001", ...(await serve(respond))];
    const theirs = runRedisCli(["--stat", "-i", "0.001", "-p", String(other.port)]);
    const ours = await runCli(args);
    expect(ours).toEqual(await theirs);
    await other.stop();
    expect(ours.stdout).toContain("Reconnecting... 1\r");
  });

  test("a real server, but for what changes", async () => {
    await redis.client.sendAll([
      ["SET", "a", "1"],
      ["SELECT", "3"],
      ["SET", "b", "2"],
      ["SELECT", "0"],
    ]);
    const stable = (line: string): string => line.replace(/^(\d+ +)\S+ +(.*?)\d+ \(\+\d+\) +\d+ +$/, "$1$2");
    const ours = startMode((context) => runStat(context, new TestClock()), [...redis.atPort, "--stat", "-3"]);
    await until(() => ours.stdout().split("\n").length > 3);
    ours.interrupt();
    await ours.exitCode;
    const theirs = await runRedisCli([...redis.atPort, "--stat", "-i", "0.001"], { until: 4096 });
    expect(ours.stdout().split("\n").slice(0, 3).map(stable)).toEqual(
      theirs.stdout.split("\n").slice(0, 3).map(stable),
    );
  });

  test.each([
    ["refused password", ["-a", "wrong", "--no-auth-warning"]],
    ["refused database", ["-n", "99"]],
  ])("%s", async (_, options) => {
    const args = [...redis.atPort, ...options, "--stat"];
    expect(await runCli(args)).toEqual(await runRedisCli(args));
  });

  test("no server", async () => {
    const args = ["-p", "1", "--stat"];
    expect(await runCli(args)).toEqual(await runRedisCli(args));
  });
});

test("the pause is a second, or as long as -i says", async () => {
  for (const [options, pauseMs] of [
    [[], 1000],
    [["-i", "0.25"], 250],
  ] as const) {
    const clock = new TestClock();
    const args = await serve((_, _connection, index) => (index < 2 ? bulk(info()) : "-ERR end\r\n"));
    const run = startMode((context) => runStat(context, clock), [...args, "--stat", ...options]);
    expect(await run.exitCode).toBe(1);
    expect(clock.sleeps).toEqual([pauseMs, pauseMs]);
  }
});

test("all databases count", async () => {
  const keys = Array.from({ length: 30 }, (_, database) => `db${database}:keys=1,expires=0`);
  const args = await serve((_, _connection, index) => (index === 0 ? bulk(info({ keys })) : "-ERR end\r\n"));
  expect((await runCli([...args, "--stat", "-i", "0.001"])).stdout).toMatch(/^30 /m);
});

test("Ctrl-C ends it, and the line on a terminal, also while it looks for the server", async () => {
  const args = await serve((_, _connection, index) => (index === 0 ? bulk(info()) : null));
  const clock = new TestClock();
  const run = startMode((context) => runStat(context, clock), [...args, "--stat"], { columns: 80 });
  await until(() => clock.sleeps.length > 5);
  run.interrupt();
  expect(await run.exitCode).toBe(130);
  expect(run.stdout()).toMatch(/\r\n$/);
});

test("what is not RESP ends it with a message", async () => {
  const args = await serve(() => "HTTP/1.1 400 Bad Request\r\n");
  const { code, stderr } = await runCli([...args, "--stat"]);
  expect(code).toBe(1);
  expect(stderr).toMatch(/^Error: .*does a Redis-compatible server listen at/);
});
