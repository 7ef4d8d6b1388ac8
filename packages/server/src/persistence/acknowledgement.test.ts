/**
 * No reply says that something has changed before the change is in the append-only file, and with appendfsync always on the disk: on every
 * way on which bytes leave, whoever's command lets them.
 */
import { SimulatedDisk } from "@sider/persistence/testing";
import type * as fileSystem from "node:fs";
import type { Duplex } from "node:stream";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { Configuration } from "../config/index.ts";
import { SiderServer } from "../create-server.ts";
import { addFeed, ANY_DATABASE } from "../propagation/index.ts";
import { encodeCommand } from "../testing/test-client.ts";
import { RawClient, until } from "../testing/sockets.ts";
import { ShortWriter } from "../transport/stream-handle.ts";

/** Is told before bytes leave through a socket: long replies by its descriptor, short ones by its handle. */
const watcher = vi.hoisted(() => ({ leaving: (text: string): unknown => text }));

vi.mock("node:fs", async (importOriginal) => {
  const original = await importOriginal<typeof fileSystem>();
  return {
    ...original,
    writeSync: (descriptor: number, bytes: Uint8Array, start: number, length: number): number => {
      watcher.leaving(Buffer.from(bytes.subarray(start, start + length)).toString("latin1"));
      return original.writeSync(descriptor, bytes, start, length);
    },
  };
});

const { write } = ShortWriter.prototype;

beforeAll(() => {
  vi.spyOn(ShortWriter.prototype, "write").mockImplementation(function (
    this: ShortWriter,
    handle,
    owner,
    bytes,
    start,
    length,
  ) {
    watcher.leaving(Buffer.from(bytes.subarray(start, start + length)).toString("latin1"));
    return write.call(this, handle, owner, bytes, start, length);
  });
});

afterAll(() => {
  vi.restoreAllMocks();
});

const FILE = "/data/appendonlydir/appendonly.aof.1.incr.aof";
const POLICIES = ["always", "everysec", "no"] as const;

/** Knows what of the file is durable. */
class WatchedDisk extends SimulatedDisk {
  durable = "";

  get written(): string {
    return Buffer.from(this.contents(FILE)).toString("latin1");
  }

  override fsync(descriptor: number): void {
    super.fsync(descriptor);
    if (this.kind(FILE) !== null) this.durable = this.written;
  }
}

let disk: WatchedDisk;
let server: SiderServer;
/** What was propagated, in the form of the file; one element a unit, without MULTI. */
let propagated: string[];
/** What has left, in pieces, and the units that were not in the file by then. */
let left: string[];
let missing: string[];

async function start(appendfsync: string): Promise<void> {
  disk = new WatchedDisk();
  disk.makeDirectory("/data");
  const configuration = new Configuration();
  const directives = {
    dir: "/data",
    appendonly: "yes",
    appendfsync,
    "heap-capacity": "64mb",
    save: "",
    bind: "127.0.0.1",
  };
  for (const [name, value] of Object.entries(directives)) configuration.assign(name as "dir", [value]);
  server = new SiderServer(configuration, { fileSystem: disk });
  await server.load();
  await server.listen({ anyPort: true });
  addFeed(server.core, {
    append: (database, bytes, from, to) => {
      if (database !== ANY_DATABASE) propagated.push(Buffer.from(bytes.subarray(from, to)).toString("latin1"));
    },
  });
  watcher.leaving = (text) => {
    left.push(text);
    const file = appendfsync === "always" ? disk.durable : disk.written;
    missing.push(...propagated.filter((unit) => !file.includes(unit)));
  };
}

beforeEach(() => {
  propagated = [];
  left = [];
  missing = [];
});

afterEach(async () => {
  watcher.leaving = () => undefined;
  await server.close();
});

/** Sends commands in one write, and waits for the end of the replies. */
async function ask(client: RawClient, commands: string, end: string): Promise<void> {
  client.write(
    commands
      .split("; ")
      .map((command) => encodeCommand(command.split(" ")))
      .join(""),
  );
  await until(() => client.received.endsWith(end), `the end of the replies to ${commands.slice(0, 50)}`);
  client.received = "";
}

function connect(): RawClient {
  return new RawClient({ port: server.port, host: "127.0.0.1" });
}

const elements = "x".repeat(1000);

