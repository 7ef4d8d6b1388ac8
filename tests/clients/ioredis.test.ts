/** ioredis against the running server: what an application does with it, and what the client does by itself on connect. */
import { Redis } from "ioredis";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { RawConnection } from "../support/connection.ts";
import { subjectPresent } from "../support/server.ts";
import { useSubject } from "../support/subject.ts";

describe.skipIf(!subjectPresent())("ioredis", () => {
  const server = useSubject();
  let redis: Redis;
  beforeEach(async () => {
    redis = new Redis(server.current.port, "127.0.0.1");
    await redis.flushall();
  });
  afterEach(() => {
    redis.disconnect();
  });

  test("strings", async () => {
    expect(await redis.set("greeting", "hello")).toBe("OK");
    expect(await redis.get("greeting")).toBe("hello");
    expect(await redis.get("missing")).toBeNull();
    expect(await redis.append("greeting", ", world")).toBe(12);
    expect(await redis.getrange("greeting", -5, -1)).toBe("world");
    expect(await redis.set("greeting", "other", "NX")).toBeNull();
    expect(await redis.set("greeting", "other", "GET")).toBe("hello, world");
    expect(await redis.incrby("count", 41)).toBe(41);
    expect(await redis.incr("count")).toBe(42);
    expect(await redis.incrbyfloat("count", 0.5)).toBe("42.5");
    expect(await redis.mset({ a: "1", b: "2" })).toBe("OK");
    expect(await redis.mget("a", "missing", "b")).toEqual(["1", null, "2"]);
    expect(await redis.del("a", "b", "c")).toBe(2);
  });

  test("bits", async () => {
    expect(await redis.setbit("bits", 7, 1)).toBe(0);
    expect(await redis.bitcount("bits")).toBe(1);
    expect(await redis.call("BITFIELD", "bits", "SET", "u8", 8, 200, "GET", "i8", 8)).toEqual([0, -56]);
  });

  test("binary keys and values", async () => {
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    await redis.set(bytes, bytes);
    expect(await redis.getBuffer(bytes)).toEqual(bytes);
    expect(await redis.strlen(bytes)).toBe(256);
  });

  test("expiry", async () => {
    await redis.set("short", "lived", "PX", 60);
    expect(await redis.pttl("short")).toBeGreaterThan(0);
    await redis.set("long", "lived", "EX", 1000);
    expect(await redis.ttl("long")).toBeGreaterThan(990);
    expect(await redis.persist("long")).toBe(1);
    expect(await redis.ttl("long")).toBe(-1);
    await expect.poll(() => redis.get("short"), { timeout: 2000 }).toBeNull();
    expect(await redis.ttl("short")).toBe(-2);
  });

  test("a pipeline of a thousand commands", async () => {
    const pipeline = redis.pipeline();
    for (let index = 0; index < 1000; index++) pipeline.set(`key:${index}`, index).get(`key:${index}`);
    const replies = await pipeline.exec();
    expect(replies).toHaveLength(2000);
    expect(replies?.at(-1)).toEqual([null, "999"]);
  });

  test("SCAN as a stream visits every key", async () => {
    const keys = Array.from({ length: 2000 }, (_, index) => `scan:${index}`);
    await redis.mset(new Map(keys.map((key) => [key, "x"])));
    await redis.set("other", "x");
    const seen = new Set<string>();
    for await (const page of redis.scanStream({ match: "scan:*", count: 100 }) as AsyncIterable<string[]>) {
      for (const key of page) seen.add(key);
    }
    expect([...seen].sort()).toEqual(keys.sort());
  });

  test("errors reject and leave the connection usable", async () => {
    await redis.set("text", "abc");
    await expect(redis.incr("text")).rejects.toThrow("ERR value is not an integer or out of range");
    await expect(redis.call("GET")).rejects.toThrow("ERR wrong number of arguments for 'get' command");
    await expect(redis.call("NOSUCH", "x")).rejects.toThrow(
      "ERR unknown command 'NOSUCH', with args beginning with: 'x' ",
    );
    expect(await redis.ping()).toBe("PONG");
  });

  test("connects again after the connection was cut", async () => {
    await redis.set("kept", "yes");
    const id = await redis.client("ID");
    const other = await RawConnection.open(server.current.port);
    expect(await other.callText("CLIENT", "KILL", "ID", String(id))).toBe(":1\r\n");
    other.close();
    expect(await redis.get("kept")).toBe("yes");
    expect(await redis.client("ID")).not.toBe(id);
  });

  test("several databases, and a name for the connection", async () => {
    const named = new Redis({ port: server.current.port, host: "127.0.0.1", db: 3, connectionName: "tester" });
    await named.set("only", "here");
    expect(await named.client("GETNAME")).toBe("tester");
    expect(await redis.get("only")).toBeNull();
    await redis.select(3);
    expect(await redis.get("only")).toBe("here");
    named.disconnect();
  });

  test.each([2, 3] as const)("channels and patterns with RESP%i, and commands again afterwards", async (protocol) => {
    const listener = new Redis({ port: server.current.port, host: "127.0.0.1", protocol });
    const heard: string[] = [];
    listener.on("message", (channel, message) => heard.push(`${channel} ${message}`));
    listener.on("pmessage", (pattern, channel, message) => heard.push(`${pattern} ${channel} ${message}`));
    expect(await listener.subscribe("news", "sports")).toBe(2);
    expect(await listener.psubscribe("n*")).toBe(3);
    expect(await redis.publish("news", "hello")).toBe(2);
    expect(await redis.publish("nobody", "hello")).toBe(1);
    await expect.poll(() => heard).toEqual(["news hello", "n* news hello", "n* nobody hello"]);
    if (protocol === 2) await expect(listener.get("a")).rejects.toThrow("subscriber mode");
    else expect(await listener.get("a")).toBeNull();
    await listener.unsubscribe("news", "sports");
    await listener.punsubscribe("n*");
    expect(await listener.get("a")).toBeNull();
    listener.disconnect();
  });

  test("a listener is one again after its connection was cut", async () => {
    const listener = new Redis(server.current.port, "127.0.0.1");
    const heard: string[] = [];
    listener.on("message", (_, message) => heard.push(message));
    await listener.subscribe("news");
    expect(await redis.call("CLIENT", "KILL", "TYPE", "pubsub")).toBe(1);
    await expect.poll(() => redis.publish("news", "again"), { timeout: 5000 }).toBe(1);
    await expect.poll(() => heard).toEqual(["again"]);
    listener.disconnect();
  });

  test("shard channels, and keyspace notifications", async () => {
    const listener = new Redis(server.current.port, "127.0.0.1");
    const heard: string[] = [];
    listener.on("smessage", (channel, message) => heard.push(`${channel} ${message}`));
    listener.on("pmessage", (_, channel, message) => heard.push(`${channel} ${message}`));
    await listener.ssubscribe("orders");
    await listener.psubscribe("__keyevent@*__:*");
    await redis.config("SET", "notify-keyspace-events", "Eg");
    await redis.spublish("orders", "one");
    await redis.set("a", "1");
    await redis.del("a");
    await expect.poll(() => heard).toEqual(["orders one", "__keyevent@0__:del a"]);
    await redis.config("SET", "notify-keyspace-events", "");
    listener.disconnect();
  });
});
