import { beforeEach, describe, expect, test } from "vitest";
import { bulk } from "../../testing/replies.ts";
import { createTestServer } from "../../testing/test-client.ts";
import type { TestClient, TestServer } from "../../testing/test-client.ts";
import { scanAll, scanOnce } from "./testing/scan.ts";

let running: TestServer;
let client: TestClient;

beforeEach(() => {
  running = createTestServer();
  client = running.connect();
});

function fill(count: number, prefix = "key:"): void {
  for (let number = 0; number < count; number++) client.send("SET", `${prefix}${String(number)}`, number);
}

describe("KEYS", () => {
  test("gives what matches, byte for byte", () => {
    client.send("MSET", "a", 1, "b\r\n", 2, "\xff\x00", 3, "", 4);
    expect(client.send("KEYS", "a")).toBe(`*1\r\n${bulk("a")}`);
    expect(client.send("KEYS", "[b-c]*")).toBe(`*1\r\n${bulk("b\r\n")}`);
    expect(client.send("KEYS", "\xff?")).toBe(`*1\r\n${bulk("\xff\x00")}`);
    expect(client.send("KEYS", "none*")).toBe("*0\r\n");
  });

  test("the empty key matches a lone star and the empty pattern only", () => {
    client.send("SET", "", 1);
    expect(client.send("KEYS", "*")).toBe(`*1\r\n${bulk("")}`);
    expect(client.send("KEYS", "")).toBe(`*1\r\n${bulk("")}`);
    expect(client.send("KEYS", "**")).toBe("*0\r\n");
  });

  test("leaves out keys that are due, and leaves them where they are", () => {
    client.send("SET", "a", 1, "PX", 10);
    running.clock.now += 11;
    expect(client.send("KEYS", "*")).toBe("*0\r\n");
    expect(running.server.keyspace.expiredKeys).toBe(0);
  });

  test("gives all of many keys", () => {
    fill(5000);
    expect(client.send("KEYS", "*").startsWith("*5000\r\n")).toBe(true);
    expect(client.send("KEYS", "key:1?").startsWith("*10\r\n")).toBe(true);
  });
});

describe("RANDOMKEY", () => {
  test("is null without keys, and each key sometime", () => {
    expect(client.send("RANDOMKEY")).toBe("$-1\r\n");
    fill(20);
    const seen = new Set<string>();
    for (let times = 0; times < 500; times++) seen.add(client.send("RANDOMKEY"));
    expect(seen.size).toBe(20);
  });

  test("deletes keys that are due until it finds one that is not", () => {
    for (let number = 0; number < 50; number++) client.send("SET", `due:${String(number)}`, 1, "PX", 10);
    client.send("SET", "a", 1);
    running.clock.now += 11;
    expect(client.send("RANDOMKEY")).toBe(bulk("a"));
    client.send("DEL", "a");
    expect(client.send("RANDOMKEY")).toBe("$-1\r\n");
    expect(running.server.keyspace.expiredKeys).toBe(50);
  });
});

describe("SCAN", () => {
  test("gives every key once while nothing changes", () => {
    fill(3000);
    const found = scanAll(client);
    expect(found.length).toBe(3000);
    expect(new Set(found).size).toBe(3000);
  });

  test("gives about COUNT keys a call, ten without it", () => {
    fill(3000);
    const few = scanOnce(client, "0").keys.length;
    expect(few).toBeGreaterThanOrEqual(10);
    expect(few).toBeLessThan(60);
    const many = scanOnce(client, "0", "COUNT", 500).keys.length;
    expect(many).toBeGreaterThanOrEqual(500);
    expect(many).toBeLessThan(600);
    expect(scanOnce(client, "0", "COUNT", "9223372036854775807").cursor).toBe("0");
  });

  test("MATCH and TYPE filter, and do not make a call longer", () => {
    fill(1000);
    expect(scanAll(client, "MATCH", "key:99?").sort()).toEqual(
      Array.from({ length: 10 }, (_, n) => `key:99${String(n)}`),
    );
    expect(scanOnce(client, "0", "MATCH", "none").cursor).not.toBe("0");
    expect(scanAll(client, "TYPE", "STRING").length).toBe(1000);
    expect(scanAll(client, "TYPE", "hash").length).toBe(0);
    expect(scanAll(client, "TYPE", "nonsense").length).toBe(0);
    client.send("SET", "", 1);
    expect(scanAll(client, "MATCH", "*").length).toBe(1001);
  });

  test("deletes keys that are due, unless the pattern leaves them out", () => {
    for (let number = 0; number < 100; number++) client.send("SET", `due:${String(number)}`, 1, "PX", 10);
    fill(100);
    running.clock.now += 11;
    expect(scanAll(client, "MATCH", "key:*").length).toBe(100);
    expect(running.server.keyspace.expiredKeys).toBe(0);
    expect(scanAll(client).length).toBe(100);
    expect(running.server.keyspace.expiredKeys).toBe(100);
  });

  test.each(["", "+0", "-0", "00", "0\0x", "18446744073709551615", "-18446744073709551615", "0".repeat(100)])(
    "takes the cursor '%s'",
    (cursor) => {
      expect(client.send("SCAN", cursor).startsWith("*2\r\n")).toBe(true);
    },
  );

  test.each(["x", " 0", "0 ", "+", "-", "0x10", "1.5", "18446744073709551616", "9".repeat(1000)])(
    "refuses the cursor '%s', before its options",
    (cursor) => {
      expect(client.send("SCAN", cursor, "COUNT", "x")).toBe("-ERR invalid cursor\r\n");
    },
  );

  test.each([["COUNT", "0"], ["COUNT", "-1"], ["COUNT"], ["MATCH"], ["TYPE"], ["foo", "bar"], ["MATCH", "a", "b"]])(
    "refuses %s %s",
    (...options) => {
      expect(client.send("SCAN", 0, ...options)).toBe("-ERR syntax error\r\n");
    },
  );

  test("COUNT is an integer", () => {
    for (const count of ["x", "", "1.5", "9223372036854775808"]) {
      expect(client.send("SCAN", 0, "COUNT", count)).toBe("-ERR value is not an integer or out of range\r\n");
    }
  });
});
