/**
 * A connection to a server: requests out, replies back in the order of the requests.
 *
 *     const client = await connect({ address: { kind: "tcp", host: "127.0.0.1", port: 6379 } });
 *     const [, n] = await Promise.all([client.send(["SET", "n", "1"]), client.send(["INCR", "n"])]);
 *     client.close();
 *
 * Requests of one turn of the event loop go out with one write: that is pipelining, and there is nothing else to do for it.
 * Error replies are values (`ReplyError`) from `send` and exceptions from `call`. When the connection ends, all that wait are
 * rejected with a `ConnectionError`; a client is not used again after that, `connect` makes another one.
 */
import { createConnection, type Socket } from "node:net";
import {
  ReplyError,
  ReplyParser,
  RequestEncoder,
  type Reply,
  type ReplyOptions,
  type RequestArgument,
} from "@sider/resp-protocol";
import { DEFAULT_HOST, DEFAULT_PORT, type ServerAddress } from "./address.ts";
import { ConnectionError, socketErrorText } from "./connection-error.ts";

/** How to connect, and how replies are represented. */
export interface ConnectOptions {
  /** Default 127.0.0.1:6379. */
  address?: ServerAddress;
  /** Authenticates as this user; needs `password`. Default: the default user. */
  username?: string | undefined;
  password?: string | undefined;
  /** Selects a database. Default 0. */
  database?: number | undefined;
  /** Switches to RESP3 when 3. Default 2. */
  protocol?: 2 | 3;
  /** Gives up connecting, or ends the connection: `AbortSignal.timeout(ms)`, for example. */
  signal?: AbortSignal;
  /** What replies become: bulk strings as text or bytes, maps as Map or object, ... */
  replies?: ReplyOptions;
  /** Receives out-of-band messages of RESP3 (invalidations, pub/sub). Dropped when absent. */
  onPush?: (message: Reply[]) => void;
  /** Is told once that the connection ended, unless by `close`. */
  onClose?: (error: ConnectionError) => void;
}

/** Takes what arrives on a connection as it is, in place of the decoding of replies. */
export interface ByteReceiver {
  /** `bytes[0..length)` are valid during the call only. False: no more until `resume` of the socket. */
  onBytes(bytes: Uint8Array, length: number): boolean;
  /** Is told once that the connection ended, unless by `close`. */
  onEnd(error: ConnectionError): void;
}

interface Waiting {
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: Error) => void;
}

const CHUNK_BYTES = 64 * 1024;
/** So many requests that have their reply are kept before they are dropped together. */
const MOST_ANSWERED = 4096;
const KEEP_ALIVE_MS = 15_000;

/**
 * Connects, then authenticates, selects a database and switches the protocol, as far as asked for. Rejects with a ConnectionError,
 * or with the server's ReplyError when it refuses one of these; the connection is closed then.
 */
export async function connect(options: ConnectOptions = {}): Promise<Client> {
  const client = await Client.open(options);
  try {
    await greet(client, options);
  } catch (error) {
    client.close();
    throw error;
  }
  return client;
}

async function greet(
  client: Client,
  { username, password, database = 0, protocol = 2 }: ConnectOptions,
): Promise<void> {
  const greetings: Promise<Reply>[] = [];
  if (password !== undefined) {
    greetings.push(client.call(username === undefined ? ["AUTH", password] : ["AUTH", username, password]));
  }
  if (protocol === 3) greetings.push(client.call(["HELLO", "3"]));
  if (database !== 0) greetings.push(client.call(["SELECT", String(database)]));
  await Promise.all(greetings);
}

export class Client {
  private readonly socket: Socket;
  private readonly encoder = new RequestEncoder();
  private readonly parser: ReplyParser;
  private readonly options: ConnectOptions;
  /** Requests without a reply; those before `nextWaiting` have theirs. */
  private waiting: Waiting[] = [];
  private nextWaiting = 0;
  private listener: ((message: Reply) => void) | null = null;
  private receiver: ByteReceiver | null = null;
  private ending: ConnectionError | null = null;
  private isFlushScheduled = false;

  private constructor(options: ConnectOptions) {
    this.options = options;
    this.parser = new ReplyParser(
      { onReply: (reply) => this.onReply(reply), onPush: (message) => this.onPush(message) },
      options.replies,
    );
    const address = options.address ?? { kind: "tcp", host: DEFAULT_HOST, port: DEFAULT_PORT };
    const target = address.kind === "unix" ? { path: address.path } : { host: address.host, port: address.port };
    const onread = {
      buffer: new Uint8Array(CHUNK_BYTES),
      callback: (length: number, chunk: Uint8Array) => this.onChunk(length, chunk),
    };
    this.socket = createConnection({
      ...target,
      ...(options.signal === undefined ? {} : { signal: options.signal }),
      onread,
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: KEEP_ALIVE_MS,
    });
  }

  /** A connection without authentication or anything else said on it. Rejects with a ConnectionError ("unreachable"). */
  static open(options: ConnectOptions = {}): Promise<Client> {
    return new Promise((resolve, reject) => {
      const client = new Client(options);
      const fail = (error: Error): void =>
        reject(new ConnectionError("unreachable", socketErrorText(error), { cause: error }));
      client.socket.once("error", fail);
      client.socket.once("connect", () => {
        client.socket.off("error", fail);
        client.watchForEnd();
        resolve(client);
      });
    });
  }

