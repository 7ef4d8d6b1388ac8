/**
 * The two servers of a run and one connection to each. Every reply that does not come (the server hangs, closes, or sends what
 * is no reply) becomes a text in its place, so that it is compared and reported like any other.
 */
import { RawConnection } from "../support/connection.ts";
import { readFrame } from "../support/reply-frames.ts";
import { type PeerKind, type RunningServer, startServer } from "../support/server.ts";
import type { ExchangeStep, ScanStep } from "./steps.ts";

const replyTimeoutMs = 20_000;
const mostScanCalls = 100_000;

/** One server with its connection. */
export class Side {
  readonly server: RunningServer;
  #connection: RawConnection;

  private constructor(server: RunningServer, connection: RawConnection) {
    this.server = server;
    this.#connection = connection;
  }

  static async start(kind: PeerKind, args: readonly string[]): Promise<Side> {
    const server = await startServer({ kind, args });
    return new Side(server, await RawConnection.open(server.port));
  }

  /** Sends commands in one write; returns a reply for each. */
  async replies(commands: readonly (readonly string[])[]): Promise<Buffer[]> {
    const deadline = AbortSignal.timeout(replyTimeoutMs);
    const connection = this.#connection;
    const silent = (): void => connection.close();
    deadline.addEventListener("abort", silent);
    const waiting = commands.map(() =>
      connection.nextReply().catch((error: unknown) => Buffer.from(`no reply: ${String(error)}`)),
    );
    connection.sendCommands(commands);
    const replies = await Promise.all(waiting);
    deadline.removeEventListener("abort", silent);
    return replies;
  }

  async reply(...args: string[]): Promise<Buffer> {
    const [reply = Buffer.alloc(0)] = await this.replies([args]);
    return reply;
  }

  /** A new connection and an empty store. */
  async reset(): Promise<void> {
    this.#connection.close();
    this.#connection = await RawConnection.open(this.server.port);
    const flushed = (await this.reply("FLUSHALL")).toString();
    if (flushed !== "+OK\r\n")
      throw new Error(`${this.server.kind} answers FLUSHALL with ${flushed}\n${this.server.log()}`);
  }

  /** All keys that a full SCAN iteration returns, sorted, each once. */
  async scanAll(step: ScanStep): Promise<Buffer> {
    const found = new Set<string>();
    let cursor = "0";
    for (let calls = 0; calls < mostScanCalls; calls++) {
      const bytes = await this.reply("SCAN", cursor, ...step.options);
      const [next, keys] = readFrame(bytes, 0)?.reply.items ?? [];
      if (next === undefined || keys === undefined) return bytes;
      for (const key of keys.items ?? []) found.add(key.text);
      cursor = next.text;
      if (cursor === "0") return Buffer.from(JSON.stringify([...found].sort()));
    }
    return Buffer.from(`SCAN has not ended after ${mostScanCalls} calls`);
  }

  /** The DUMP payload of a key as a Latin-1 string, or null when there is no such key. */
  async dump(key: string): Promise<string | null> {
    const reply = readFrame(await this.reply("DUMP", key), 0)?.reply;
    return reply?.type === "$" ? reply.text : null;
  }

  async stop(): Promise<void> {
    this.#connection.close();
    await this.server.stop("SIGKILL");
  }
}

export interface Peers {
  reference: Side;
  subject: Side;
}

/** Starts redis-server and the subject with the same settings. */
export async function startPeers(subjectKind: PeerKind): Promise<Peers> {
  // DUMP must not depend on how a compressor searches, and must have a version that Redis 7.0 restores.
  const common = ["--rdbcompression", "no"];
  const subjectArgs = subjectKind === "sider" ? [...common, "--rdb-version", "10"] : common;
  return { reference: await Side.start("redis", common), subject: await Side.start(subjectKind, subjectArgs) };
}

/** The first byte of a payload that holds a set as a listpack. */
const typeOfSmallSet = 20;

/** Reads a key as each type; all but one are refused. */
export function readingCommands(key: string): string[][] {
  return [
    ["GET", key],
    ["LRANGE", key, "0", "-1"],
    ["HGETALL", key],
    ["SMEMBERS", key],
    ["ZRANGE", key, "0", "-1"],
    ["XRANGE", key, "-", "+"],
  ];
}

/** Elements in an order of their own: that of hashes and sets is nobody's promise. */
function sortedItems(bytes: Buffer): string[] {
  const reply = readFrame(bytes, 0)?.reply;
  return (reply?.items ?? [reply]).map((item) => JSON.stringify(item)).sort();
}

/** Each side restores what the other has dumped, and shows the value that it read. */
export async function exchangeDumps(peers: Peers, step: ExchangeStep): Promise<[Buffer, Buffer]> {
  const { reference, subject } = peers;
  const [fromReference, fromSubject] = [await reference.dump(step.key), await subject.dump(step.key)];
  if (fromReference === null || fromSubject === null) {
    return [Buffer.from(`payload: ${fromReference !== null}`), Buffer.from(`payload: ${fromSubject !== null}`)];
  }
  // Sets of listpacks are new in 7.2: 7.0 cannot read them.
  if (fromSubject.charCodeAt(0) === typeOfSmallSet) return [Buffer.from("set"), Buffer.from("set")];
  const restore = async (side: Side, payload: string): Promise<Buffer> => {
    const commands = readingCommands(step.target);
    const replies = await side.replies([["RESTORE", step.target, "0", payload, "REPLACE"], ...commands]);
    return Buffer.from(JSON.stringify(replies.map((reply) => sortedItems(reply))));
  };
  return [await restore(reference, fromSubject), await restore(subject, fromReference)];
}
