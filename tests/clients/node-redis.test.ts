/** node-redis against the running server, once per protocol: RESP3 gives it maps, doubles and nulls as such. */
import { createClient, RESP_TYPES } from "redis";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { RawConnection } from "../support/connection.ts";
import { subjectPresent } from "../support/server.ts";
import { useSubject } from "../support/subject.ts";

describe.skipIf(!subjectPresent()).each([2, 3] as const)("node-redis, RESP%i", (protocol) => {
  const server = useSubject();
  const connect = (): ReturnType<typeof newClient> => newClient(server.current.port, protocol);
  let client: ReturnType<typeof newClient>;
  beforeEach(async () => {
    client = connect();
    await client.connect();
    await client.flushAll();
  });
  afterEach(() => {
    client.destroy();
  });

  test("strings", async () => {
    expect(await client.set("greeting", "hello")).toBe("OK");
    expect(await client.get("greeting")).toBe("hello");
    expect(await client.get("missing")).toBeNull();
    expect(await client.set("greeting", "other", { condition: "NX" })).toBeNull();
    expect(await client.getDel("greeting")).toBe("hello");
    expect(await client.incrBy("count", 42)).toBe(42);
    expect(Number(await client.incrByFloat("count", 0.25))).toBe(42.25);
    expect(await client.mSet({ a: "1", b: "2" })).toBe("OK");
    expect(await client.mGet(["a", "missing", "b"])).toEqual(["1", null, "2"]);
    expect(await client.exists(["a", "b", "c"])).toBe(2);
  });

  test("the longest common subsequence with its matches", async () => {
    await client.mSet({ a: "ohmytext", b: "mynewtext" });
    expect(await client.lcs("a", "b")).toBe("mytext");
    expect(await client.lcsIdxWithMatchLen("a", "b")).toMatchObject({ len: 6 });
  });

  test("binary values", async () => {
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    await client.set(bytes, bytes);
    const binary = client.withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer });
    expect(await binary.get(bytes)).toEqual(bytes);
  });

  test("expiry", async () => {
    await client.set("short", "lived", { expiration: { type: "PX", value: 60 } });
    await client.set("long", "lived", { expiration: { type: "EX", value: 1000 } });
    expect(await client.ttl("long")).toBeGreaterThan(990);
    expect(await client.expire("long", 10, "GT")).toBe(0);
    await expect.poll(() => client.get("short"), { timeout: 2000 }).toBeNull();
  });

  test("commands of one tick go out as one pipeline", async () => {
    const writes = Array.from({ length: 1000 }, (_, index) => client.set(`key:${index}`, String(index)));
    expect(new Set(await Promise.all(writes))).toEqual(new Set(["OK"]));
    const reads = await Promise.all(Array.from({ length: 1000 }, (_, index) => client.get(`key:${index}`)));
    expect(reads.at(-1)).toBe("999");
  });

  test("SCAN as an iterator visits every key", async () => {
    const keys = Array.from({ length: 2000 }, (_, index) => `scan:${index}`);
    await client.mSet(Object.fromEntries(keys.map((key) => [key, "x"])));
    const seen = new Set<string>();
    for await (const page of client.scanIterator({ MATCH: "scan:*", COUNT: 100 })) {
      for (const key of page) seen.add(key);
    }
    expect([...seen].sort()).toEqual(keys.sort());
  });

  test("errors reject and leave the connection usable", async () => {
    await client.set("text", "abc");
    await expect(client.incr("text")).rejects.toThrow("ERR value is not an integer or out of range");
    await expect(client.sendCommand(["NOSUCH"])).rejects.toThrow("unknown command");
    expect(await client.ping()).toBe("PONG");
  });

  test("CONFIG GET, INFO and CLIENT INFO are read", async () => {
    expect(await client.configGet("maxmemory")).toMatchObject({ maxmemory: "0" });
    expect(await client.info("server")).toContain("redis_version:");
    expect(await client.clientInfo()).toMatchObject({ db: 0 });
  });

  test("channels, patterns and shard channels", async () => {
    const listener = connect();
    await listener.connect();
    const heard: string[] = [];
    await listener.subscribe(["news", "sports"], (message, channel) => heard.push(`${channel} ${message}`));
    await listener.pSubscribe("n*", (message, channel) => heard.push(`n*: ${channel} ${message}`));
    await listener.sSubscribe("orders", (message, channel) => heard.push(`${channel} ${message}`));
    expect(await client.publish("news", "hello")).toBe(2);
    expect(await client.sPublish("orders", "one")).toBe(1);
    await expect.poll(() => heard).toEqual(["news hello", "n*: news hello", "orders one"]);
    await listener.unsubscribe();
    await listener.pUnsubscribe();
    await listener.sUnsubscribe();
    expect(await client.pubSubNumSub(["news"])).toEqual({ news: 0 });
    expect(await listener.get("news")).toBeNull();
    listener.destroy();
  });

  test("connects again after the connection was cut", async () => {
    const id = await client.clientId();
    const other = await RawConnection.open(server.current.port);
    await other.call("CLIENT", "KILL", "ID", String(id));
    other.close();
    await expect.poll(() => client.ping().catch(() => "down"), { timeout: 5000 }).toBe("PONG");
    expect(await client.clientId()).not.toBe(id);
  });
});

describe.skipIf(!subjectPresent())("node-redis's client-side cache", () => {
  const server = useSubject();

  test("keeps what it has read until somebody changes it", async () => {
    const writer = newClient(server.current.port, 3);
    const url = `redis://127.0.0.1:${server.current.port}`;
    const reader = createClient({ url, RESP: 3, clientSideCache: { ttl: 0, maxEntries: 0, evictPolicy: "LRU" } });
    await writer.connect();
    await reader.connect();
    await writer.set("a", "1");
    expect([await reader.get("a"), await reader.get("a")]).toEqual(["1", "1"]);
    const commands = async (): Promise<string> =>
      /cmdstat_get:calls=(\d+)/.exec(await writer.info("commandstats"))?.[1] ?? "";
    expect(await commands()).toBe("1");
    await writer.set("a", "2");
    await expect.poll(() => reader.get("a")).toBe("2");
    await writer.flushAll();
    await expect.poll(() => reader.get("a")).toBeNull();
    reader.destroy();
    writer.destroy();
  });
});

function newClient(port: number, protocol: 2 | 3) {
  const client = createClient({ url: `redis://127.0.0.1:${port}`, RESP: protocol });
  // A client without a listener throws when its connection is cut.
  client.on("error", () => undefined);
  return client;
}
