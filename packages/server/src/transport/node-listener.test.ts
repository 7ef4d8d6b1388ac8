import { once } from "node:events";
import { connect, createServer, Socket } from "node:net";
import type { AddressInfo, Server as NetServer } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { until } from "../testing/sockets.ts";
import { createTestServer, type TestServer } from "../testing/test-client.ts";
import { closeListener, createHandleListener } from "./node-listener.ts";
import type { StreamHandle } from "./stream-handle.ts";

let made: TestServer;
let accepted: StreamHandle[];
let listener: NetServer;
let sockets: number;

beforeEach(async () => {
  made = createTestServer();
  accepted = [];
  sockets = 0;
  listener = createHandleListener(made.server, (handle) => void accepted.push(handle));
  listener.on("connection", () => sockets++);
  listener.listen(0, "127.0.0.1");
  await once(listener, "listening");
});

afterEach(async () => {
  for (const handle of accepted) handle.close?.();
  await closeListener(listener);
});

/** Whether a handle works: what is written to a socket around it arrives. */
async function expectToWork(handle: StreamHandle | undefined, peer: Socket): Promise<void> {
  new Socket({ handle } as object).end("hello");
  const [bytes] = (await once(peer, "data")) as [Buffer];
  expect(bytes.toString()).toBe("hello");
  peer.destroy();
}

test("handles are accepted without a socket around them, and do not read yet", async () => {
  const peer = connect((listener.address() as AddressInfo).port, "127.0.0.1");
  peer.write("PING\r\n");
  await until(() => accepted.length === 1, "the connection");
  expect(sockets).toBe(0);
  await expectToWork(accepted[0], peer);
});

test("where Node has made a socket it gives its handle up", async () => {
  const other = createServer({ pauseOnConnect: true }).listen(0, "127.0.0.1");
  await once(other, "listening");
  const peer = connect((other.address() as AddressInfo).port, "127.0.0.1");
  const [socket] = (await once(other, "connection")) as [Socket];
  listener.emit("connection", socket);
  expect(socket.destroyed).toBe(true);
  await expectToWork(accepted[0], peer);
  await closeListener(other);
});

test("an error of accepting is logged, and the listener goes on", () => {
  const { onconnection } = (listener as unknown as { _handle: { onconnection: (status: number) => void } })._handle;
  onconnection.call((listener as unknown as { _handle: object })._handle, -24);
  expect(made.logged.join()).toMatch(/# Accepting client connection: .*(EMFILE|too many open files)/i);
  expect([accepted.length, listener.listening]).toEqual([0, true]);
});
