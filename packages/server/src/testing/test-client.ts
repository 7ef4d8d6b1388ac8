/**
 * A server without sockets and clients to talk to it, for tests: time stands still until it is moved, randomness is seeded.
 *
 * Replies are given as the bytes on the wire, as Latin-1 text: `expect(client.send("GET", "a")).toBe("$1\r\nb\r\n")`.
 */
import { seededRandom } from "@sider/keyspace-engine";
import { createHeap } from "@sider/datastructures";
import type { Heap } from "@sider/datastructures";
import type { FileSystem } from "@sider/persistence";
import { allHandlers } from "../commands/index.ts";
import { Configuration } from "../config/index.ts";
import { Logger } from "../log/index.ts";
import { Server } from "../server.ts";
import type { Session } from "../session/session.ts";
import type { Transport } from "../session/transport.ts";
import { bulks } from "./replies.ts";

/** A clock that a test moves. */
export class ManualClock {
  now = 1_700_000_000_000;
  /** Of the millisecond. */
  microseconds = 0;

  nowMs(): number {
    return this.now;
  }

  nowMicroseconds(): number {
    return this.now * 1000 + this.microseconds;
  }
}

/** A connection that collects what the server sends. `takesReplies = false` plays a peer that does not read. */
export class TestTransport implements Transport {
  pendingBytes = 0;
  readonly waitingReplyBytes = 0;
  takesReplies = true;
  reading = true;
  closed = false;
  readonly remoteAddress: string = "127.0.0.1:50000";
  readonly localAddress: string = "127.0.0.1:6379";
  readonly remoteHost: string = "127.0.0.1";
  readonly isLoopback: boolean = true;
  readonly isUnixSocket: boolean = false;
  readonly descriptor: number = 8;
  private received = "";

  write(bytes: Uint8Array, start: number, end: number): void {
    if (!this.takesReplies) this.pendingBytes += end - start;
    for (let at = start; at < end; at++) this.received += String.fromCharCode(bytes[at]);
  }

  push(bytes: Uint8Array, start: number, end: number): void {
    this.write(bytes, start, end);
  }

  pauseReading(): void {
    this.reading = false;
  }

  resumeReading(): void {
    this.reading = true;
  }

  close(): void {
    this.closed = true;
  }

  destroy(): void {
    this.closed = true;
  }

  /** What has come since the last call. */
  take(): string {
    const received = this.received;
    this.received = "";
    return received;
  }
}

/** A client of a `TestServer`. */
export class TestClient {
  readonly transport: TestTransport;
  readonly session: Session;

  constructor(server: Server, transport = new TestTransport()) {
    this.transport = transport;
    const session = server.openSession(transport);
    if (session === null) throw new Error("no session");
    this.session = session;
  }

  /** Sends one command and gives its reply. Strings are Latin-1: one character a byte. */
  send(...words: (string | number)[]): string {
    return this.sendRaw(encodeCommand(words));
  }

  /** What has come without being asked for: the turn of the event loop is over. */
  take(): string {
    this.session.server.pushes.flush();
    return this.transport.take();
  }

  /** Sends raw bytes, given as Latin-1 text. */
  sendRaw(text: string): string {
    const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0));
    this.session.receive(bytes, 0, bytes.length, 0);
    return this.transport.take();
  }
}

/** A multibulk request as Latin-1 text. */
export function encodeCommand(words: readonly (string | number)[]): string {
  return bulks(words.map(String));
}

export interface TestServer {
  readonly server: Server;
  readonly clock: ManualClock;
  readonly logged: string[];
  /** A new client. */
  connect(): TestClient;
}

/** A server with an own small heap that saves only when asked. `directives` are set before it starts: `{ databases: "4" }`. With a `fileSystem` snapshots are taken in turns. */
export function createTestServer(
  directives: Readonly<Record<string, string>> = {},
  seed = 1,
  heap: Heap = createHeap({ capacityBytes: 256 * 2 ** 20 }),
  fileSystem?: FileSystem,
  steadyMs?: () => number,
): TestServer {
  const clock = new ManualClock();
  const logged: string[] = [];
  const configuration = new Configuration();
  for (const [name, value] of Object.entries({ save: "", ...directives })) {
    const known = configuration.lookup(name);
    if (known === undefined) throw new Error(`unknown directive ${name}`);
    configuration.assign(known.name, known.directive.multi === true ? value.split(" ") : [value]);
  }
  const server = new Server({
    handlers: allHandlers,
    configuration,
    log: new Logger({ pid: 1, now: () => clock.now, write: (line) => logged.push(line) }),
    heap,
    clock,
    random: seededRandom(seed),
    ...(fileSystem === undefined ? {} : { fileSystem }),
    ...(steadyMs === undefined ? {} : { steadyMs }),
  });
  return { server, clock, logged, connect: () => new TestClient(server) };
}
