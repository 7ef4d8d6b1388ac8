import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect as connectPlain, createServer as createNetServer } from "node:net";
import type { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "node:tls";
import type { ConnectionOptions, TLSSocket } from "node:tls";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createServer, type Directives, type SiderServer } from "../create-server.ts";
import * as certificates from "../testing/certificates.ts";
import { freePort, keepingLog } from "../testing/sockets.ts";
import { ListenError } from "./listen-error.ts";
import { TlsAcceptor } from "./tls-acceptor.ts";

const { AUTHORITY, CLIENT_CERTIFICATE, CLIENT_KEY, STRANGER_CERTIFICATE, STRANGER_KEY } = certificates;
const AS_CLIENT = { cert: CLIENT_CERTIFICATE, key: CLIENT_KEY };
const AS_STRANGER = { cert: STRANGER_CERTIFICATE, key: STRANGER_KEY };

let folder: string;
let server: SiderServer;
const logged: string[] = [];
const sockets: Socket[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sider-tls-"));
  mkdirSync(join(folder, "authorities"));
  file("authorities/one.pem", AUTHORITY);
  file("authorities/README", "no certificate");
  file("ca", AUTHORITY);
  file("server.crt", certificates.SERVER_CERTIFICATE);
  file("server.key", certificates.SERVER_KEY);
  file("locked.key", certificates.LOCKED_SERVER_KEY);
});

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await server.close();
  logged.length = 0;
  rmSync(folder, { recursive: true });
});

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

/** A server with a TLS port; `tlsPort()` tells which. */
async function listen(directives: Directives = {}): Promise<void> {
  server = await createServer(
    {
      "heap-capacity": "64mb",
      bind: "127.0.0.1",
      port: 0,
      "tls-port": await freePort(),
      loglevel: "verbose",
      "tls-cert-file": join(folder, "server.crt"),
      "tls-key-file": join(folder, "server.key"),
      "tls-ca-cert-file": join(folder, "ca"),
      ...directives,
    },
    { log: keepingLog(logged) },
  );
  await server.listen();
}

function tlsPort(): number {
  return server.core.configuration.get("tls-port");
}

function open(options: ConnectionOptions = {}): TLSSocket {
  const socket = connect({ port: tlsPort(), host: "127.0.0.1", ca: AUTHORITY, servername: "localhost", ...options });
  sockets.push(socket);
  return socket.on("error", () => undefined);
}

/** All that comes after these bytes were sent, until the other side ends or so much has come. */
function ask(socket: Socket, request: string, length: number): Promise<string> {
  socket.write(request);
  return new Promise((resolve) => {
    let received = "";
    socket.on("data", (bytes: Buffer) => {
      received += bytes.toString("latin1");
      if (received.length >= length) resolve(received);
    });
    socket.on("close", () => {
      resolve(received);
    });
  });
}

/** Whether a client with these options is served. */
async function isServed(options: ConnectionOptions = {}): Promise<boolean> {
  return (await ask(open(options), "PING\r\n", 7)) === "+PONG\r\n";
}

function set(...words: string[]): string | null {
  return server.core.configuration.set(words);
}

describe("clients", () => {
  test.each([
    ["yes", false, true, false],
    ["optional", true, true, false],
    ["no", true, true, true],
  ])("tls-auth-clients %s", async (mode, withNone, withRight, withWrong) => {
    await listen({ "tls-auth-clients": mode });
    expect([await isServed(), await isServed(AS_CLIENT), await isServed(AS_STRANGER)]).toEqual([
      withNone,
      withRight,
      withWrong,
    ]);
    expect(server.listening).toEqual(["tls"]);
  });

  test("authorities may be the files of a folder", async () => {
    await listen({ "tls-ca-cert-file": "", "tls-ca-cert-dir": join(folder, "authorities") });
    expect([await isServed(AS_CLIENT), await isServed(AS_STRANGER)]).toEqual([true, false]);
  });

  test("long values and many commands at once, both ways", async () => {
    await listen();
    const value = "x".repeat(3_000_000);
    const socket = open(AS_CLIENT);
    const commands = 500;
    const pings = "PING\r\n".repeat(commands);
    const request = `*3\r\n$3\r\nSET\r\n$1\r\na\r\n$${String(value.length)}\r\n${value}\r\n${pings}GET a\r\n`;
    const replies = `+OK\r\n${"+PONG\r\n".repeat(commands)}$${String(value.length)}\r\n${value}\r\n`;
    expect((await ask(socket, request, replies.length)) === replies).toBe(true);
    expect(socket.getProtocol()).toBe("TLSv1.3");
  });

  test("who sends no more gets what it has asked for", async () => {
    await listen();
    const socket = open(AS_CLIENT);
    const reply = ask(socket, "SET a 1\r\nGET a\r\n", 1000);
    socket.end();
    expect(await reply).toBe("+OK\r\n$1\r\n1\r\n");
  });
});

