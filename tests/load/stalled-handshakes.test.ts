/** Handshakes of TLS that do not go on, by the hundred, while others guess passwords: who has logged in is served, and the stalled ones end. */
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect as connectSecurely } from "node:tls";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { whileServing } from "../support/bystander.ts";
import { makeCertificates } from "../support/certificates.ts";
import { clientFigures } from "../support/client-figures.ts";
import { openSockets, RawConnection } from "../support/connection.ts";
import { openDescriptors } from "../support/processes.ts";
import { programsPresent } from "../support/programs.ts";
import { freePort, type RunningServer, startServer, subjectKind, subjectPresent } from "../support/server.ts";

const password = "right";
const guesserCount = 50;
const stalledOfAKind = 100;
const dripMs = 250;
/** The server's time for a handshake is 10 s: from the connection on, whatever comes meanwhile. */
const earliestEndMs = 8000;
const latestEndMs = 15_000;
const percentile99Ms = 100;
/** The first five bytes of a record of TLS that is a handshake message of 16 KiB. */
const endlessRecord = Buffer.from([22, 3, 1, 64, 0]);

// redis-server has no time limit for handshakes.
const isReady = subjectPresent() && subjectKind === "sider" && programsPresent("stalled handshakes", "openssl");

describe.skipIf(!isReady)("stalled handshakes beside guesses of passwords", () => {
  const folder = mkdtempSync(join(tmpdir(), "sider-certificates-"));
  let server: RunningServer;
  let tlsPort: number;

  beforeAll(async () => {
    const certificates = await makeCertificates(folder);
    tlsPort = await freePort();
    const args = ["--tls-port", String(tlsPort), "--tls-cert-file", certificates.server.certificate];
    args.push("--tls-key-file", certificates.server.key, "--tls-ca-cert-file", certificates.authority);
    server = await startServer({ kind: subjectKind, args: [...args, "--requirepass", password] });
  });
  afterAll(async () => {
    await server.stop("SIGKILL");
    rmSync(folder, { recursive: true });
  });

  test(
    "a client that has logged in is answered quickly; the server ends all that stall",
    { timeout: 60_000 },
    async () => {
      const { port, pid } = server;
      const watcher = await RawConnection.open(port);
      await watcher.call("AUTH", password);
      const descriptorsBefore = openDescriptors(pid);
      const guessers = await Promise.all(Array.from({ length: guesserCount }, () => RawConnection.open(port)));
      const helloHalf = await halfOfClientHello();
      let endTimes: number[] = [];
      const report = await whileServing(
        port,
        async () => {
          for (const guesser of guessers) void guessOnAndOn(guesser);
          const silent = await openSockets(tlsPort, stalledOfAKind);
          const halfway = await openSockets(tlsPort, stalledOfAKind);
          const dripping = await openSockets(tlsPort, stalledOfAKind);
          const ends = [...silent, ...halfway, ...dripping].map((socket) => endOf(socket));
          for (const socket of halfway) socket.write(helloHalf);
          for (const socket of dripping) drip(socket);
          endTimes = await Promise.all(ends);
        },
        password,
      );
      console.log(
        `${endTimes.length} stalled handshakes, ${guesserCount} guessers: 99 of 100 of ${report.pings} pings within ` +
          `${report.percentile99Ms.toFixed(1)} ms, ended after ${(Math.max(...endTimes) / 1000).toFixed(1)} s`,
      );
      expect(report.percentile99Ms).toBeLessThan(percentile99Ms);
      expect(endTimes).toHaveLength(3 * stalledOfAKind);
      expect(Math.min(...endTimes)).toBeGreaterThan(earliestEndMs);
      expect(Math.max(...endTimes)).toBeLessThan(latestEndMs);
      expect(server.log()).toContain("Possible guessing of passwords");
      for (const guesser of guessers) guesser.close();
      await expect.poll(() => openDescriptors(pid), { timeout: 10_000 }).toBeLessThanOrEqual(descriptorsBefore);
      expect((await clientFigures(watcher)).connected).toBe(1);
      watcher.close();
    },
  );
});

/** Until the connection ends. */
async function guessOnAndOn(connection: RawConnection): Promise<void> {
  const guesses = Array.from({ length: 20 }, (_, index) => ["AUTH", `wrong ${index}`]);
  try {
    for (;;) {
      const replies = await connection.pipeline(guesses);
      const other = replies.find((reply) => !reply.toString().startsWith("-WRONGPASS"));
      if (other !== undefined) throw new Error(other.toString());
    }
  } catch (error) {
    if (!connection.socket.destroyed) throw error;
  }
}

/** How long from now until the other side ends it. */
function endOf(socket: Socket): Promise<number> {
  const startedAt = performance.now();
  // What it has not read makes the end a reset.
  socket.removeAllListeners("error").on("error", () => undefined);
  socket.resume();
  return new Promise((resolve) => socket.once("close", () => resolve(performance.now() - startedAt)));
}

/** Sends what never becomes a message, a random byte at a time. */
function drip(socket: Socket): void {
  socket.write(endlessRecord);
  const timer = setInterval(() => socket.write(randomBytes(1)), dripMs);
  socket.once("close", () => clearInterval(timer));
}

async function halfOfClientHello(): Promise<Buffer> {
  const listener = createServer().listen(0, "127.0.0.1");
  await once(listener, "listening");
  const client = connectSecurely({ port: (listener.address() as AddressInfo).port, host: "127.0.0.1" });
  client.on("error", () => undefined);
  const [socket] = (await once(listener, "connection")) as [Socket];
  const [hello] = (await once(socket, "data")) as [Buffer];
  client.destroy();
  socket.destroy();
  listener.close();
  return hello.subarray(0, hello.length / 2);
}
