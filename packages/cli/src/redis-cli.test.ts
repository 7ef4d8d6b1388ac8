/** The same invocations of redis-cli and sider-cli against one redis-server: the same bytes, the same exit code. */
import { Buffer } from "node:buffer";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { freePort, redisCliPresent, runRedisCli, startRedis, type Redis } from "./testing/redis.ts";
import { runCli, type RunOptions } from "./testing/run-cli.ts";
import { startScriptedServer } from "./testing/scripted-server.ts";

type Case = [args: string[], options?: RunOptions];

const TERMINAL = { env: { FAKETTY: "1" } };
const NESTED = "return {1,{2,{3,'a'},{}},'b',false}";
const ALL_BYTES = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));

const commands: Case[] = [
  [["ping"]],
  [["set", "key", "value"]],
  [["get", "text"]],
  [["get", "missing"]],
  [["get", "bytes"]],
  [["get", "utf8"]],
  [["incr", "number"]],
  [["mget", "text", "missing", "number", "bytes"]],
  [["lrange", "list", "0", "-1"]],
  [["hgetall", "hash"]],
  [["nosuch", "a", "b"]],
  [["get"]],
  [["lpush", "text", "x"]],
  [["eval", NESTED, "0"]],
  [["client", "list", "id", "0"]],
  [["lolwut", "version", "1"]],
  [["info", "modules"]],
  [["memory", "doctor"]],
  [["xrange", "stream", "-", "+"]],
  [["select", "99"]],
  [["shutdown", "abort"]],
];

const optionCases: Case[] = [
  [["-n", "3", "client", "getname"]],
  [["-n", "99", "ping"]],
  [["-r", "3", "incr", "number"]],
  [["-r", "2", "-i", "0.01", "ping"]],
  [["-r", "0", "ping"]],
  [["-e", "nosuch"]],
  [["-e", "get", "text"]],
  [["-d", ", ", "lrange", "list", "0", "-1"]],
  [["-d", "é", "-D", "|", "lrange", "list", "0", "2"]],
  [["-x", "set", "key"], { input: "from input\n" }],
  [["-x", "echo"], { input: ALL_BYTES }],
  [["-X", "tag", "set", "tag", "tag"], { input: "key" }],
  [["-X", "tag", "set", "key", "value"], { input: "key" }],
  [["--quoted-input", "echo", '"a\\x00b\\n"']],
  [["--quoted-input", "echo", '"a']],
  [["-2", "hgetall", "hash"]],
  [["-3", "hgetall", "hash"]],
  [["-3", "smembers", "set"]],
  [["-a", "wrong", "ping"]],
  [["-a", "wrong", "--no-auth-warning", "ping"]],
  [["--user", "alice", "--pass", "secret", "acl", "whoami"]],
  [["--user", "alice", "-a", "wrong", "get", "text"]],
  [["acl", "whoami"], { env: { REDISCLI_AUTH: "nonsense" } }],
  [["--nosuch"]],
  [["-p"]],
  [["-2", "-3", "ping"]],
  [["-x", "-X", "a", "ping"]],
  [["-u", "http://x", "ping"]],
];

const scripts: Case[] = [
  [[], { input: "ping\nget text\n\n   \nget missing\n" }],
  [[], { input: 'set "a b" \'it\\\'s\'\nget "a b"\necho "\\x00\\xff\\n\\t\\q"\n' }],
  [[], { input: 'echo "unbalanced\necho "a"b\necho fine' }],
  [[], { input: "3 incr number\n0 ping\n-1 ping\n" }],
  [[], { input: "ping\nquit\nping\n" }],
  [[], { input: "PING\nEXIT\n" }],
  [[], { input: "multi\nincr number\nget text\nexec\n" }],
  [["--no-raw"], { input: "multi\nset text x\ndiscard\nselect 2\ndbsize\nnosuch\n" }],
  [["--csv"], { input: "lrange list 0 -1\nhgetall hash\nget missing\n" }],
  [["-e"], { input: "nosuch\nping\n" }],
  [[], { input: ":set hints\n:set nonsense\n:nonsense\n" }],
  [[], { input: Buffer.concat([Buffer.from('echo "'), ALL_BYTES.subarray(128), Buffer.from('"\r\n')]) }],
];

