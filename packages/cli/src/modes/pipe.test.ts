import { Buffer } from "node:buffer";
import { createServer, type AddressInfo } from "node:net";
import { beforeEach, describe, expect, test } from "vitest";
import { compareInterrupted, until } from "../testing/compare-cli.ts";
import { callsOf, freePort, redisCliPresent, runRedisCli, type RunningRedis } from "../testing/redis.ts";
import { runCli, startCli } from "../testing/run-cli.ts";
import { startScriptedServer } from "../testing/scripted-server.ts";
import { useRedis } from "../testing/use-redis.ts";

const request = (...args: string[]): string =>
  `*${args.length}\r\n${args.map((text) => `$${Buffer.byteLength(text)}\r\n${text}\r\n`).join("")}`;

describe.skipIf(!redisCliPresent())("--pipe", () => {
  const redis = useRedis();

  beforeEach(() => redis.client.send(["FLUSHALL"]));

  /** What both print, and what both leave in the server. */
  async function compare(args: readonly string[], input: string | Uint8Array): Promise<void> {
    const expected = await runRedisCli([...redis.atPort, ...args], { input });
    const digest = await redis.client.send(["DEBUG", "DIGEST"]);
    await redis.client.send(["FLUSHALL"]);
    expect(await runCli([...redis.atPort, ...args], { input })).toEqual(expected);
    expect(await redis.client.send(["DEBUG", "DIGEST"])).toBe(digest);
  }

  const many = Array.from({ length: 20_000 }, (_, index) => request("SET", `key:${index}`, "value")).join("");
  const inputs: [title: string, input: string | Uint8Array, args?: string[]][] = [
    ["nothing", ""],
    ["one", request("SET", "a", "b")],
    ["three kinds", request("SET", "a", "1") + request("INCR", "a") + request("GET", "a")],
    ["many", many],
    ["errors", request("SET", "a", "x") + request("INCR", "a") + request("NOSUCH") + request("LPUSH", "a", "1")],
    ["inline", "SET a b\r\nGET a\nRPUSH l 1 2 3\r\n"],
    ["inline without an end", "SET a b\r\nGET a"],
    ["inline and not", `SET a b\r\n${request("GET", "a")}PING\r\n`],
    ["empty lines", `\r\n\r\n${request("PING")}\r\n`],
    ["nested replies", request("EVAL", "return {1,{2,{'a',{}},'b'},redis.error_reply('ERR inner')}", "0")],
    ["bulk strings that look like replies", request("ECHO", "+OK\r\n$3\r\n-ERR\r\n") + request("ECHO", "x".repeat(20))],
    ["a long value", request("SET", "big", "x".repeat(300_000)) + request("GET", "big").repeat(3)],
    [
      "bytes",
      Buffer.concat([Buffer.from("*2\r\n$4\r\nECHO\r\n$4\r\n"), Buffer.from([0, 255, 13, 10]), Buffer.from("\r\n")]),
    ],
    [
      "RESP3 and pushes",
      request("HELLO", "3") +
        request("HGETALL", "x") +
        request("CLIENT", "TRACKING", "ON") +
        request("GET", "a") +
        request("SET", "a", "1"),
    ],
    ["a transaction", request("MULTI") + request("SET", "a", "1") + request("INCR", "a") + request("EXEC")],
    ["another database", request("SET", "a", "b"), ["-n", "5"]],
    ["RESP3 by option", request("HSET", "h", "f", "v") + request("HGETALL", "h"), ["-3"]],
    ["a refused database", request("SET", "a", "b"), ["-n", "99"]],
    ["a wrong password", request("SET", "a", "b"), ["-a", "x", "--no-auth-warning"]],
    ["words that are ignored", request("SET", "a", "b"), ["ping"]],
  ];

  test.each(inputs)("%s", async (_, input, args = []) => {
    await compare(["--pipe", ...args], input);
  });

  test("a request that lacks its end swallows the last one: no reply comes", async () => {
    const input = request("PING") + "*2\r\n$3\r\nGET\r\n$100\r\nabc";
    const args = [...redis.atPort, "--pipe", "--pipe-timeout", "1"];
    const [expected, actual] = await Promise.all([runRedisCli(args, { input }), runCli(args, { input })]);
    expect(actual).toEqual(expected);
    expect(actual).toMatchObject({ code: 1, stderr: "No replies for 1 seconds: exiting.\n" });
  });

  test("what the server refuses as a protocol error", async () => {
    const input = request("PING") + "*2\r\n+nonsense\r\n";
    const expected = await runRedisCli([...redis.atPort, "--pipe"], { input });
    const { code, stdout, stderr } = await runCli([...redis.atPort, "--pipe"], { input });
    expect({ code, stdout }).toEqual({ code: expected.code, stdout: expected.stdout });
    expect(stderr).toBe(`${expected.stderr}Error: Server closed the connection (errors: 1, replies: 2)\n`);
  });

  test("nobody listens", async () => {
    const args = ["-p", String(await freePort()), "--pipe"];
    expect(await runCli(args, { input: "PING\r\n" })).toEqual(await runRedisCli(args, { input: "PING\r\n" }));
  });

  const faults: [title: string, answer: string, isSameMessage: boolean][] = [
    ["garbage", "HTTP/1.1 400 Bad Request\r\n\r\n", true],
    ["a broken reply", "+OK\r\n$3\r\nabcdef\r\n", true],
    ["the end", "+OK\r\n", false],
    ["the end in the middle of a reply", "+OK\r\n$100\r\nabc", false],
  ];

  test.each(faults)("%s instead of replies", async (_, answer, isSameMessage) => {
    const server = await startScriptedServer([answer]);
    const args = ["-p", String(server.port), "--pipe"];
    const expected = await runRedisCli(args, { input: "PING\r\n" });
    const actual = await runCli(args, { input: "PING\r\n" });
    expect(actual.code).toBe(expected.code);
    expect(actual.stderr).toContain(isSameMessage ? expected.stderr : "Error: Server closed the connection");
    await server.stop();
  });

  test("replies are read while requests are written: a server that reads no faster than it is read would stand still otherwise", async () => {
    const server = createServer((socket) => socket.on("error", () => undefined).pipe(socket));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    // What comes back are the requests: replies in their form, and at the end a line that is none.
    const input = Buffer.alloc(20_000_000, "+OK\r\n");
    const { port: echoPort } = server.address() as AddressInfo;
    expect(await runCli(["-p", String(echoPort), "--pipe"], { input })).toEqual({
      code: 1,
      stdout: "All data transferred. Waiting for the last reply...\n",
      stderr: "Error reading replies from server\n",
    });
    server.close();
  });

  test("input is read no faster than the server takes it", async () => {
    const server = await startScriptedServer([], true);
    const cli = startCli(["-p", String(server.port), "--pipe"]);
    await until(() => Promise.resolve(server.sockets.length === 1));
    server.sockets[0]?.pause();
    const chunk = Buffer.alloc(64 * 1024);
    let accepted = 0;
    const hasRoom = (): Promise<boolean> =>
      Promise.race([
        new Promise<boolean>((resolve) => cli.stdin.write(chunk, () => resolve(true))),
        new Promise<boolean>((resolve) => setTimeout(resolve, 200, false)),
      ]);
    while (accepted < 1000 && (await hasRoom())) accepted++;
    expect(accepted).toBeLessThan(500);
    cli.interrupt();
    expect((await cli.result).code).toBe(130);
    await server.stop();
  });

  test("Ctrl-C", async () => {
    await compareInterrupted(
      [...redis.atPort, "--pipe"],
      () => redis.client.send(["CONFIG", "RESETSTAT"]),
      async () => (await callsOf(redis, "ping")) === 0 && (await hasConnections(redis, 2)),
    );
  });
});

async function hasConnections(redis: RunningRedis, count: number): Promise<boolean> {
  const clients = (await redis.client.send(["CLIENT", "LIST"])) as string;
  return clients.trim().split("\n").length === count;
}
