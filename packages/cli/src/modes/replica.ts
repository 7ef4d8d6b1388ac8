/**
 * --replica: gets what a replica gets, without the data, and prints the commands that arrive, as CSV, until the connection ends.
 *
 * The server hears once a second that this replica is there, with offset 0: nothing is kept here, so that WAIT and the like must not
 * count on it. The first such message starts the stream after a dump without a length.
 */
import type { Socket } from "node:net";
import { encodeRequest, ReplyParser } from "@sider/resp-protocol/client";
import { binaryOf } from "../format/printer.ts";
import { printReply } from "../format/format-reply.ts";
import { PRINTABLE } from "../format/scalars.ts";
import { receiveBytes } from "../transfer/receive-bytes.ts";
import { refusalOf, SYNC_REQUEST, tellServer } from "../transfer/synchronise.ts";
import { SyncPayload, type PayloadHeader } from "../transfer/sync-payload.ts";
import { ModeFailure, telling } from "./mode-failure.ts";
import type { ModeContext, RunMode } from "./mode-context.ts";

/** The server may not be ready for the first ones: they come faster. */
const FIRST_ACKNOWLEDGE_MS = 50;
const ACKNOWLEDGE_MS = 1000;
const MARK_BYTES = 40;

export const runReplica: RunMode = telling(async (context) => {
  if (!(await context.session.connectForMode())) return 1;
  await tellServer(context, "capa", "eof");
  await tellServer(context, "rdb-filter-only", "");
  await new ReplicationLog(context).run();
  return 0;
});

class ReplicationLog {
  private readonly context: ModeContext;
  private readonly parser: ReplyParser;
  private readonly payload: SyncPayload;
  private header: PayloadHeader | undefined;
  private isLogging = false;
  private socket: Socket | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(context: ModeContext) {
    this.context = context;
    const { out } = context.screen;
    const format = { ...context.session.format, format: "csv" as const };
    const print = (command: Parameters<typeof printReply>[1]): void => printReply(out, command, format);
    this.parser = new ReplyParser({ onReply: print, onPush: print }, PRINTABLE);
    this.payload = new SyncPayload({
      onHeader: (header) => this.begin(header),
      onPayload: () => undefined,
      onEnd: () => this.beginLogging(),
      onRest: (bytes) => this.log(bytes),
    });
  }

  /** Rejects when the connection ends: there is no other end. */
  async run(): Promise<never> {
    try {
      return await new Promise<never>((_, reject) => {
        this.socket = receiveBytes(this.context, {
          feed: (bytes) => this.payload.feed(bytes),
          onFailure: reject,
          onEnd: ({ message }) => reject(new ModeFailure(this.lossText(message))),
        });
        this.socket.write(SYNC_REQUEST);
      });
    } finally {
      clearTimeout(this.timer);
    }
  }

  private acknowledge(pauseMs: number): void {
    this.socket?.write(encodeRequest(["REPLCONF", "ACK", "0"]));
    const nextMs = Math.min(ACKNOWLEDGE_MS, pauseMs * 2);
    this.timer = setTimeout(() => this.acknowledge(nextMs), pauseMs);
  }

  private begin(header: PayloadHeader): void {
    if (header.kind === "refusal") throw refusalOf(header.line);
    this.header = header;
    const amount =
      header.kind === "length" ? `${header.bytes} bytes of bulk transfer` : "bytes of bulk transfer until EOF marker";
    this.context.screen.warn(`SYNC with master, discarding ${amount}...`);
  }

  private beginLogging(): void {
    const { screen } = this.context;
    this.isLogging = true;
    const hasMark = this.header?.kind === "mark";
    const amount = hasMark ? ` after ${this.payload.payloadBytes + MARK_BYTES} bytes` : "";
    screen.warn(`SYNC done${amount}. Logging commands from master.`);
    if (hasMark) screen.warn("sending REPLCONF ACK 0");
    this.acknowledge(FIRST_ACKNOWLEDGE_MS);
  }

  private log(bytes: Uint8Array): void {
    this.parser.feed(bytes);
    this.context.screen.out.flush();
    if (this.parser.error !== null) throw new ModeFailure(`Error: ${this.parser.error}`);
  }

  private lossText(message: string): string {
    if (this.header === undefined) return "Error reading bulk length while SYNCing";
    return this.isLogging ? binaryOf(`Error: ${message}`) : "Error reading RDB payload while SYNCing";
  }
}
