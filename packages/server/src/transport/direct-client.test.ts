/** Channels for a client without a connection. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createServer } from "../create-server.ts";
import type { SiderServer } from "../create-server.ts";

let server: SiderServer;

beforeEach(async () => {
  server = await createServer({ "heap-capacity": "64mb" });
});

afterEach(async () => {
  await server.close();
});

describe.each([2, 3])("RESP%i", (protocol) => {
  test("messages are told of, commands go on being answered in order", async () => {
    const client = server.client();
    const publisher = server.client();
    const heard: unknown[] = [];
    client.onPush = (words) => heard.push(words);
    await client.send("HELLO", protocol);
    const replies = await Promise.all([
      client.send("SUBSCRIBE", "a", "b"),
      client.send("PSUBSCRIBE", "a*"),
      client.send("PING", "x"),
      publisher.send("PUBLISH", "a", "1"),
      client.send("UNSUBSCRIBE"),
      client.send("PUNSUBSCRIBE", "a*", "b*"),
      client.send("UNSUBSCRIBE"),
      client.send("GET", "a"),
    ]);
    expect(replies).toEqual([
      ["subscribe", "b", 2],
      ["psubscribe", "a*", 3],
      protocol === 2 ? ["pong", "x"] : "x",
      2,
      ["unsubscribe", "b", 1],
      ["punsubscribe", "b*", 0],
      ["unsubscribe", null, 0],
      null,
    ]);
    await expect
      .poll(() => heard)
      .toEqual([
        ["message", "a", "1"],
        ["pmessage", "a*", "a", "1"],
      ]);
  });
});

test("a wrong SUBSCRIBE is one error, and in a transaction it is queued once", async () => {
  const client = server.client();
  await expect(client.send("SUBSCRIBE")).rejects.toThrow("wrong number of arguments");
  expect(await client.send("MULTI")).toBe("OK");
  expect(await client.send("SUBSCRIBE", "a", "b")).toBe("QUEUED");
  expect(await client.send("DISCARD")).toBe("OK");
});

test("who is told of changes gets them as pushes", async () => {
  const client = server.client();
  const heard: unknown[] = [];
  client.onPush = (words) => heard.push(words);
  await client.send("HELLO", 3);
  await client.send("CLIENT", "TRACKING", "on");
  await client.send("GET", "a");
  await client.send("SET", "a", "1");
  await server.client().send("FLUSHALL");
  await expect
    .poll(() => heard)
    .toEqual([
      ["invalidate", ["a"]],
      ["invalidate", null],
    ]);
});
