import { afterEach, expect, test } from "vitest";
import { Client } from "../client/client.ts";
import { startScriptedServer, type ScriptedServer } from "../testing/scripted-server.ts";
import { TestClock } from "../testing/run-mode.ts";
import { Pinger } from "./pinger.ts";
import { Rehearsal } from "./rehearsal.ts";

const { signal } = new AbortController();

let server: ScriptedServer | undefined;
afterEach(async () => {
  await server?.stop();
  server = undefined;
});

async function connectTo(answers: readonly string[], stays = false): Promise<Client> {
  server = await startScriptedServer(answers, stays);
  return Client.open({ address: { kind: "tcp", host: "127.0.0.1", port: server.port } });
}

test("the time is that of the last bytes of the reply", async () => {
  // Each look at the clock takes a millisecond: the second look is that at the end of the reply.
  const clock = new TestClock(() => 1);
  const client = await connectTo(["+PO"], true);
  const pinging = new Pinger(client, clock, signal).ping();
  while (clock.now < 1001) await new Promise((resolve) => setImmediate(resolve));
  server?.sockets[0].write("NG\r\n");
  const { reply, endMs } = await pinging;
  expect(reply).toBe("PONG");
  expect(Math.floor(endMs)).toBe(1002);
  expect(server?.received[0]).toEqual(["*1\r\n$4\r\nPING\r\n"]);
  client.close();
});

test("a connection that ends, and what is not RESP", async () => {
  const ended = new Pinger(await connectTo([""]), new TestClock(), signal);
  await expect(ended.ping()).rejects.toMatchObject({ problem: "closed" });
  await server?.stop();
  const garbled = new Pinger(await connectTo(["HTTP/1.1 400\r\n"], true), new TestClock(), signal);
  await expect(garbled.ping()).rejects.toMatchObject({ problem: "protocol" });
});

test("who is interrupted does not wait", async () => {
  const controller = new AbortController();
  const pinging = new Pinger(await connectTo([], true), new TestClock(), controller.signal).ping();
  controller.abort();
  await expect(pinging).rejects.toMatchObject({ problem: "closed" });
});

test("a rehearsal answers itself, and does not mind being ended", async () => {
  const rehearsal = await Rehearsal.open(new TestClock(), signal);
  await rehearsal?.ping();
  expect(rehearsal).not.toBeNull();
  const controller = new AbortController();
  const interrupted = await Rehearsal.open(new TestClock(), controller.signal);
  const pinging = interrupted?.ping();
  controller.abort();
  await pinging;
  rehearsal?.close();
  interrupted?.close();
});
