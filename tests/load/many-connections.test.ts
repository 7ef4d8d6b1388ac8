/** Very many connections, a tenth of which are busy, and floods of more than the server takes: everyone else is served. */
import type { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";

import { whileServing } from "../support/bystander.ts";
import { clientFigures } from "../support/client-figures.ts";
import { openSockets, RawConnection } from "../support/connection.ts";
import { openFileLimit } from "../support/processes.ts";
import { subjectPresent } from "../support/server.ts";
import { useSubject } from "../support/subject.ts";

const connectionsWanted = 10_000;
/** Files that this process and the server have open besides. */
const otherFiles = 300;
const roundsOfActive = 10;
const commandsARound = 5;
/** Between two rounds of a connection: what this process can send and take well. */
const pauseMs = 300;
/** 10 ms on a machine that has nothing else to do; processors of CI are shared, and this process keeps one of them busy. */
const percentile99Ms = 250;
const isReady = subjectPresent();

describe.skipIf(!isReady)("many connections", () => {
  const count = Math.min(connectionsWanted, openFileLimit() - otherFiles);
  const server = useSubject(["--maxclients", String(count + 50)]);

  test("a tenth of them active: all are answered, and so is everyone else", { timeout: 120_000 }, async () => {
    const { port } = server.current;
    const watcher = await RawConnection.open(port);
    const idle = await openSockets(port, count - Math.floor(count / 10));
    const active: RawConnection[] = [];
    while (active.length < Math.floor(count / 10)) {
      active.push(...(await Promise.all(Array.from({ length: 50 }, () => RawConnection.open(port)))));
    }
    // Connections are made by the kernel; the server takes them out of its queue a little later.
    await expect
      .poll(async () => (await clientFigures(watcher)).connected, { timeout: 20_000 })
      .toBeGreaterThanOrEqual(count - 50);
    const commands = Array.from({ length: commandsARound }, () => ["INCR", "counter"]);
    const report = await whileServing(port, async () => {
      await Promise.all(
        active.map(async (connection) => {
          for (let round = 0; round < roundsOfActive; round++) {
            await sleep(Math.random() * 2 * pauseMs);
            await connection.pipeline(commands);
          }
        }),
      );
    });
    const total = active.length * roundsOfActive * commandsARound;
    expect(await watcher.callText("GET", "counter")).toBe(`$${String(total).length}\r\n${total}\r\n`);
    console.log(`${count} connections: 99 of 100 pings within ${report.percentile99Ms.toFixed(1)} ms`);
    expect(report.percentile99Ms).toBeLessThan(percentile99Ms);
    for (const socket of idle) socket.resetAndDestroy();
    for (const connection of active) connection.socket.resetAndDestroy();
    await expect.poll(async () => (await clientFigures(watcher)).connected, { timeout: 20_000 }).toBeLessThan(10);
    expect((await clientFigures(watcher)).memoryBytes).toBeLessThan(1e6);
    watcher.close();
  });
});

describe.skipIf(!isReady)("a flood of connections over maxclients", () => {
  const server = useSubject(["--maxclients", "20"]);

  test("is turned away, and those that are in are served", async () => {
    const { port } = server.current;
    const watcher = await RawConnection.open(port);
    const report = await whileServing(port, async () => {
      for (let wave = 0; wave < 10; wave++) {
        const sockets = await openSockets(port, 200);
        await Promise.all(sockets.map((socket) => endOf(socket)));
      }
    });
    const figures = await clientFigures(watcher);
    expect(figures.rejected).toBeGreaterThanOrEqual(2000 - 10 * 20);
    expect(figures.connected).toBeLessThanOrEqual(20);
    expect(report.percentile99Ms).toBeLessThan(percentile99Ms);
    await expect.poll(async () => (await clientFigures(watcher)).connected, { timeout: 10_000 }).toBeLessThan(3);
    const newcomer = await RawConnection.open(port);
    expect(await newcomer.callText("PING")).toBe("+PONG\r\n");
    for (const connection of [newcomer, watcher]) connection.close();
  });
});

/** Waits until the server closes, or until it has said nothing for a moment: then this end does. */
function endOf(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    socket.setTimeout(200, () => socket.destroy());
    socket.once("close", () => resolve());
    socket.resume();
  });
}
