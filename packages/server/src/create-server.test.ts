import { ReplyError } from "@sider/resp-protocol";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ConfigurationError } from "./config/index.ts";
import { until } from "./testing/until.ts";
import { createServer, type Directives, type ServerEnvironment, type SiderServer } from "./create-server.ts";
import { keepingLog, RawClient } from "./testing/sockets.ts";

const servers: SiderServer[] = [];
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sider-embedded-"));
});

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
  rmSync(folder, { recursive: true });
});

async function make(directives: Directives = {}, environment: ServerEnvironment = {}): Promise<SiderServer> {
  const server = await createServer({ "heap-capacity": "64mb", ...directives }, environment);
  servers.push(server);
  return server;
}

describe("an embedded server", () => {
  test("executes without any port or file", async () => {
    const server = await make();
    const client = server.client();
    expect(await client.send("SET", "greeting", "grüße")).toBe("OK");
    expect(await Promise.all([client.send("GET", "greeting"), client.send("INCR", "n")])).toEqual(["grüße", 1]);
    await expect(client.send("INCR", "greeting")).rejects.toThrow(ReplyError);
    expect(server.core.configuration.get("save")).toEqual([]);
    expect(server.listening).toEqual([]);
  });

  test("is one of several in the process, each with its own data and directives", async () => {
    const [one, two] = [await make(), await make({ databases: 1, requirepass: "secret" })];
    await one.client().send("SET", "a", "1");
    const client = two.client();
    await expect(client.send("GET", "a")).rejects.toThrow("NOAUTH");
    await client.send("AUTH", "secret");
    expect(await client.send("GET", "a")).toBe(null);
    await expect(client.send("SELECT", 1)).rejects.toThrow("DB index is out of range");
    await one.listen({ anyPort: true });
    await two.listen({ anyPort: true });
    expect(one.port).not.toBe(two.port);
  });

  test("keeps its data where `dir` says", async () => {
    const first = await make({ dir: folder });
    await first.client().send("SET", "a", "1");
    expect(await first.shutdown()).toBe(true);
    expect(existsSync(join(folder, "dump.rdb"))).toBe(true);
    const second = await make({ dir: folder });
    expect(await second.client().send("GET", "a")).toBe("1");
  });

  test("takes directives as words, numbers, booleans and lists", async () => {
    const { configuration } = (await make({ save: [60, 1], bind: "127.0.0.1 ::1", rdbcompression: false, HZ: 50 }))
      .core;
    expect(configuration.match(["save", "bind", "rdbcompression", "hz"])).toEqual([
      "save",
      "60 1",
      "bind",
      "127.0.0.1 ::1",
      "rdbcompression",
      "no",
      "hz",
      "50",
    ]);
    await expect(make({ nosuch: 1 })).rejects.toThrow(ConfigurationError);
    await expect(make({ hz: "fast" })).rejects.toThrow(ConfigurationError);
  });

  test("tells when SHUTDOWN has closed it", async () => {
    let downs = 0;
    const server = await make({}, { onShutdown: () => downs++ });
    await server.listen({ anyPort: true });
    const client = new RawClient({ port: server.port, host: "127.0.0.1" }).write("PING\r\nSHUTDOWN\r\nPING\r\n");
    await client.closed;
    expect([client.received, downs, server.listening]).toEqual(["+PONG\r\n", 1, []]);
  });

  test.each([
    ["SIGTERM", "shutdown-on-sigterm", true],
    ["SIGINT", "shutdown-on-sigint", true],
    ["SIGTERM", "shutdown-on-sigint", false],
  ] as const)("%s follows %s", async (signal, directive, saves) => {
    const logged: string[] = [];
    const server = await make({ dir: folder, save: "", [directive]: "save" }, { log: keepingLog(logged) });
    server.terminate(signal);
    await until(() => logged.some((line) => line.includes("bye bye")));
    expect(logged[0]).toBe(`# Received ${signal} scheduling shutdown...`);
    expect(existsSync(join(folder, "dump.rdb"))).toBe(saves);
  });
});

describe("a client without a stream", () => {
  test("is closed by QUIT, by close, and with the server", async () => {
    const server = await make();
    const [quitting, closed, left] = [server.client(), server.client(), server.client()];
    expect(await quitting.send("QUIT")).toBe("OK");
    await expect(quitting.send("PING")).rejects.toThrow("the connection is closed");
    await closed.send("PING");
    closed.close();
    await expect(closed.send("PING")).rejects.toThrow("the connection is closed");
    expect(server.core.sessions.size).toBe(1);
    await left.send("CLIENT", "PAUSE", "100000");
    const waiting = left.send("SET", "a", "1");
    await server.close();
    await expect(waiting).rejects.toThrow("the connection is closed");
  });

  test("is told why it is not taken", async () => {
    const server = await make({ maxclients: 1 });
    server.client();
    await expect(server.client().send("PING")).rejects.toThrow("ERR max number of clients reached");
  });

  test("waits while the server is paused", async () => {
    const server = await make();
    const client = server.client();
    await client.send("CLIENT", "PAUSE", "100000", "WRITE");
    const waiting = Promise.all([client.send("SET", "a", "1"), client.send("GET", "a")]);
    await server.client().send("CLIENT", "UNPAUSE");
    expect(await waiting).toEqual(["OK", "1"]);
  });
});
