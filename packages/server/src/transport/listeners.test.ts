import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer as createNetServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createServer, type Directives, type SiderServer } from "../create-server.ts";
import { freePort, holdPort, keepingLog, RawClient } from "../testing/sockets.ts";
import { ListenError } from "./listen-error.ts";

const servers: SiderServer[] = [];
const logged: string[] = [];
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sider-listen-"));
});

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
  logged.length = 0;
  rmSync(folder, { recursive: true });
});

async function make(directives: Directives): Promise<SiderServer> {
  const server = await createServer({ "heap-capacity": "64mb", ...directives }, { log: keepingLog(logged) });
  servers.push(server);
  return server;
}

async function ping(target: ConstructorParameters<typeof RawClient>[0]): Promise<string> {
  const client = new RawClient(target).write("PING\r\n");
  const reply = await client.take(7);
  client.socket.destroy();
  return reply;
}

describe("addresses", () => {
  test("all of them are served, on one port; an optional one may be missing", async () => {
    const server = await make({ bind: "127.0.0.1 ::1 -127.0.0.2 -10.255.255.1" });
    await server.listen({ anyPort: true });
    expect(server.listening).toEqual(["tcp"]);
    for (const host of ["127.0.0.1", "::1", "127.0.0.2"])
      expect(await ping({ port: server.port, host })).toBe("+PONG\r\n");
  });

  test("the default is every address of both kinds", async () => {
    const server = await make({});
    await server.listen({ anyPort: true });
    for (const host of ["127.0.0.1", "::1"]) expect(await ping({ port: server.port, host })).toBe("+PONG\r\n");
  });

  test("a missing one is an error that is logged as Redis does, and nothing stays open", async () => {
    const server = await make({ bind: "127.0.0.1 10.255.255.1", port: 0 });
    await expect(server.listen({ anyPort: true })).rejects.toThrow(ListenError);
    expect(logged).toEqual([
      "# Warning: Could not create server TCP listening socket 10.255.255.1:0: bind: Cannot assign requested address",
    ]);
    expect(server.listening).toEqual([]);
  });

  test("a port in use is an error that names address and port", async () => {
    const { port, release } = await holdPort();
    const server = await make({ bind: "127.0.0.1", port });
    await expect(server.listen()).rejects.toThrow(`Failed listening on port ${String(port)} (tcp), aborting.`);
    expect(logged).toEqual([
      `# Warning: Could not create server TCP listening socket 127.0.0.1:${String(port)}: bind: Address already in use`,
    ]);
    await release();
  });

  test("port 0 opens nothing", async () => {
    const server = await make({ port: 0 });
    await server.listen();
    expect([server.port, server.listening]).toEqual([0, []]);
  });

  test("a port is free again after close", async () => {
    const first = await make({ bind: "127.0.0.1" });
    await first.listen({ anyPort: true });
    const { port } = first;
    const client = new RawClient({ port, host: "127.0.0.1" }).write("PING\r\n");
    await client.take(7);
    await first.close();
    await client.closed;
    const second = await make({ bind: "127.0.0.1", port });
    await second.listen();
    expect(await ping({ port, host: "127.0.0.1" })).toBe("+PONG\r\n");
  });
});

const isOpen = async (port: number, host = "127.0.0.1"): Promise<boolean> => {
  const client = new RawClient({ port, host });
  return new Promise((resolve) => {
    client.socket.once("connect", () => {
      client.socket.destroy();
      resolve(true);
    });
    client.socket.once("error", () => {
      resolve(false);
    });
  });
};

