/** -c at nodes of a cluster: scripted ones, and real ones beside redis-cli. */
import { PassThrough } from "node:stream";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { parseOptions } from "./options/parse.ts";
import type { ProgramProcess } from "./process.ts";
import { screenOf } from "./screen.ts";
import { Session } from "./session/session.ts";
import { startCluster, type Cluster } from "./testing/cluster.ts";
import { freePort, redisCliPresent, runRedisCli } from "./testing/redis.ts";
import { runCli, type RunOptions } from "./testing/run-cli.ts";
import { startScriptedServer, type ScriptedServer } from "./testing/scripted-server.ts";

const servers: ScriptedServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
});

async function script(...answers: string[]): Promise<ScriptedServer> {
  const server = await startScriptedServer(answers, true);
  servers.push(server);
  return server;
}

/** The words that a server got, in the order in which they came. */
function heard(server: ScriptedServer): string[] {
  const words = /\r\n\$\d+\r\n([^\r]*)/g;
  return server.received.flatMap((pieces) => [...pieces.join("").matchAll(words)].map(([, word = ""]) => word));
}

const GET = ["get", "foo"];

test("-MOVED is followed without a word in one-shot mode", async () => {
  const owner = await script("$3\r\nbar\r\n");
  const first = await script(`-MOVED 12182 127.0.0.1:${owner.port}\r\n`);
  const { code, stdout, stderr } = await runCli(["-c", "-p", String(first.port), ...GET]);
  expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: "bar\n", stderr: "" });
  expect([heard(first), heard(owner)]).toEqual([GET, GET]);
});

test("without -c it is an error reply", async () => {
  const first = await script("-MOVED 12182 127.0.0.1:1\r\n");
  expect((await runCli(["-p", String(first.port), ...GET])).stdout).toBe("MOVED 12182 127.0.0.1:1\n\n");
});

test("the other node hears who it is and which protocol, and ASKING for -ASK", async () => {
  const owner = await script("+OK\r\n", "%0\r\n", "+OK\r\n", "+OK\r\n");
  const first = await script("+OK\r\n", "%0\r\n", `-ASK 12182 :${owner.port}\r\n`);
  const options = ["--user", "u", "--pass", "p", "--no-auth-warning", "-3", "-c", "-p", String(first.port)];
  expect(await runCli([...options, "-e", "set", "foo", "1"])).toEqual({ code: 0, stdout: "OK\n", stderr: "" });
  expect(heard(owner)).toEqual(["AUTH", "u", "p", "HELLO", "3", "ASKING", "set", "foo", "1"]);
});

test("a refusal to be asked", async () => {
  const owner = await script("-ERR no\r\n");
  const first = await script(`-ASK 1 127.0.0.1:${owner.port}\r\n`);
  const { code, stderr } = await runCli(["-c", "-p", String(first.port), ...GET]);
  expect({ code, stderr }).toEqual({ code: 1, stderr: "ASKING failed: ERR no\n" });
});

test("a script is told of each redirection, and stays at the new node", async () => {
  const owner = await script("$3\r\nbar\r\n", "+PONG\r\n");
  const first = await script(`-MOVED 12182 127.0.0.1:${owner.port}\r\n`);
  const { stdout } = await runCli(["-c", "-p", String(first.port)], { input: "get foo\nping\n" });
  expect(stdout).toBe(`-> Redirected to slot [12182] located at 127.0.0.1:${owner.port}\nbar\nPONG\n`);
});

test("the prompt shows where the connection is now", async () => {
  const owner = await script("$3\r\nbar\r\n");
  const first = await script(`-MOVED 12182 127.0.0.1:${owner.port}\r\n`);
  const format = { format: "standard", elementDelimiter: "\n", replyDelimiter: "\n" } as const;
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const screen = screenOf({ stdout, stderr } as unknown as ProgramProcess);
  const session = new Session(parseOptions(["-c", "-p", String(first.port)]), format, screen, true);
  await session.connect();
  expect(session.prompt).toBe(`127.0.0.1:${first.port}> `);
  await session.run(GET);
  expect(session.prompt).toBe(`127.0.0.1:${owner.port}> `);
  expect(String(stdout.read())).toContain(`located at 127.0.0.1:${owner.port}\n"bar"\n`);
  session.close();
});