describe.each(POLICIES)("appendfsync %s", (policy) => {
  beforeEach(() => start(policy));

  test("what leaves through sockets", async () => {
    const [one, two, three] = [connect(), connect(), connect()];
    await ask(one, "SET a 1; SET b 2; GET a", "$1\r\n1\r\n");
    await ask(one, "MULTI; SET c 1; INCR c; EXEC", ":2\r\n");
    two.write("BLPOP list 0\r\n");
    await until(() => server.core.executor.waiting.count === 1);
    await ask(one, "LPUSH list a", ":1\r\n");
    await until(() => two.received.endsWith("a\r\n"));
    two.write("BLPOP list 0\r\n");
    await until(() => server.core.executor.waiting.count === 1);
    await ask(one, "MULTI; SET d 1; LPUSH list second; EXEC", ":1\r\n");
    await until(() => two.received.endsWith("second\r\n"));
    await Promise.all([
      ask(one, "SET e 1", "+OK\r\n"),
      ask(two, "SET f 1; SET g 1", "+OK\r\n"),
      ask(three, "SET h 1", "+OK\r\n"),
    ]);
    await ask(one, "CLIENT REPLY OFF; SET silent 1; CLIENT REPLY ON", "+OK\r\n");
    await ask(one, "SET soon 1 PX 1", "+OK\r\n");
    await new Promise((resolve) => setTimeout(resolve, 5));
    await ask(one, "GET soon", "$-1\r\n");
    expect(missing).toEqual([]);
    expect(propagated.length).toBe(14);
    expect(left.length).toBeGreaterThan(10);
  });

  test("what leaves with others' doing, or at the end of a connection", async () => {
    const [one, two, three] = [connect(), connect(), connect()];
    one.write("SET a 1\r\nQUIT\r\n");
    await one.closed;
    two.write(`SET b 1\r\nCLIENT KILL ID ${[...server.core.sessions.keys()].join(" ")}\r\n`);
    three.write("MULTI\r\nSET c 1\r\nCLIENT KILL TYPE normal SKIPME no\r\nEXEC\r\n");
    await three.closed;
    expect(three.received).toMatch(/\*2\r\n\+OK\r\n:\d\r\n$/);
    two.socket.destroy();
    expect(missing).toEqual([]);
    expect(propagated.length).toBe(3);
  });

  test("a transaction that ends its connection, or its replies: they leave when it is appended", async () => {
    const one = connect();
    // replies of one who is alone do not wait for others
    for (let times = 0; times < 20; times++) await ask(one, "PING", "+PONG\r\n");
    const units: number[] = [];
    watcher.leaving = (text) => {
      if (text.includes("+OK\r\n")) units.push(propagated.length);
    };
    await ask(one, "MULTI", "+OK\r\n");
    await ask(one, "SET a 1; CLIENT REPLY OFF; SET b 1", "+QUEUED\r\n");
    await ask(one, "EXEC", "*3\r\n+OK\r\n");
    await ask(one, "CLIENT REPLY ON", "+OK\r\n");
    await ask(one, "MULTI", "+OK\r\n");
    await ask(one, "SET c 1; CLIENT KILL TYPE normal SKIPME no", "+QUEUED\r\n");
    one.write("EXEC\r\n");
    await one.closed;
    expect(one.received).toBe("*2\r\n+OK\r\n:1\r\n");
    expect(units).toEqual([0, 1, 1, 1, 2]);
  });

  test("long replies of commands that change something leave when it is appended", async () => {
    const one = connect();
    await ask(one, `RPUSH list ${Array.from({ length: 600 }, () => elements).join(" ")}`, ":600\r\n");
    await ask(one, `SET string ${"y".repeat(300_000)}; COPY list other`, ":1\r\n");
    const lengths: number[] = [];
    const { leaving } = watcher;
    watcher.leaving = (text) => {
      lengths.push(propagated.length);
      leaving(text);
    };
    propagated = [];
    await ask(one, "GETDEL string", "y\r\n");
    expect(new Set(lengths.splice(0))).toEqual(new Set([1]));
    await ask(one, "LPOP list 600", "x\r\n");
    expect(new Set(lengths.splice(0))).toEqual(new Set([2]));
    await ask(one, "MULTI; SET a 1; LRANGE other 0 -1; EXEC", "x\r\n");
    // before EXEC the replies to what is queued
    expect(new Set(lengths.splice(0))).toEqual(new Set([3]));
    expect(missing).toEqual([]);
  });

  test("what leaves through a stream or as a value in the process", async () => {
    const stream: Duplex = server.connect();
    let received = "";
    stream.on("data", (bytes: Buffer) => {
      received += bytes.toString("latin1");
      watcher.leaving("");
    });
    stream.write("SET a 1\r\nINCR a\r\n");
    await until(() => received === "+OK\r\n:2\r\n", "the stream's replies");
    const send = async (...words: (string | number)[]): Promise<void> => {
      await server.client().send(...words);
      watcher.leaving("");
    };
    const waits = send("BLPOP", "list", 0);
    await Promise.all([send("SET", "b", 1), send("SET", "c", 1)]);
    await Promise.all([send("LPUSH", "list", "a"), waits]);
    expect(missing).toEqual([]);
    expect(propagated.length).toBe(6);
  });
});