describe("CONFIG SET while it listens", () => {
  test("moves to another port, and connections stay", async () => {
    const server = await make({ bind: "127.0.0.1" });
    await server.listen({ anyPort: true });
    const [former, next] = [server.port, await freePort()];
    const old = new RawClient({ port: former, host: "127.0.0.1" }).write(`CONFIG SET port ${String(next)}\r\n`);
    expect(await old.take(5)).toBe("+OK\r\n");
    expect([server.port, await isOpen(former)]).toEqual([next, false]);
    expect(await ping({ port: next, host: "127.0.0.1" })).toBe("+PONG\r\n");
    old.write("PING\r\n");
    expect(await old.take(7)).toBe("+PONG\r\n");
    old.socket.destroy();
  });

  test("closes the port, and opens it again, in a transaction too", async () => {
    const server = await make({ bind: "127.0.0.1", port: await freePort() });
    await server.listen();
    const { port } = server;
    const client = server.client();
    await client.send("CONFIG", "SET", "port", 0);
    expect([server.listening, await isOpen(port)]).toEqual([[], false]);
    await client.send("MULTI");
    await client.send("CONFIG", "SET", "port", port, "bind", "127.0.0.1 -10.255.255.1 127.0.0.3");
    expect(await client.send("EXEC")).toEqual(["OK"]);
    expect([await isOpen(port), await isOpen(port, "127.0.0.3")]).toEqual([true, true]);
  });

  test("moves to other addresses of the same port", async () => {
    const server = await make({ bind: "127.0.0.1" });
    await server.listen({ anyPort: true });
    const { port } = server;
    const client = server.client();
    for (const [bind, served] of [
      ["*", [true, true, false]],
      ["::1", [false, false, true]],
      ["", [false, false, false]],
      ["127.0.0.2 ::1", [false, true, true]],
    ] as const) {
      expect(await client.send("CONFIG", "SET", "bind", bind)).toBe("OK");
      const hosts = ["127.0.0.1", "127.0.0.2", "::1"];
      expect([bind, await Promise.all(hosts.map((host) => isOpen(port, host)))]).toEqual([bind, served]);
    }
  });

  test("stays where it was when a port is in use or an address is missing, and takes all else back", async () => {
    const held = await holdPort();
    const server = await make({ bind: "127.0.0.1" });
    await server.listen({ anyPort: true });
    const client = server.client();
    const refused = "ERR CONFIG SET failed (possibly related to argument ";
    await expect(client.send("CONFIG", "SET", "hz", 20, "port", held.port)).rejects.toThrow(
      `${refused}'port') - Unable to listen on this port. Check server logs.`,
    );
    await expect(client.send("CONFIG", "SET", "hz", 20, "bind", "127.0.0.2 10.255.255.1")).rejects.toThrow(
      `${refused}'bind') - Failed to bind to specified addresses.`,
    );
    await held.release();
    const lines = [`127.0.0.1:${String(held.port)}: bind: Address already in use`];
    lines.push(`10.255.255.1:${String(server.port)}: bind: Cannot assign requested address`);
    expect(logged).toEqual(lines.map((line) => `# Warning: Could not create server TCP listening socket ${line}`));
    expect(await client.send("CONFIG", "GET", "hz", "bind", "port")).toEqual([
      "hz",
      "10",
      "bind",
      "127.0.0.1",
      "port",
      "6379",
    ]);
    expect([await isOpen(server.port), await isOpen(server.port, "127.0.0.2")]).toEqual([true, false]);
  });

  test("refuses more clients than there may be files", async () => {
    const server = await make({ bind: "127.0.0.1" });
    await server.listen({ anyPort: true });
    const client = server.client();
    await expect(client.send("CONFIG", "SET", "maxclients", 4_000_000_000)).rejects.toThrow(
      "(possibly related to argument 'maxclients') - The operating system is not able",
    );
    expect(await client.send("CONFIG", "SET", "maxclients", 100)).toBe("OK");
  });
});

describe("the Unix socket", () => {
  test("is served with its permissions, and gone after close", async () => {
    const path = join(folder, "s");
    const server = await make({ port: 0, unixsocket: path, unixsocketperm: "700" });
    await server.listen();
    expect(server.listening).toEqual(["unix"]);
    expect(statSync(path).mode & 0o777).toBe(0o700);
    const client = new RawClient({ path }).write("CLIENT INFO\r\n");
    expect(await client.take(200)).toContain(`addr=${path}:0 laddr=${path}:0`);
    client.socket.destroy();
    await server.close();
    expect(existsSync(path)).toBe(false);
  });

  test("takes the place of one that a killed server has left", async () => {
    const path = join(folder, "s");
    const killed = createNetServer();
    await new Promise<void>((resolve) => {
      killed.listen(path, resolve);
    });
    const server = await make({ port: 0, unixsocket: path });
    await server.listen();
    expect(await ping({ path })).toBe("+PONG\r\n");
    killed.close();
  });

  test("takes the place of an empty file", async () => {
    const path = join(folder, "s");
    writeFileSync(path, "");
    const server = await make({ port: 0, unixsocket: path });
    await server.listen();
    expect(await ping({ path })).toBe("+PONG\r\n");
  });

  test("does not replace a file of another kind", async () => {
    const path = join(folder, "s");
    writeFileSync(path, "precious");
    const server = await make({ port: 0, unixsocket: path });
    await expect(server.listen()).rejects.toThrow(`Failed listening on unix socket ${path}, aborting.`);
    expect(logged).toEqual(["# Failed opening Unix socket: bind: Address already in use"]);
    expect(statSync(path).size).toBe(8);
  });
});