test("a node that cannot be reached", async () => {
  const port = await freePort();
  const first = await script(`-MOVED 1 127.0.0.1:${port}\r\n`);
  const { code, stdout, stderr } = await runCli(["-c", "-p", String(first.port), ...GET]);
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toBe(`Could not connect to Redis at 127.0.0.1:${port}: Connection refused\n`);
});

test("a node that sends a command to itself does not do so for ever", async () => {
  const answers: string[] = [];
  const server = await startScriptedServer(answers, true);
  servers.push(server);
  const moved = `MOVED 1 127.0.0.1:${server.port}`;
  answers.push(`-${moved}\r\n`);
  expect((await runCli(["-c", "-p", String(server.port), ...GET])).stdout).toBe(`${moved}\n\n`);
  expect(server.received).toHaveLength(17);
});

test("the count of -r is of answers", async () => {
  const owner = await script(":1\r\n", ":2\r\n", ":3\r\n");
  const first = await script(`-MOVED 12182 127.0.0.1:${owner.port}\r\n`);
  expect((await runCli(["-c", "-r", "3", "-p", String(first.port), "incr", "foo"])).stdout).toBe("1\n2\n3\n");
});

describe.skipIf(!redisCliPresent())("redis-cli and sider-cli at a cluster", () => {
  // CLUSTER KEYSLOT: foo 12182, bar 5061, hello 866.
  let cluster: Cluster;
  beforeAll(async () => {
    cluster = await startCluster();
  }, 60_000);
  afterAll(() => cluster.stop());
  beforeEach(reset);

  async function reset(): Promise<void> {
    await Promise.all([cluster.lower, cluster.upper].map(({ client }) => client.call(["FLUSHALL"])));
  }

  async function compare(args: readonly string[], options?: RunOptions): Promise<string> {
    const at = ["-p", String(cluster.lower.port), ...args];
    const expected = await runRedisCli(at, options);
    await reset();
    const actual = await runCli(at, options);
    // After a refusal redis-cli adds a line "Error: " without a reason.
    expect(actual).toEqual({ ...expected, stderr: expected.stderr.replace(/^Error: \n/m, "") });
    return actual.stdout;
  }

  const cases: [string[], RunOptions?][] = [
    [["-c", "set", "foo", "1"]],
    [["-c", "set", "hello", "1"]],
    [["set", "foo", "1"]],
    [["-e", "set", "foo", "1"]],
    [["-c", "-e", "set", "foo", "1"]],
    [["-c", "-r", "3", "incr", "foo"]],
    [["-c", "mset", "foo", "1", "hello", "2"]],
    [["-c", "-n", "1", "get", "foo"]],
    [["-c", "--no-raw", "-3", "hset", "foo", "a", "1"]],
    [["-c"], { input: "set foo 1\nset hello 2\nget foo\nget hello\nping\n" }],
    [["-c"], { input: "multi\nset hello 1\nset foo 2\nexec\nget foo\n" }],
    [["-c"], { input: "ssubscribe\nset foo 1\n" }],
    [["-c", "--csv"], { input: "2 incr foo\nlrange hello 0 -1\n" }],
  ];

  test.each(cases)("%j %j", async (args, options) => {
    await compare(args, options);
  });

  test("-ASK, while a slot moves", async () => {
    const { lower, upper } = cluster;
    const [lowerId = "", upperId = ""] = await Promise.all(
      [lower, upper].map(async ({ client }) => (await client.call(["CLUSTER", "MYID"])) as string),
    );
    await upper.client.call(["CLUSTER", "SETSLOT", "866", "IMPORTING", lowerId]);
    await lower.client.call(["CLUSTER", "SETSLOT", "866", "MIGRATING", upperId]);
    await compare(["-c", "set", "hello", "1"]);
    const told = await compare(["-c"], { input: "set hello 1\nget foo\nget hello\n" });
    expect(told).toContain(`-> Redirected to slot [866] located at 127.0.0.1:${upper.port}\nOK\n`);
    for (const { client } of [lower, upper]) await client.call(["CLUSTER", "SETSLOT", "866", "STABLE"]);
  });
});
