/** Clients that are slow, silent, many, or do not read: they wait or go, and everyone else is served. */
import type { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";

import { whileServing } from "../support/bystander.ts";
import { encodeCommand, openSockets, RawConnection } from "../support/connection.ts";
import { openFileLimit, residentBytes } from "../support/processes.ts";
import { subjectKind, subjectPresent } from "../support/server.ts";
import { useSubject } from "../support/subject.ts";

const mostIdleConnections = 10_000;
/** Files that this process and the server have open besides. */
const otherFiles = 300;
const isReady = subjectPresent();

describe.skipIf(!isReady)("slow clients", () => {
  const server = useSubject();

  test("a byte at a time", async () => {
    const connection = await RawConnection.open(server.current.port);
    await whileServing(server.current.port, async () => {
      const answers = [connection.nextReply(), connection.nextReply()];
      for (const byte of Buffer.concat([encodeCommand(["SET", "slow", "value"]), Buffer.from("GET slow\r\n")])) {
        connection.send(Uint8Array.of(byte));
        await sleep(2);
      }
      expect((await Promise.all(answers)).join("")).toBe("+OK\r\n$5\r\nvalue\r\n");
    });
    connection.close();
  });

  test("half a command, then half a connection, then nothing", async () => {
    const request = encodeCommand(["SET", "half", "value"]);
    await whileServing(server.current.port, async () => {
      const waiting = await Promise.all(Array.from({ length: 50 }, () => RawConnection.open(server.current.port)));
      for (const [index, connection] of waiting.entries())
        connection.send(request.subarray(0, 1 + (index % (request.length - 1))));
      await sleep(100);
      for (const connection of waiting) connection.socket.end();
      await Promise.all(waiting.map((connection) => connection.closed));
    });
    const connection = await RawConnection.open(server.current.port);
    expect(await connection.callText("EXISTS", "half")).toBe(":0\r\n");
    connection.close();
  });

  test("a client that asks and is gone before the answer", async () => {
    await whileServing(server.current.port, async () => {
      for (let round = 0; round < 100; round++) {
        const connection = await RawConnection.open(server.current.port);
        connection.sendCommands(Array.from({ length: 200 }, () => ["GET", "half"]));
        connection.socket.resetAndDestroy();
      }
    });
  });
});

describe.skipIf(!isReady).each([
  ["hard", ["64kb", "0", "0"]],
  ["soft", ["0", "64kb", "1"]],
])("a client that does not read, %s limit", (_, limits) => {
  const server = useSubject(["--client-output-buffer-limit", "normal", ...limits]);

  test("is closed, and its answers are not piled up", async () => {
    const { port, pid } = server.current;
    const watcher = await RawConnection.open(port);
    await watcher.call("SET", "big", Buffer.alloc(2 ** 20, "b"));
    const residentBefore = residentBytes(pid);
    const lazy = await lazyClient(port);
    await whileServing(port, async () => {
      lazy.sendCommands(Array.from({ length: 500 }, () => ["GET", "big"]));
      const clients = (): Promise<string> => watcher.callText("CLIENT", "LIST");
      await expect.poll(clients, { timeout: 10_000, interval: 100 }).not.toContain("name=lazy");
    });
    expect(residentBytes(pid) - residentBefore).toBeLessThan(600e6);
    lazy.close();
    watcher.close();
  });
});

describe.skipIf(!isReady || subjectKind === "redis")("a client that does not read, no limit", () => {
  const server = useSubject();

  test("is not read from either when a GiB waits: its answers stay bounded", async () => {
    const { port, pid } = server.current;
    const watcher = await RawConnection.open(port);
    await watcher.call("SET", "big", Buffer.alloc(2 ** 20, "b"));
    const residentBefore = residentBytes(pid);
    const lazy = await lazyClient(port);
    await whileServing(port, async () => {
      lazy.sendCommands(Array.from({ length: 2500 }, () => ["GET", "big"]));
      await sleep(2000);
    });
    expect(residentBytes(pid) - residentBefore).toBeLessThan(1.3e9);
    lazy.socket.destroy();
    await expect.poll(() => residentBytes(pid) - residentBefore, { timeout: 10_000 }).toBeLessThan(100e6);
    lazy.close();
    watcher.close();
  });
});

describe.skipIf(!isReady)("a subscriber that does not read", () => {
  const server = useSubject(["--client-output-buffer-limit", "pubsub", "1mb", "0", "0"]);

  test("is closed at its limit, and the others get every message", async () => {
    const { port, pid } = server.current;
    const publisher = await RawConnection.open(port);
    const reader = await RawConnection.open(port);
    await reader.call("SUBSCRIBE", "news");
    const lazy = await lazyClient(port);
    lazy.sendCommands([["SUBSCRIBE", "news"]]);
    const listeners = (): Promise<string> => publisher.callText("PUBSUB", "NUMSUB", "news");
    await expect.poll(listeners).toMatch(/:2\r\n$/);
    const residentBefore = residentBytes(pid);
    const message = Buffer.alloc(64 * 1024, "m");
    await whileServing(port, async () => {
      for (let count = 0; count < 800; count++) {
        const got = reader.nextReply();
        await publisher.call("PUBLISH", "news", message);
        expect((await got).length).toBeGreaterThan(message.length);
      }
    });
    expect(await listeners()).toMatch(/:1\r\n$/);
    expect(await publisher.callText("CLIENT", "LIST")).not.toContain("name=lazy");
    expect(residentBytes(pid) - residentBefore).toBeLessThan(100e6);
    for (const connection of [publisher, reader, lazy]) connection.close();
  });
});

describe.skipIf(!isReady)("idle connections", () => {
  const count = Math.min(mostIdleConnections, openFileLimit() - otherFiles);
  const server = useSubject(["--maxclients", String(count + 50), "--tcp-backlog", "511"]);

  test(`${count} of them`, async () => {
    if (count < mostIdleConnections)
      console.log(`only ${count} idle connections: the limit of open files allows no more`);
    const { port, pid } = server.current;
    const residentBefore = residentBytes(pid);
    const idle: Socket[] = [];
    await whileServing(port, async () => {
      idle.push(...(await openSockets(port, count)));
    });
    const watcher = await RawConnection.open(port);
    const info = await watcher.callText("INFO", "clients");
    expect(Number(/connected_clients:(\d+)/.exec(info)?.[1])).toBeGreaterThanOrEqual(count);
    const bytesEach = (residentBytes(pid) - residentBefore) / count;
    console.log(`${count} idle connections, ${Math.round(bytesEach)} bytes of RSS each`);
    expect(bytesEach).toBeLessThan(65_536);
    for (const socket of idle) socket.resetAndDestroy();
    const connectedClients = async (): Promise<number> =>
      Number(/connected_clients:(\d+)/.exec(await watcher.callText("INFO", "clients"))?.[1]);
    await expect.poll(connectedClients, { timeout: 10_000 }).toBeLessThan(10);
    watcher.close();
  });
});

describe.skipIf(!isReady)("more clients than maxclients", () => {
  const server = useSubject(["--maxclients", "5"]);

  test("are told so and closed", async () => {
    const clients = await Promise.all(Array.from({ length: 5 }, () => RawConnection.open(server.current.port)));
    for (const client of clients) await client.call("PING");
    const refused = await RawConnection.open(server.current.port);
    expect((await refused.nextReply()).toString()).toBe("-ERR max number of clients reached\r\n");
    await refused.closed;
    for (const client of clients) expect(await client.callText("PING")).toBe("+PONG\r\n");
    for (const client of clients) client.close();
  });
});

/** A client that shows up in CLIENT LIST as "lazy" and reads nothing more. */
async function lazyClient(port: number): Promise<RawConnection> {
  const client = await RawConnection.open(port);
  await client.call("CLIENT", "SETNAME", "lazy");
  client.socket.pause();
  return client;
}
