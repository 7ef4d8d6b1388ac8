/** Clients that are gone in the middle of something large: what it took comes back, and everyone else is served meanwhile. */
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";

import { whileServing } from "../support/bystander.ts";
import { clientFigures } from "../support/client-figures.ts";
import { encodeCommand, RawConnection } from "../support/connection.ts";
import { residentBytes } from "../support/processes.ts";
import { subjectPresent } from "../support/server.ts";
import { useSubject } from "../support/subject.ts";

const MEBIBYTE = 2 ** 20;

describe.skipIf(!subjectPresent())("clients that are gone", () => {
  const server = useSubject();

  /** Lets clients be killed in the middle of `begin`; then all memory is back, and nobody waits. */
  async function killedAmid(count: number, begin: (client: RawConnection) => Promise<void>): Promise<void> {
    const { port, pid } = server.current;
    const watcher = await RawConnection.open(port);
    const before = await clientFigures(watcher);
    const residentBefore = residentBytes(pid);
    await whileServing(port, async () => {
      const clients = await Promise.all(Array.from({ length: count }, () => RawConnection.open(port)));
      await Promise.all(clients.map((client) => begin(client)));
      await sleep(100);
      await expect
        .poll(async () => (await clientFigures(watcher)).connected, { timeout: 10_000 })
        .toBeGreaterThanOrEqual(count);
      for (const client of clients) client.socket.resetAndDestroy();
    });
    await expect
      .poll(async () => (await clientFigures(watcher)).connected, { timeout: 10_000 })
      .toBeLessThanOrEqual(before.connected);
    const after = await clientFigures(watcher);
    expect(after.blocked).toBe(0);
    expect(after.memoryBytes).toBeLessThan(before.memoryBytes + 100_000);
    expect(after.usedBytes).toBeLessThan(before.usedBytes + 200_000);
    expect(residentBytes(pid) - residentBefore).toBeLessThan(250 * MEBIBYTE);
    watcher.close();
  }

  test("in the middle of MULTI", async () => {
    const value = "x".repeat(100_000);
    await killedAmid(50, async (client) => {
      const replies = await client.pipeline([["MULTI"], ...Array.from({ length: 10 }, () => ["SET", "never", value])]);
      expect(replies.at(-1)?.toString()).toBe("+QUEUED\r\n");
    });
    const connection = await RawConnection.open(server.current.port);
    expect(await connection.callText("EXISTS", "never")).toBe(":0\r\n");
    connection.close();
  });

  test("in the middle of an argument of 100 MB, again and again", async () => {
    const piece = Buffer.alloc(MEBIBYTE, "x");
    for (let round = 0; round < 4; round++) {
      await killedAmid(2, async (client) => {
        client.send(`*3\r\n$3\r\nSET\r\n$5\r\nnever\r\n$${100 * MEBIBYTE}\r\n`);
        for (let sent = 0; sent < 60; sent++) {
          if (!client.socket.write(piece)) await new Promise((resolve) => client.socket.once("drain", resolve));
        }
      });
    }
  });

  test("in the middle of a blocking pop, some of them served at that moment", async () => {
    await killedAmid(200, (client) => {
      client.sendCommands([["BLPOP", "list", "0"]]);
      return Promise.resolve();
    });
    const { port } = server.current;
    const pusher = await RawConnection.open(port);
    const clients = await Promise.all(Array.from({ length: 50 }, () => RawConnection.open(port)));
    for (const client of clients) client.sendCommands([["BLPOP", "list", "0"]]);
    await sleep(100);
    for (const client of clients) client.socket.resetAndDestroy();
    const pushed = await pusher.call("RPUSH", "list", ...Array.from({ length: 100 }, (_, index) => String(index)));
    expect(pushed.toString()).toBe(":100\r\n");
    // Elements went to those alone whose end the server had not seen.
    const left = Number((await pusher.callText("LLEN", "list")).slice(1));
    expect(left).toBeGreaterThanOrEqual(50);
    await expect.poll(async () => (await clientFigures(pusher)).blocked).toBe(0);
    pusher.close();
  });

  test("in the middle of a transaction that watches, and of MONITOR", async () => {
    await killedAmid(50, async (client) => {
      await client.pipeline([...Array.from({ length: 100 }, (_, index) => ["WATCH", `key:${index}`]), ["MULTI"]]);
    });
    await killedAmid(5, async (client) => {
      await client.call("MONITOR");
    });
  });

  test("a request that is cut off does nothing", async () => {
    const request = encodeCommand(["SET", "cut", "x".repeat(1000)]);
    await killedAmid(100, (client) => {
      client.send(request.subarray(0, request.length - 1));
      return Promise.resolve();
    });
    const connection = await RawConnection.open(server.current.port);
    expect(await connection.callText("EXISTS", "cut")).toBe(":0\r\n");
    connection.close();
  });
});
