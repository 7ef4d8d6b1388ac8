/**
 * A bare connection: sends bytes, returns replies as the bytes that came. No client library in between, so that a test sees
 * exactly what a server sends.
 */
import { createConnection, type Socket } from "node:net";

import { readFrame } from "./reply-frames.ts";

export type Argument = string | Uint8Array;

interface Waiter {
  resolve(reply: Buffer): void;
  reject(error: Error): void;
}

/** Encodes one command as a multibulk request; strings are taken as Latin-1, so "\xff" is one byte. */
export function encodeCommand(args: readonly Argument[]): Buffer {
  const pieces: Buffer[] = [Buffer.from(`*${args.length}\r\n`)];
  for (const argument of args) {
    const bytes = typeof argument === "string" ? Buffer.from(argument, "latin1") : Buffer.from(argument);
    pieces.push(Buffer.from(`$${bytes.length}\r\n`), bytes, Buffer.from("\r\n"));
  }
  return Buffer.concat(pieces);
}

export class RawConnection {
  readonly socket: Socket;
  /** Settles when the connection has ended, for whatever reason. */
  readonly closed: Promise<void>;
  #received: Buffer = Buffer.alloc(0);
  readonly #waiters: Waiter[] = [];
  #error: Error | null = null;

  private constructor(socket: Socket) {
    this.socket = socket;
    this.closed = new Promise((resolve) => {
      socket.once("close", () => {
        this.#fail(new Error("connection closed"));
        resolve();
      });
    });
    socket.on("error", (error) => this.#fail(error));
    socket.on("data", (piece: Buffer) => this.#take(piece));
  }

  /** Connects to a server on this machine. */
  static open(port: number, host = "127.0.0.1"): Promise<RawConnection> {
    return new Promise((resolve, reject) => {
      const socket = createConnection({ port, host, noDelay: true });
      socket.once("error", reject);
      socket.once("connect", () => {
        socket.removeListener("error", reject);
        resolve(new RawConnection(socket));
      });
    });
  }

  /** Sends one command and returns its reply. */
  async call(...args: Argument[]): Promise<Buffer> {
    const [reply] = await this.pipeline([args]);
    return reply ?? Buffer.alloc(0);
  }

  /** Sends one command and returns its reply, as it came, as text. */
  async callText(...args: Argument[]): Promise<string> {
    return (await this.call(...args)).toString();
  }

  /** Sends commands in one write and returns their replies in order. */
  pipeline(commands: readonly (readonly Argument[])[]): Promise<Buffer[]> {
    return this.exchange(Buffer.concat(commands.map(encodeCommand)), commands.length);
  }

  /** Sends bytes as they are and returns this many replies. */
  exchange(bytes: Uint8Array | string, replies: number): Promise<Buffer[]> {
    const answers = Array.from({ length: replies }, () => this.nextReply());
    this.send(bytes);
    return Promise.all(answers);
  }

  /** Sends commands in one write; their replies are to be asked for. */
  sendCommands(commands: readonly (readonly Argument[])[]): void {
    this.send(Buffer.concat(commands.map(encodeCommand)));
  }

  /** Sends bytes as they are. */
  send(bytes: Uint8Array | string): void {
    this.socket.write(typeof bytes === "string" ? Buffer.from(bytes, "latin1") : bytes);
  }

  /** The next reply that nobody waits for yet. */
  nextReply(): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      if (this.#error !== null && this.#received.length === 0) {
        reject(this.#error);
        return;
      }
      this.#waiters.push({ resolve, reject });
      this.#deliver();
    });
  }

  /** Ends the connection at once. */
  close(): void {
    this.socket.destroy();
  }

  #take(piece: Buffer): void {
    this.#received = this.#received.length === 0 ? piece : Buffer.concat([this.#received, piece]);
    this.#deliver();
  }

  #deliver(): void {
    let start = 0;
    try {
      while (this.#waiters.length > 0 && start < this.#received.length) {
        const frame = readFrame(this.#received, start);
        if (frame === null) break;
        this.#waiters.shift()?.resolve(this.#received.subarray(start, frame.end));
        start = frame.end;
      }
    } catch (error) {
      this.#fail(error instanceof Error ? error : new Error(String(error)));
    }
    this.#received = this.#received.subarray(start);
  }

  #fail(error: Error): void {
    this.#error ??= error;
    for (const waiter of this.#waiters.splice(0)) waiter.reject(this.#error);
  }
}

/** Sockets that are connected and do nothing, opened at most 100 at a time. */
export async function openSockets(port: number, count: number): Promise<Socket[]> {
  const sockets: Socket[] = [];
  while (sockets.length < count) {
    const more = Math.min(100, count - sockets.length);
    sockets.push(...(await Promise.all(Array.from({ length: more }, () => opened(port)))));
  }
  return sockets;
}

function opened(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = createConnection({ port, host: "127.0.0.1" });
    socket.once("connect", () => resolve(socket));
    socket.on("error", reject);
  });
}
