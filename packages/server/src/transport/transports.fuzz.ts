/**
 * Random pipelines over every transport, cut anywhere, read in fits and starts: the replies are those that a client without any
 * transport gets for the same commands one by one.
 */
import { seededRandom } from "@sider/keyspace-engine";
import { connect } from "node:net";
import type { Duplex } from "node:stream";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createServer, type SiderServer } from "../create-server.ts";
import { fuzzScale, fuzzSeed } from "../testing/fuzzing.ts";
import { until } from "../testing/sockets.ts";
import { createTestServer, encodeCommand } from "../testing/test-client.ts";

const rounds = Math.max(1, Math.round(3 * fuzzScale));

type Words = (string | number)[];

function randomCommand(random: (limit: number) => number): Words {
  const key = `k${String(random(5))}`;
  const length = random(10) === 0 ? random(400_000) : random(300);
  switch (random(7)) {
    case 0:
      return ["SET", key, "v".repeat(length)];
    case 1:
      return ["APPEND", key, "w".repeat(random(1000))];
    case 2:
      return ["INCR", `n${String(random(3))}`];
    case 3:
      return ["MGET", key, "k0", "n0"];
    case 4:
      return ["NOSUCH", key];
    case 5:
      return ["ECHO", "\r\n\0$5\r\n".repeat(random(20))];
    default:
      return ["GET", key];
  }
}

/** Writes the text in random pieces, pauses reading now and then, and gives all replies. */
async function talk(
  stream: Duplex,
  text: string,
  random: (limit: number) => number,
  expectedLength: number,
): Promise<string> {
  const pieces: string[] = [];
  let length = 0;
  stream.on("data", (bytes: Buffer) => {
    pieces.push(bytes.toString("latin1"));
    length += bytes.length;
    if (random(8) !== 0) return;
    stream.pause();
    setTimeout(() => stream.resume(), random(3));
  });
  for (let at = 0; at < text.length;) {
    const size = random(3) === 0 ? 1 + random(20) : 1 + random(300_000);
    if (!stream.write(text.slice(at, at + size), "latin1")) await new Promise((resolve) => setImmediate(resolve));
    at += size;
    if (random(4) === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  await until(() => length >= expectedLength, `${String(expectedLength)} bytes of replies, seed ${String(fuzzSeed)}`);
  stream.destroy();
  return pieces.join("");
}

let server: SiderServer;

beforeAll(async () => {
  server = await createServer({ bind: "127.0.0.1" });
  await server.listen({ anyPort: true });
});

afterAll(async () => {
  await server.close();
});

const transports: readonly [string, () => Duplex][] = [
  ["TCP", () => connect(server.port, "127.0.0.1").setNoDelay(true)],
  ["a stream in the process", () => server.connect()],
];

describe.each(transports)(`%s (SIDER_SEED=${String(fuzzSeed)})`, (_, open) => {
  test.each(Array.from({ length: rounds }, (_, round) => round))("round %i", async (round) => {
    const random = seededRandom(fuzzSeed + round);
    const commands = Array.from({ length: 50 + random(300) }, () => randomCommand(random));
    const model = createTestServer().connect();
    const expected = commands.map((words) => model.send(...words)).join("");
    const flusher = server.client();
    await flusher.send("FLUSHALL");
    flusher.close();
    const replies = await talk(open(), commands.map(encodeCommand).join(""), random, expected.length);
    expect(replies === expected, `seed ${String(fuzzSeed)}`).toBe(true);
  });
});
