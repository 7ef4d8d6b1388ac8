import { afterEach, beforeEach, expect, test } from "vitest";
import { ReplyError } from "@sider/resp-protocol";
import type { SiderServer } from "../create-server.ts";
import { listeningServer, RawClient, until } from "../testing/sockets.ts";
import { installTakingCommands } from "../testing/taking-commands.ts";

let server: SiderServer;
let admin: ReturnType<SiderServer["client"]>;

beforeEach(async () => {
  ({ server } = await listeningServer());
  installTakingCommands(server.core);
  admin = server.client();
});

afterEach(() => server.close());

const waiting = (): number => server.core.executor.waiting.count;

function connected(): RawClient {
  return new RawClient({ port: server.port, host: "127.0.0.1" });
}

test("a TCP client that waits is served", async () => {
  const client = connected();
  client.socket.write("GETDEL a 0\r\nPING\r\n");
  await until(() => waiting() === 1, "the wait");
  await admin.send("SET", "a", "x");
  await until(() => client.received === "*2\r\n$1\r\na\r\n$1\r\nx\r\n+PONG\r\n", "both replies");
  client.socket.destroy();
});

test("a TCP client that waited too long is told", async () => {
  const client = connected();
  const startedMs = performance.now();
  client.socket.write("GETDEL a 0.05\r\n");
  await until(() => client.received === "*-1\r\n", "the reply");
  expect(performance.now() - startedMs).toBeGreaterThanOrEqual(49);
  client.socket.destroy();
});

test.each([
  ["closes", (client: RawClient) => client.socket.end()],
  ["resets", (client: RawClient) => client.socket.resetAndDestroy()],
  [
    "sends more and closes",
    (client: RawClient) => {
      client.socket.end("PING\r\n".repeat(1000));
    },
  ],
])("a TCP client that %s while it waits is forgotten at once", async (_, leave) => {
  const client = connected();
  client.socket.write("GETDEL a 0\r\n");
  await until(() => waiting() === 1, "the wait");
  leave(client);
  await until(() => waiting() === 0, "the end of the wait");
  await client.closed;
  expect(client.received).toBe("");
  await admin.send("SET", "a", 1);
  expect(await admin.send("EXISTS", "a")).toBe(1);
});

test("clients in this process wait too", async () => {
  const [client, stream] = [server.client(), server.connect()];
  const replies = [client.send("GETDEL", "a", 0), client.send("PING")];
  await admin.send("SET", "a", "x");
  expect(await Promise.all(replies)).toEqual([["a", "x"], "PONG"]);
  let received = "";
  stream.on("data", (bytes: Buffer) => (received += bytes.toString()));
  stream.write("GETDEL a 0\r\n");
  stream.write("PING\r\n");
  expect(waiting()).toBe(1);
  await admin.send("SET", "a", "y");
  await until(() => received === "*2\r\n$1\r\na\r\n$1\r\ny\r\n+PONG\r\n", "both replies");
  stream.destroy();
  const lost = client.send("GETDEL", "a", 0);
  client.close();
  await expect(lost).rejects.toThrow("the connection is closed");
  expect(waiting()).toBe(0);
});

test("CLIENT UNBLOCK rejects with its error", async () => {
  const client = server.client();
  const id = await client.send("CLIENT", "ID");
  const reply = client.send("GETDEL", "a", 0);
  await admin.send("CLIENT", "UNBLOCK", Number(id), "ERROR");
  await expect(reply).rejects.toThrow(ReplyError);
});