  /** Whether requests can be sent. */
  get isOpen(): boolean {
    return this.ending === null;
  }

  /** Sends one request. Resolves with its reply, which may be a ReplyError; rejects with a ConnectionError. */
  send(args: readonly RequestArgument[]): Promise<Reply> {
    return new Promise((resolve, reject) => {
      if (this.ending !== null) return reject(this.ending);
      if (this.listener !== null) return reject(new Error("A connection that listens sends nothing"));
      this.waiting.push({ resolve, reject });
      this.write(args);
    });
  }

  /** As `send`, but an error reply is thrown. */
  async call(args: readonly RequestArgument[]): Promise<Reply> {
    const reply = await this.send(args);
    if (reply instanceof ReplyError) throw reply;
    return reply;
  }

  /** Sends all requests with one write. Resolves with their replies in order, ReplyErrors among them. */
  sendAll(requests: readonly (readonly RequestArgument[])[]): Promise<Reply[]> {
    return Promise.all(requests.map((args) => this.send(args)));
  }

  /**
   * Sends a request that is answered without end (SUBSCRIBE, MONITOR): all that comes from now on goes to `onMessage`, in RESP2 and
   * RESP3 alike. Resolves when the server refuses, with its error: the connection is an ordinary one again. Rejects with a
   * ConnectionError when the connection ends.
   */
  listen(args: readonly RequestArgument[], onMessage: (message: Reply) => void): Promise<ReplyError> {
    return new Promise((resolve, reject) => {
      if (this.ending !== null) return reject(this.ending);
      if (this.listener !== null || this.waiting.length > 0) {
        return reject(new Error("A connection that waits for replies cannot listen yet"));
      }
      // Only a refusal resolves it: see onReply.
      this.waiting.push({ resolve: (refusal) => resolve(refusal as ReplyError), reject });
      this.listener = onMessage;
      this.write(args);
    });
  }

  /**
   * Hands the connection over, for what is not requests and replies (bulk loads, replication): from now on the receiver gets the bytes
   * that arrive, and the socket is there to be written to. Nothing may wait for a reply.
   */
  takeOver(receiver: ByteReceiver): Socket {
    if (this.ending !== null) throw this.ending;
    if (this.listener !== null || this.waiting.length > 0) throw new Error("A connection in use cannot be taken over");
    this.receiver = receiver;
    return this.socket;
  }

  /** Ends the connection at once. What still waits is rejected. */
  close(): void {
    this.end(new ConnectionError("closed", "Connection closed by the client"));
  }

  private write(args: readonly RequestArgument[]): void {
    this.encoder.append(args);
    if (this.isFlushScheduled) return;
    this.isFlushScheduled = true;
    queueMicrotask(() => {
      this.isFlushScheduled = false;
      if (this.ending === null) this.socket.write(this.encoder.take());
    });
  }

  private onChunk(length: number, chunk: Uint8Array): boolean {
    if (this.receiver !== null) return this.receiver.onBytes(chunk, length);
    this.parser.feed(chunk, 0, length);
    if (this.parser.error !== null) this.lose(new ConnectionError("protocol", this.parser.error));
    return true;
  }

  private onReply(reply: Reply): void {
    if (this.listener !== null && !(reply instanceof ReplyError)) return this.tell(this.listener, reply);
    this.listener = null;
    const first = this.waiting[this.nextWaiting];
    if (first === undefined) return;
    this.nextWaiting++;
    if (this.nextWaiting === this.waiting.length || this.nextWaiting === MOST_ANSWERED) {
      this.waiting = this.waiting.slice(this.nextWaiting);
      this.nextWaiting = 0;
    }
    first.resolve(reply);
  }

  private onPush(message: Reply[]): void {
    const receiver = this.listener ?? this.options.onPush;
    if (receiver !== undefined) this.tell(receiver, message);
  }

  /** After the parser has returned, and in turn with the replies: the receiver may do anything, throwing included. */
  private tell<Message>(receiver: (message: Message) => void, message: Message): void {
    queueMicrotask(() => receiver(message));
  }

  private watchForEnd(): void {
    this.socket.on("error", (error) =>
      this.lose(new ConnectionError("closed", socketErrorText(error), { cause: error })),
    );
    this.socket.once("end", () => this.lose(new ConnectionError("closed", "Server closed the connection")));
    this.socket.once("close", () => this.lose(new ConnectionError("closed", "Server closed the connection")));
  }

  private lose(error: ConnectionError): void {
    if (this.ending !== null) return;
    this.end(error);
    this.receiver?.onEnd(error);
    this.options.onClose?.(error);
  }

  private end(error: ConnectionError): void {
    if (this.ending !== null) return;
    this.ending = error;
    this.socket.destroy();
    const rest = this.waiting.slice(this.nextWaiting);
    this.waiting = [];
    this.nextWaiting = 0;
    for (const { reject } of rest) reject(error);
  }
}