const formatted: Case[] = [
  ["--no-raw"],
  ["--no-raw", "-3"],
  ["--raw", "-3"],
  ["--csv"],
  ["--csv", "-3"],
  ["--json"],
  ["--json", "-2"],
  ["--quoted-json"],
].flatMap((options): Case[] => [
  [[...options, "eval", NESTED, "0"]],
  [[...options, "mget", "text", "missing", "bytes", "utf8"]],
  [[...options, "lrange", "list", "0", "-1"]],
  [[...options, "hgetall", "hash"]],
  [[...options, "smembers", "set"]],
  [[...options, "smembers", "missing"]],
  [[...options, "debug", "protocol", "map"]],
  [[...options, "debug", "protocol", "true"]],
  [[...options, "debug", "protocol", "null"]],
  [[...options, "debug", "protocol", "verbatim"]],
  [[...options, "debug", "protocol", "double"]],
  [[...options, "command", "docs", "get", "client|kill"]],
  [[...options, "nosuch"]],
  [[...options, "echo", 'quotes " and \\ and \u0001 \u00e9']],
]);

const onTerminal: Case[] = [
  [["lrange", "list", "0", "-1"], TERMINAL],
  [["-3", "debug", "protocol", "push"], TERMINAL],
  [["-3", "--show-pushes", "no", "debug", "protocol", "push"], TERMINAL],
  [["--raw", "get", "bytes"], TERMINAL],
];

describe.skipIf(!redisCliPresent())("redis-cli and sider-cli", () => {
  let redis: Redis;
  let closedPort = 0;

  beforeAll(async () => {
    redis = await startRedis();
    closedPort = await freePort();
  });
  afterAll(() => redis.stop());
  beforeEach(reset);

  async function reset(): Promise<void> {
    await redis.client.sendAll([
      ["FLUSHALL"],
      ["ACL", "SETUSER", "alice", "on", ">secret", "~*", "+@all"],
      ["MSET", "text", "hello world", "number", "41", "utf8", "z\u00fcrich \u4e2d", "bytes", ALL_BYTES],
      ["RPUSH", "list", ...Array.from({ length: 12 }, (_, index) => `element ${index}`)],
      ["HSET", "hash", "field", "value", "other", "1"],
      ["SADD", "set", "only"],
      ["XADD", "stream", "1-1", "a", "1", "b", "2"],
    ]);
  }

  async function compare(args: readonly string[], options?: RunOptions): Promise<void> {
    const expected = await runRedisCli(args, options);
    await reset();
    expect(await runCli(args, options)).toEqual(expected);
  }

  const titled = (cases: Case[]): [string, Case][] =>
    cases.map((one) => [[...one[0], one[1]?.input ?? ""].join(" ").slice(0, 60), one]);
  const all = [...commands, ...optionCases, ...scripts, ...formatted, ...onTerminal];

  test.each(titled(all))("%s", async (_, [args, options]) => {
    await compare(["-p", String(redis.port), ...args], options);
  });

  test("a Unix socket, a host, a URI", async () => {
    await compare(["-s", redis.socketPath, "get", "text"]);
    await compare(["-h", "127.0.0.1", "-p", String(redis.port), "get", "text"]);
    await compare(["-u", `redis://127.0.0.1:${redis.port}/4`, "dbsize"]);
    await compare(["-u", `redis://alice:se%63ret@127.0.0.1:${redis.port}`, "acl", "whoami"]);
  });

  test("nobody listens", async () => {
    await compare(["-p", String(closedPort), "ping"]);
    await compare(["-s", "/nonexistent/socket", "ping"]);
    await compare(["-p", String(closedPort)], { input: "ping\nping\n" });
  });

  test("a server that closes instead of answering, or in the middle of an answer", async () => {
    for (const answer of ["", "$100\r\nabc", "+OK\r\n"]) {
      const server = await startScriptedServer([answer]);
      await compare(["-p", String(server.port), "-r", "2", "get", "x"]);
      // Whether an idle connection is seen to close before the next command is a matter of time.
      if (!answer.startsWith("+")) await compare(["-p", String(server.port)], { input: "get x\nget y\n" });
      await server.stop();
    }
  });

  test("commands whose replies do not end, until the server closes", async () => {
    const subscribed = "*3\r\n$9\r\nsubscribe\r\n$1\r\na\r\n:1\r\n*3\r\n$7\r\nmessage\r\n$1\r\na\r\n$2\r\nhi\r\n";
    const monitored = '+OK\r\n+1700000000.000000 [0 127.0.0.1:1] "ping"\r\n';
    const refused = "-NOPERM no\r\n";
    for (const [args, answer] of [
      [["subscribe", "a"], subscribed],
      [["monitor"], monitored],
      [["psubscribe", "a"], refused],
      [["monitor"], refused],
    ] as const) {
      const server = await startScriptedServer([answer]);
      await compare(["-p", String(server.port), ...args]);
      await compare(["-p", String(server.port), "--no-raw", ...args]);
      await server.stop();
    }
  });
});