describe("protocols and ciphers", () => {
  test("follow their directives", async () => {
    await listen({ "tls-auth-clients": "no" });
    expect(await isServed({ maxVersion: "TLSv1.1", minVersion: "TLSv1" })).toBe(false);
    expect(set("tls-protocols", "TLSv1.2")).toBeNull();
    expect(await isServed({ minVersion: "TLSv1.3" })).toBe(false);
    const socket = open();
    expect(await ask(socket, "PING\r\n", 7)).toBe("+PONG\r\n");
    expect(socket.getProtocol()).toBe("TLSv1.2");
    const [one, other] = ["ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES256-GCM-SHA384"];
    const asked = { ciphers: `${one}:${other}` };
    expect(set("tls-ciphers", other)).toBeNull();
    expect(await cipherOf(asked)).toBe(other);
    expect(set("tls-ciphers", `${other}:${one}`)).toBeNull();
    expect(await cipherOf(asked)).toBe(one);
    expect(set("tls-prefer-server-ciphers", "yes")).toBeNull();
    expect(await cipherOf(asked)).toBe(other);
    expect(set("tls-protocols", "", "tls-ciphersuites", "TLS_CHACHA20_POLY1305_SHA256")).toBeNull();
    expect(await cipherOf({ minVersion: "TLSv1.3" })).toBe("TLS_CHACHA20_POLY1305_SHA256");
  });

  async function cipherOf(options: ConnectionOptions): Promise<string> {
    const socket = open(options);
    await ask(socket, "PING\r\n", 7);
    return socket.getCipher().name;
  }

  test("sessions are resumed unless that is off", async () => {
    await listen({ "tls-auth-clients": "no", "tls-protocols": "TLSv1.2" });
    expect(await isResumed()).toBe(true);
    expect(set("tls-session-caching", "no")).toBeNull();
    expect(await isResumed()).toBe(false);
  });

  async function isResumed(): Promise<boolean> {
    const first = open();
    await ask(first, "PING\r\n", 7);
    const second = open({ session: first.getSession() });
    await ask(second, "PING\r\n", 7);
    return second.isSessionReused();
  }
});

