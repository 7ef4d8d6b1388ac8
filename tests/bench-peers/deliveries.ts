/**
 * Messages to many: one publisher, a thousand subscribers of its channel in this process, with redis-server and with the subject in turns.
 * A publisher has `depth` PUBLISH commands under way; a run is over when the last subscriber has got the last byte.
 */
import { createConnection, type Socket } from "node:net";

import { encodeCommand } from "../support/connection.ts";
import { cpuMicroseconds } from "../support/processes.ts";
import { type PeerKind, type RunningServer, startServer } from "../support/server.ts";
import { renderTable } from "../support/table.ts";
import { median } from "./rounds.ts";

const subscriberCount = 1000;
const depths = [1, 16];
const messageSizes = [16, 1024];
const channel = "news";
/** Deliveries have to be as fast as redis-server's. */
const ratioLimit = 1;

export interface DeliveriesOptions {
  subject: PeerKind;
  rounds: number;
  /** Messages of a run at depth 16; fewer at depth 1. */
  messages: number;
}

interface Run {
  deliveriesPerSecond: number;
  cpuUs: number;
}

/** Prints the table; true when the subject is fast enough in each cell. */
export async function measureDeliveries({ subject, rounds, messages }: DeliveriesOptions): Promise<boolean> {
  const kinds = ["redis", subject] as const;
  const audiences = await Promise.all(kinds.map((kind) => Audience.gather(kind)));
  const rows: string[][] = [];
  let isFast = true;
  try {
    for (const bytes of messageSizes) {
      for (const depth of depths) {
        const count = Math.ceil(messages / (depth === 1 ? 2 : 1));
        const runs = await inTurns(audiences, rounds, (audience) => audience.run(count, depth, bytes));
        const [theirs, ours] = runs.map((of) => median(of.map((run) => run.deliveriesPerSecond)));
        const [theirUs, ourUs] = runs.map((of) => median(of.map((run) => run.cpuUs)));
        const ratio = (ours ?? 0) / (theirs ?? NaN);
        isFast &&= ratio >= ratioLimit;
        const figures = [theirs ?? 0, ours ?? 0].map((rate) => rate.toFixed(0));
        const cpu = [theirUs ?? 0, ourUs ?? 0].map((us) => us.toFixed(2));
        rows.push([String(bytes), String(depth), ...figures, `${ratio.toFixed(2)}x`, ...cpu]);
        console.error(rows.at(-1)?.join("  "));
      }
    }
  } finally {
    for (const audience of audiences) await audience.dismiss();
  }
  console.log(`\n1 publisher, ${subscriberCount} subscribers; CPU is user+sys of the server process per delivery\n`);
  const heading = ["bytes", "depth", "redis per s", `${subject} per s`, "ratio", "redis us", `${subject} us`];
  console.log(renderTable(heading, rows));
  return isFast;
}

/** One run each that is not counted, then `rounds` of them, each in another order than the one before. */
async function inTurns<Item>(
  items: readonly Item[],
  rounds: number,
  measure: (item: Item) => Promise<Run>,
): Promise<Run[][]> {
  const runs: Run[][] = items.map(() => []);
  for (const item of items) await measure(item);
  for (let round = 0; round < rounds; round++) {
    const order = round % 2 === 0 ? items.keys() : [...items.keys()].reverse();
    for (const at of order) runs[at]?.push(await measure(items[at]));
  }
  return runs;
}

/** A server, its subscribers and its publisher. */
class Audience {
  private readonly server: RunningServer;
  private readonly subscribers: Socket[] = [];
  private publisher!: Socket;
  private receivedBytes = 0;
  private expectedBytes = Infinity;
  private onAll: () => void = () => undefined;

  private constructor(server: RunningServer) {
    this.server = server;
  }

  static async gather(kind: PeerKind): Promise<Audience> {
    const audience = new Audience(await startServer({ kind, args: ["--maxclients", "2000"] }));
    audience.publisher = await audience.connect(() => undefined);
    const buffer = Buffer.alloc(64 * 1024);
    for (let at = 0; at < subscriberCount; at++) {
      const socket = await audience.connect((count) => audience.received(count), buffer);
      audience.subscribers.push(socket);
    }
    const confirmation = encodeCommand(["subscribe", channel]).length + ":1\r\n".length;
    await audience.expect(confirmation * subscriberCount, () => {
      for (const socket of audience.subscribers) socket.write(encodeCommand(["SUBSCRIBE", channel]));
    });
    return audience;
  }

  private connect(onBytes: (count: number) => void, buffer = Buffer.alloc(64 * 1024)): Promise<Socket> {
    return new Promise((resolve, reject) => {
      const callback = (count: number): boolean => {
        onBytes(count);
        return true;
      };
      const options = { port: this.server.port, host: "127.0.0.1", onread: { buffer, callback } };
      const socket = createConnection(options, () => resolve(socket));
      socket.setNoDelay(true);
      socket.on("error", reject);
    });
  }

  private received(count: number): void {
    this.receivedBytes += count;
    if (this.receivedBytes >= this.expectedBytes) this.onAll();
  }

  private expect(bytes: number, begin: () => void): Promise<void> {
    return new Promise((resolve) => {
      this.receivedBytes = 0;
      this.expectedBytes = bytes;
      this.onAll = resolve;
      begin();
    });
  }

  /** Publishes `count` messages, `depth` at a time. */
  async run(count: number, depth: number, messageBytes: number): Promise<Run> {
    const message = "x".repeat(messageBytes);
    const request = Buffer.from(encodeCommand(["PUBLISH", channel, message]));
    const batch = Buffer.concat(Array.from({ length: depth }, () => request));
    const delivered = encodeCommand(["message", channel, message]).length * subscriberCount * depth;
    const cpuBefore = cpuMicroseconds(this.server.pid);
    const startedAt = performance.now();
    const batches = Math.ceil(count / depth);
    for (let sent = 0; sent < batches; sent++) await this.expect(delivered, () => this.publisher.write(batch));
    const seconds = (performance.now() - startedAt) / 1000;
    const deliveries = batches * depth * subscriberCount;
    return {
      deliveriesPerSecond: deliveries / seconds,
      cpuUs: (cpuMicroseconds(this.server.pid) - cpuBefore) / deliveries,
    };
  }

  async dismiss(): Promise<void> {
    for (const socket of [...this.subscribers, this.publisher]) socket.destroy();
    await this.server.stop("SIGKILL");
  }
}
