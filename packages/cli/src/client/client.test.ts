/** The client at servers that answer what the test wants. */
import { afterEach, expect, test } from "vitest";
import { freePort } from "../testing/redis.ts";
import { startScriptedServer, type ScriptedServer } from "../testing/scripted-server.ts";
import type { Client } from "./client.ts";
import { connect, type ConnectOptions } from "./connect.ts";
import { ConnectionError } from "./connection-error.ts";
import { ReplyError, type Reply } from "@sider/resp-protocol/client";

let server: ScriptedServer | undefined;
let client: Client | undefined;

afterEach(async () => {
  client?.close();
  await server?.stop();
  client = server = undefined;
});

async function open(answer: string | Uint8Array, options: ConnectOptions = {}, stays = true): Promise<Client> {
  server = await startScriptedServer([answer], stays);
  return (client = await connect({ ...options, address: { kind: "tcp", host: "127.0.0.1", port: server.port } }));
}

test("requests of one turn go out in one write; replies come in order, errors as values", async () => {
  const opened = await open("+OK\r\n-ERR no\r\n$3\r\nabc\r\n");
  const replies = await Promise.all([opened.send(["A"]), opened.send(["B", "1"]), opened.send(["C"])]);
  expect(replies).toEqual(["OK", new ReplyError("ERR no"), "abc"]);
  expect(server?.received).toEqual([["*1\r\n$1\r\nA\r\n*2\r\n$1\r\nB\r\n$1\r\n1\r\n*1\r\n$1\r\nC\r\n"]]);
});

test("call throws error replies, sendAll does not", async () => {
  const opened = await open("-ERR first\r\n-ERR second\r\n:3\r\n");
  const [refused, all] = [opened.call(["A"]), opened.sendAll([["B"], ["C"]])];
  await expect(refused).rejects.toThrow("ERR first");
  expect(await all).toEqual([new ReplyError("ERR second"), 3]);
});

test("ten thousand requests that wait", async () => {
  const opened = await open(Array.from({ length: 10_000 }, (_, index) => `:${index}\r\n`).join(""));
  const replies = await opened.sendAll(Array.from({ length: 10_000 }, () => ["X"]));
  expect(replies).toEqual(Array.from({ length: 10_000 }, (_, index) => index));
});

test("authentication, protocol and database come first", async () => {
  await open("+OK\r\n%0\r\n+OK\r\n", { username: "u", password: "p", protocol: 3, database: 2 });
  expect(
    server?.received[0]
      ?.join("")
      .split("\r\n")
      .filter((line) => /^\w/.test(line)),
  ).toEqual(["AUTH", "u", "p", "HELLO", "3", "SELECT", "2"]);
});

test("a refused password closes the connection and is the server's error", async () => {
  await expect(open("-WRONGPASS no\r\n+OK\r\n", { password: "p", database: 1 })).rejects.toThrow("WRONGPASS no");
});

test("pushes go to their receiver, in turn with the replies", async () => {
  const seen: unknown[] = [];
  const opened = await open(">1\r\n+first\r\n+OK\r\n>1\r\n+second\r\n", { onPush: (message) => seen.push(message) });
  seen.push(await opened.send(["A"]));
  await new Promise(setImmediate);
  expect(seen).toEqual([["first"], "OK", ["second"]]);
});

test.each(["*1\r\n+one\r\n*1\r\n+two\r\n", ">1\r\n+one\r\n>1\r\n+two\r\n"])("listening, %j", async (answer) => {
  const opened = await open(answer, {}, false);
  const messages: Reply[] = [];
  await expect(opened.listen(["SUBSCRIBE", "a"], (message) => messages.push(message))).rejects.toThrow(
    "Server closed the connection",
  );
  expect(messages).toEqual([["one"], ["two"]]);
});

test("a refused request to listen leaves an ordinary connection", async () => {
  const opened = await open("-NOPERM no\r\n+PONG\r\n");
  expect(await opened.listen(["MONITOR"], () => undefined)).toEqual(new ReplyError("NOPERM no"));
  expect(opened.isOpen).toBe(true);
});

test("who waits for replies cannot listen, who listens cannot send", async () => {
  const opened = await open("");
  const waiting = opened.send(["A"]);
  await expect(opened.listen(["MONITOR"], () => undefined)).rejects.toThrow("cannot listen yet");
  opened.close();
  await expect(waiting).rejects.toThrow("closed by the client");
});

test("nobody listens", async () => {
  const port = await freePort();
  const refused = connect({ address: { kind: "tcp", host: "127.0.0.1", port } });
  await expect(refused).rejects.toMatchObject({ problem: "unreachable", message: "Connection refused" });
  const missing = connect({ address: { kind: "unix", path: "/nonexistent/socket" } });
  await expect(missing).rejects.toMatchObject({ problem: "unreachable", message: "No such file or directory" });
});

test("a host that has no address", async () => {
  const unknown = connect("redis://nosuch.invalid");
  const words = /^(Name or service not known|Temporary failure in name resolution)$/;
  await expect(unknown).rejects.toMatchObject({
    problem: "unreachable",
    message: expect.stringMatching(words) as string,
  });
});

test.each([
  "HTTP/1.1 400 Bad Request\r\n\r\n",
  "$-7\r\n",
  "*1\r\n?",
  new Uint8Array([0, 1, 2, 255]),
  "*99999999999\r\n",
  "$99999999999\r\n",
  "%99999999999999999999999\r\n",
  "*1\r\n".repeat(1000),
  `+${"x".repeat(100_000)}\r\n`,
])("garbage instead of RESP: %j", async (answer) => {
  const closed: ConnectionError[] = [];
  const opened = await open(answer, { onClose: (error) => closed.push(error) });
  await expect(opened.send(["A"])).rejects.toMatchObject({ problem: "protocol" });
  await expect(opened.send(["A"])).rejects.toMatchObject({ problem: "protocol" });
  expect(closed).toHaveLength(1);
  expect(opened.isOpen).toBe(false);
});

test("the server closes in the middle of a reply: what is complete is delivered", async () => {
  const opened = await open("+OK\r\n$100\r\nabc", {}, false);
  const [first, second] = [opened.send(["A"]), opened.send(["B"])];
  await expect(second).rejects.toMatchObject({ problem: "closed", message: "Server closed the connection" });
  expect(await first).toBe("OK");
});

test("a signal gives up", async () => {
  const opened = await open("", { signal: AbortSignal.timeout(20) });
  await expect(opened.send(["BLPOP", "q", "0"])).rejects.toBeInstanceOf(ConnectionError);
});