describe("changes while the server runs", () => {
  const REFUSED = /Unable to update TLS configuration\. Check server logs\.$/;

  test("a new certificate holds for who comes, and those who are there stay", async () => {
    await listen();
    const early = open(AS_CLIENT);
    expect(await ask(early, "PING\r\n", 7)).toBe("+PONG\r\n");
    expect(early.getPeerCertificate().subject.CN).toBe("server");
    const [certificate, key] = [
      file("new.crt", certificates.RENEWED_CERTIFICATE),
      file("new.key", certificates.RENEWED_KEY),
    ];
    expect(set("tls-cert-file", certificate, "tls-key-file", key)).toBeNull();
    const late = open(AS_CLIENT);
    expect(await ask(late, "PING\r\n", 7)).toBe("+PONG\r\n");
    expect(late.getPeerCertificate().subject.CN).toBe("renewed");
    expect(await ask(early, "PING\r\n", 7)).toBe("+PONG\r\n");
  });

  test("the same path is read again", async () => {
    await listen();
    file("server.crt", certificates.RENEWED_CERTIFICATE);
    file("server.key", certificates.RENEWED_KEY);
    expect(set("tls-cert-file", join(folder, "server.crt"))).toBeNull();
    const late = open(AS_CLIENT);
    await ask(late, "PING\r\n", 7);
    expect(late.getPeerCertificate().subject.CN).toBe("renewed");
  });

  test("what cannot be used is refused, logged, and changes nothing", async () => {
    await listen();
    expect(set("tls-cert-file", join(folder, "missing"))).toMatch(REFUSED);
    expect(set("tls-key-file", join(folder, "locked.key"))).toMatch(REFUSED);
    expect(set("tls-key-file", file("new.key", certificates.RENEWED_KEY))).toMatch(REFUSED);
    expect(set("tls-protocols", "SSLv9")).toMatch(REFUSED);
    expect(set("tls-ciphers", "nonsense")).toMatch(REFUSED);
    expect(set("tls-ca-cert-file", "")).toMatch(REFUSED);
    expect(logged.join("\n")).toMatch(/Failed to load tls-cert-file .*missing: No such file or directory/);
    expect(await isServed(AS_CLIENT)).toBe(true);
    expect(set("tls-key-file", join(folder, "locked.key"), "tls-key-file-pass", "1234")).toBeNull();
    expect(await isServed(AS_CLIENT)).toBe(true);
  });

  test("the port is closed, opened and moved", async () => {
    await listen();
    const former = tlsPort();
    expect(set("tls-port", "0")).toBeNull();
    expect(server.listening).toEqual([]);
    expect(set("tls-port", String(await freePort()))).toBeNull();
    expect(tlsPort()).not.toBe(former);
    expect(await isServed(AS_CLIENT)).toBe(true);
  });
});

describe("starts that cannot work", () => {
  test.each<[Directives, RegExp]>([
    [{ "tls-cert-file": "" }, /No tls-cert-file configured!/],
    [{ "tls-key-file": "" }, /No tls-key-file configured!/],
    [{ "tls-ca-cert-file": "" }, /Either tls-ca-cert-file or tls-ca-cert-dir must be specified/],
    [{ "tls-ca-cert-dir": "/nowhere" }, /Failed to load tls-ca-cert-dir \/nowhere: No such file or directory/],
  ])("%j", async (directives, line) => {
    await expect(listen(directives)).rejects.toThrow(ListenError);
    expect(logged.join("\n")).toMatch(line);
  });
});

describe("handshakes", () => {
  function stall(): Socket {
    const socket = connectPlain(tlsPort(), "127.0.0.1");
    sockets.push(socket);
    return socket.on("error", () => undefined);
  }

  test("that do not come hold no session, count for maxclients, and end with the server", async () => {
    await listen({ maxclients: 3 });
    const stalled = [stall(), stall(), stall()];
    await Promise.all(stalled.map((socket) => new Promise((resolve) => socket.once("connect", resolve))));
    while (
      !(await new Promise<boolean>((resolve) =>
        stall().once("close", () => {
          resolve(true);
        }),
      ))
    )
      continue;
    expect(server.core.sessions.size).toBe(0);
    expect(await isServed(AS_CLIENT)).toBe(false);
    stalled[0].destroy();
    stalled[1].destroy();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await isServed(AS_CLIENT)).toBe(true);
    const ended = new Promise((resolve) => stalled[2].once("close", resolve));
    await server.close();
    await ended;
  });

  test("have so much time, and no more", async () => {
    await listen();
    const acceptor = new TlsAcceptor(server.core, 100);
    acceptor.start();
    const listener = createNetServer({ pauseOnConnect: true }, (socket) => {
      acceptor.accept(socket);
    });
    await new Promise<void>((resolve) => void listener.listen(0, "127.0.0.1", resolve));
    const address = listener.address();
    const stalled = connectPlain(typeof address === "object" && address !== null ? address.port : 0, "127.0.0.1");
    await new Promise((resolve) => stalled.once("close", resolve));
    acceptor.close();
    listener.close();
    expect(logged.join("\n")).toContain("TLS handshake timeout");
  });

  test("that are none are refused", async () => {
    await listen();
    const plain = stall();
    expect(await ask(plain, "PING\r\n", 1000)).not.toContain("PONG");
    expect(await isServed(AS_CLIENT)).toBe(true);
  });
});
