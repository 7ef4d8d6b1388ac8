/** Streams that are not the protocol, or stretch it: a clear error, the connection closed where it is lost, everyone else served. */
import { describe, expect, test } from "vitest";

import { Random, seedOfRun } from "../support/random.ts";
import { whileServing } from "../support/bystander.ts";
import { encodeCommand, RawConnection } from "../support/connection.ts";
import { converse, converseUntilClosed } from "../support/exchange-bytes.ts";
import { subjectPresent } from "../support/server.ts";
import { useSubject } from "../support/subject.ts";

const megabyte = 2 ** 20;

describe.skipIf(!subjectPresent())("bad streams", () => {
  const server = useSubject();

  test.each([
    ["a bulk of 600 MB", "*1\r\n$629145600\r\n", "invalid bulk length"],
    ["a bulk of -5 bytes", "*1\r\n$-5\r\n", "invalid bulk length"],
    ["a bulk length that is no number", "*1\r\n$abc\r\n", "invalid bulk length"],
    ["an argument that is no bulk", "*1\r\nX5\r\n", "expected '$', got 'X'"],
    ["2^31 arguments", "*2147483648\r\n", "invalid multibulk length"],
    ["a number of arguments that is no number", "*abc\r\n", "invalid multibulk length"],
    ["an inline command with an open quote", 'GET "abc\r\n', "unbalanced quotes in request"],
    ["an inline line of 65 KB", "a".repeat(66_000), "too big inline request"],
    ["a count line of 65 KB", `*${"1".repeat(66_000)}`, "too big mbulk count string"],
    ["a bulk length line of 65 KB", `*1\r\n$${"1".repeat(66_000)}`, "too big bulk count string"],
  ])("%s", async (_, input, message) => {
    await whileServing(server.current.port, async () => {
      const answer = await converseUntilClosed(server.current.port, `PING\r\n${input}`);
      expect(answer).toEqual({ received: `+PONG\r\n-ERR Protocol error: ${message}\r\n`, closed: true });
    });
  });

  test.each([
    ["nothing but line ends", "\r\n\r\n", ""],
    ["an empty and a negative number of arguments", "*0\r\n*-5\r\nPING\r\n", "+PONG\r\n"],
    ["quotes and escapes", `SET "a\\x00b" 'it\\'s'\r\nGET "a\\x00b"\r\n`, "+OK\r\n$4\r\nit's\r\n"],
    ["NUL bytes in a key", encodeCommand(["SET", "\0nul\0", "v"]).toString("latin1"), "+OK\r\n"],
    ["NUL bytes in a key, read", encodeCommand(["GET", "\0nul\0"]).toString("latin1"), "$1\r\nv\r\n"],
    ["the key before the NUL", encodeCommand(["EXISTS", "\0nul", "", "\0"]).toString("latin1"), ":0\r\n"],
    ["invalid UTF-8", encodeCommand(["SET", "\xff\xfe\xc3(", "\xed\xa0\x80"]).toString("latin1"), "+OK\r\n"],
    ["invalid UTF-8, read", encodeCommand(["GET", "\xff\xfe\xc3("]).toString("latin1"), "$3\r\n\xed\xa0\x80\r\n"],
  ])("%s is fine", async (_, input, received) => {
    expect(await converse(server.current.port, input)).toEqual({ received, closed: false });
  });

  test("random bytes", async () => {
    const seed = seedOfRun();
    const random = new Random(seed);
    await whileServing(server.current.port, async () => {
      for (let round = 0; round < 200; round++) {
        const bytes = Uint8Array.from({ length: random.integer(1, 2000) }, () => random.integer(0, 255));
        // Some that look like requests at first.
        if (random.chance(0.5))
          bytes.set(
            Buffer.from(random.pick(["*3\r\n$3\r\nSET\r\n", "*1\r\n$", "*2\r\n$1\r\n"])).subarray(0, bytes.length),
          );
        await sendAndDrop(server.current.port, bytes);
      }
    }).catch((error: unknown) => {
      throw new Error(`seed ${seed}`, { cause: error });
    });
  });

  test("1,000,001 arguments are a command like any other", async () => {
    const keys = Array.from({ length: 1_000_000 }, () => "k");
    const connection = await RawConnection.open(server.current.port);
    const replies = await connection.pipeline([["DEL"].concat(keys), ["GET"].concat(keys), ["PING"]]);
    expect(replies.join("")).toBe(":0\r\n-ERR wrong number of arguments for 'get' command\r\n+PONG\r\n");
    connection.close();
  });

  test("a value of 64 MB in small pieces", async () => {
    const connection = await RawConnection.open(server.current.port);
    const value = Buffer.alloc(64 * megabyte, "v");
    const request = encodeCommand(["SET", "big", value]);
    await whileServing(server.current.port, async () => {
      const answer = connection.nextReply();
      for (let at = 0; at < request.length; at += 70_001) connection.send(request.subarray(at, at + 70_001));
      expect((await answer).toString()).toBe("+OK\r\n");
    });
    expect(await connection.callText("STRLEN", "big")).toBe(`:${value.length}\r\n`);
    expect(await connection.callText("DEL", "big")).toBe(":1\r\n");
    connection.close();
  });
});

/** Sends bytes on a connection of their own and leaves as soon as they are sent, whatever comes back. */
async function sendAndDrop(port: number, bytes: Uint8Array): Promise<void> {
  const connection = await RawConnection.open(port);
  await new Promise<void>((resolve) => connection.socket.end(bytes, resolve));
  connection.close();
}
