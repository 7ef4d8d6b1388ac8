/**
 * A connection to a server: requests out, replies back in the order of the requests.
 *
 *     const client = await Client.open({ address: { kind: "tcp", host: "127.0.0.1", port: 6379 } });
 *     const [, n] = await Promise.all([client.send(["SET", "n", "1"]), client.send(["INCR", "n"])]);
 *     client.close();
 *
 * Requests of one turn of the event loop go out with one write: that is pipelining, and there is nothing else to do for it.
 * Error replies are values (`ReplyError`) from `send` and exceptions from `call`. When the connection ends, all that wait are
 * rejected with a `ConnectionError`; a client is not used again after that: there is another connection to be made.
 */
import { Buffer } from "node:buffer";
import type { Socket } from "node:net";
import {
  ReplyError,
  ReplyParser,
  RequestEncoder,
  type Reply,
  type ReplyOptions,
  type RequestArgument,
} from "@sider/resp-protocol/client";
import { ConnectionError, socketErrorText } from "./connection-error.ts";
import { openSocket, type OpenOptions } from "./open-socket.ts";

/** How to connect, how replies are represented, and who is told of what nobody asked for. */
export interface ClientOptions extends OpenOptions {
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
  /** How many confirmations it waits for instead of a reply: see `subscribe`. */
  confirmations?: number;
}

/** So many requests that have their reply are kept before they are dropped together. */
const MOST_ANSWERED = 4096;
const CONFIRMATION = /^[ps]?(un)?subscribe$/;
const MESSAGE = /^[ps]?(message|(un)?subscribe)$/;

export class Client {
  private readonly encoder = new RequestEncoder();
  private readonly parser: ReplyParser;
  private readonly options: ClientOptions;
  private socket: Socket | null = null;
  /** Requests without a reply; those before `nextWaiting` have theirs. */
  private waiting: Waiting[] = [];
  private nextWaiting = 0;
  private listener: ((message: Reply) => void) | null = null;
  private receiver: ByteReceiver | null = null;
  private ending: ConnectionError | null = null;
  private isFlushScheduled = false;
  /** How many subscriptions there are, of shards apart: the server counts them so. */
  private readonly subscriptionCounts = { ordinary: 0, shard: 0 };
  /** RESP2 has no pushes: while there are subscriptions, messages are told from replies by how they begin. */
  private hasPushes = false;

  private constructor(options: ClientOptions) {
    this.options = options;
    this.parser = new ReplyParser(
      { onReply: (reply) => this.onReply(reply), onPush: (message) => this.onPush(message, true) },
      options.replies,
    );
  }

  /**
   * A connection without authentication or anything else said on it. Rejects with a ConnectionError ("unreachable", or "options" when
   * those of TLS are wrong).
   */
  static async open(options: ClientOptions = {}): Promise<Client> {
    const client = new Client(options);
    client.socket = await openSocket(options, (length, chunk) => client.onChunk(length, chunk));
    client.watchForEnd(client.socket);
    return client;
  }

  /** Whether requests can be sent. */
  get isOpen(): boolean {
    return this.ending === null;
  }

  /** Whether `listen` has the connection. */
  get isListening(): boolean {
    return this.listener !== null;
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
   * Sends a request of the SUBSCRIBE and UNSUBSCRIBE family, and leaves the connection open for others. Confirmations and messages go
   * to `onPush`, in RESP2 too. Resolves with null after so many confirmations, or with the reply where the server gives one: an error,
   * QUEUED. Rejects with a ConnectionError.
   */
  subscribe(args: readonly RequestArgument[], confirmations: number): Promise<Reply> {
    return new Promise((resolve, reject) => {
      if (this.ending !== null) return reject(this.ending);
      this.waiting.push({ resolve, reject, confirmations });
      this.write(args);
    });
  }

  /**
   * Hands the connection over, for what is not requests and replies (bulk loads, replication): from now on the receiver gets the bytes
   * that arrive, and the socket is there to be written to. Nothing may wait for a reply.
   */
  takeOver(receiver: ByteReceiver): Socket {
    if (this.ending !== null || this.socket === null) throw this.ending ?? new Error("Not connected");
    if (this.listener !== null || this.waiting.length > 0) throw new Error("A connection in use cannot be taken over");
    this.receiver = receiver;
    return this.socket;
  }

  /** Bytes of requests that have not left yet, since the server or the network is slow. `pipeline` waits for them. */
  get backlogBytes(): number {
    return this.encoder.byteLength + (this.socket?.writableLength ?? 0);
  }

  /** Reads no more: the server is held back once the buffers between here and there are full. */
  pause(): void {
    this.socket?.pause();
  }

  /** Reads on. */
  resume(): void {
    this.socket?.resume();
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
      if (this.ending === null) this.socket?.write(this.encoder.take());
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
    if (this.mayBeMessage && isMessage(reply)) return this.onPush(reply, false);
    if (reply === "RESET") this.subscriptionCounts.ordinary = this.subscriptionCounts.shard = 0;
    this.listener = null;
    this.answerFirst(reply);
  }

  private get mayBeMessage(): boolean {
    const { ordinary, shard } = this.subscriptionCounts;
    const isSubscribing = this.waiting[this.nextWaiting]?.confirmations !== undefined;
    return !this.hasPushes && (ordinary > 0 || shard > 0 || isSubscribing);
  }

  private answerFirst(reply: Reply): void {
    const first = this.waiting[this.nextWaiting];
    if (first === undefined) return;
    this.nextWaiting++;
    if (this.nextWaiting === this.waiting.length || this.nextWaiting === MOST_ANSWERED) {
      this.waiting = this.waiting.slice(this.nextWaiting);
      this.nextWaiting = 0;
    }
    first.resolve(reply);
  }

  private onPush(message: Reply[], isPush: boolean): void {
    const receiver = this.listener ?? this.options.onPush;
    if (receiver !== undefined) this.tell(receiver, message);
    const kind = kindOf(message);
    if (!CONFIRMATION.test(kind)) return;
    this.hasPushes = isPush;
    this.subscriptionCounts[/^s(un)?s/.test(kind) ? "shard" : "ordinary"] = Number(message[2]);
    const first = this.waiting[this.nextWaiting];
    if (first?.confirmations !== undefined && --first.confirmations === 0) this.answerFirst(null);
  }

  /** After the parser has returned, and in turn with the replies: the receiver may do anything, throwing included. */
  private tell<Message>(receiver: (message: Message) => void, message: Message): void {
    queueMicrotask(() => receiver(message));
  }

  private watchForEnd(socket: Socket): void {
    const hasClosed = (): void => this.lose(new ConnectionError("closed", "Server closed the connection"));
    socket.on("error", (error) => this.lose(new ConnectionError("closed", socketErrorText(error), { cause: error })));
    socket.once("end", hasClosed).once("close", hasClosed);
    if (socket.destroyed) hasClosed();
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
    this.socket?.destroy();
    const rest = this.waiting.slice(this.nextWaiting);
    this.waiting = [];
    this.nextWaiting = 0;
    for (const { reject } of rest) reject(error);
  }
}

/** Whether an array is what RESP3 would send as a push of a subscription. */
function isMessage(reply: Reply): reply is Reply[] {
  return Array.isArray(reply) && reply.length >= 3 && MESSAGE.test(kindOf(reply));
}

function kindOf([kind]: readonly Reply[]): string {
  if (kind instanceof Uint8Array) return Buffer.from(kind).toString("latin1");
  return typeof kind === "string" ? kind : "";
}
