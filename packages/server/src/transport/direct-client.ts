/**
 * A client in the same process without any stream: a request goes straight to a session, its reply comes as a value.
 */
import { encodeRequest, ReplyError, ReplyParser } from "@sider/resp-protocol";
import type { Reply, RequestArgument } from "@sider/resp-protocol";
import type { SubscriptionKind } from "../pubsub/pubsub.ts";
import type { Server } from "../server.ts";
import type { Session } from "../session/session.ts";
import type { Transport } from "../session/transport.ts";

/** Commands that are answered once for each of their names; what they are about, as sessions call it. */
const SUBSCRIPTION_COMMANDS: Readonly<Record<string, SubscriptionKind>> = {
  subscribe: "channels",
  psubscribe: "patterns",
  ssubscribe: "shardChannels",
  unsubscribe: "channels",
  punsubscribe: "patterns",
  sunsubscribe: "shardChannels",
};

interface Waiting {
  /** Replies that are still to come. */
  replies: number;
  resolve(reply: Reply): void;
  reject(error: Error): void;
}

export class DirectClient implements Transport {
  readonly pendingBytes = 0;
  readonly waitingReplyBytes = 0;
  readonly remoteAddress = "";
  readonly localAddress = "";
  readonly remoteHost = "";
  readonly isLoopback = true;
  readonly isUnixSocket = false;
  readonly descriptor = -1;
  private readonly server: Server;
  private session: Session | null = null;
  private readonly waiting: Waiting[] = [];
  private held: Uint8Array[] = [];
  /** What the server said when it did not take the connection. */
  private refusal = new Error("the connection is closed");
  /** Called with what comes unasked, as words: `["message", "news", "hello"]`. Must not throw. */
  onPush: (words: Reply[]) => void = () => undefined;
  private readonly parser = new ReplyParser({
    onReply: (reply) => {
      this.settle(reply);
    },
    onPush: (words) => {
      if (typeof words[0] === "string" && words[0] in SUBSCRIPTION_COMMANDS) this.settle(words);
      else this.onPush(words);
    },
  });
  /** Of what comes unasked: with RESP2 it has the form of replies. */
  private readonly pushParser = new ReplyParser({
    onReply: (reply) => {
      if (Array.isArray(reply)) this.onPush(reply);
    },
    onPush: (words) => {
      this.onPush(words);
    },
  });

  constructor(server: Server) {
    this.server = server;
    this.session = server.openSession(this);
  }

  /**
   * Sends one command and gives its reply; an error reply rejects with `ReplyError`. Text is sent as UTF-8; integers are numbers,
   * or bigints beyond 2^53. Commands that are sent without waiting are answered in order. SUBSCRIBE and its like give the last of their
   * replies; messages go to `onPush`.
   */
  send(...words: readonly (RequestArgument | number)[]): Promise<Reply> {
    const session = this.session;
    if (session === null || session.closing) return Promise.reject(this.refusal);
    const request = encodeRequest(words.map((word) => (typeof word === "number" ? String(word) : word)));
    return new Promise((resolve, reject) => {
      const waiting: Waiting = { replies: 1, resolve, reject };
      this.waiting.push(waiting);
      this.server.executor.defer(() => {
        waiting.replies = repliesTo(session, words);
        session.receive(request, 0, request.length, 0);
      });
    });
  }

  private settle(reply: Reply): void {
    const [waiting] = this.waiting;
    if (waiting !== undefined && --waiting.replies > 0 && !(reply instanceof ReplyError)) return;
    this.waiting.shift();
    if (!(reply instanceof ReplyError)) waiting?.resolve(reply);
    else if (waiting === undefined) this.refusal = reply;
    else waiting.reject(reply);
  }

  /** Replies that acknowledge what is not in the append-only file yet wait for the end of the turn: one write, or sync, for them all. */
  write(bytes: Uint8Array, start: number, end: number): void {
    if (this.held.length === 0) {
      if (!this.server.appendOnly.hasUnwritten) return this.parser.feed(bytes, start, end);
      process.nextTick(() => this.release());
    }
    this.held.push(bytes.slice(start, end));
  }

  push(bytes: Uint8Array, start: number, end: number): void {
    if (this.server.appendOnly.flush()) this.pushParser.feed(bytes, start, end);
    else this.destroy();
  }

  private release(): void {
    const { held } = this;
    this.held = [];
    if (!this.server.appendOnly.flush()) return this.destroy();
    for (const bytes of held) this.parser.feed(bytes, 0, bytes.length);
  }

  pauseReading(): void {
    // what is sent meanwhile waits in the session's parser
  }

  resumeReading(): void {
    // nothing was stopped
  }

  /** Ends the session; commands that have not been answered are rejected. */
  close(): void {
    this.destroy();
  }

  destroy(): void {
    const { session } = this;
    if (session === null) return;
    this.session = null;
    this.release();
    session.closing = true;
    this.server.closeSession(session);
    for (const waiting of this.waiting.splice(0)) waiting.reject(new Error("the connection is closed"));
  }
}

/** How many replies a command has. */
function repliesTo({ subscriptions, transaction }: Session, [name, ...names]: readonly unknown[]): number {
  const kind = typeof name === "string" ? SUBSCRIPTION_COMMANDS[name.toLowerCase()] : undefined;
  if (kind === undefined || transaction !== null) return 1;
  return names.length > 0 ? names.length : Math.max(1, subscriptions?.[kind].size ?? 0);
}
