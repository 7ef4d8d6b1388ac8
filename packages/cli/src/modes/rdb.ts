/**
 * --rdb and --functions-rdb: fetches a dump as a replica gets one. The exit code is 0 only when the whole dump has been written and, in a
 * file, is on the disk. Messages are redis-cli's, on standard error.
 */
import { binaryOf } from "../format/printer.ts";
import { withProgress, type ProgressReport } from "../progress/start-progress.ts";
import { openDumpTarget, type DumpTarget } from "../transfer/dump-target.ts";
import { receiveBytes } from "../transfer/receive-bytes.ts";
import { refusalOf, SYNC_REQUEST, tellServer } from "../transfer/synchronise.ts";
import { SyncPayload, type PayloadHeader } from "../transfer/sync-payload.ts";
import { cleaningUp } from "./interrupts.ts";
import { ModeFailure, telling } from "./mode-failure.ts";
import type { ModeContext, RunMode } from "./mode-context.ts";

export const runRdb: RunMode = telling(async (context) => {
  const { session, options } = context;
  if (!(await session.connectForMode())) return 1;
  await tellServer(context, "capa", "eof");
  await tellServer(context, "rdb-only", "1");
  const { hasFunctionsOnly } = options.modeOptions;
  if (hasFunctionsOnly && !(await tellServer(context, "rdb-filter-only", "functions"))) {
    throw new ModeFailure("Failed requesting functions only RDB from server, aborting");
  }
  await withProgress(context, { label: "rdb", unit: "bytes" }, async (progress) => {
    const fetch = new DumpFetch(context, progress);
    await cleaningUp(
      context,
      () => fetch.run(),
      () => fetch.abandon(),
    );
  });
  return 0;
});

class DumpFetch {
  private readonly context: ModeContext;
  private readonly progress: ProgressReport;
  private readonly path: string;
  private readonly payload: SyncPayload;
  private header: PayloadHeader | undefined;
  private target: DumpTarget | undefined;
  private resolve: () => void = () => undefined;

  constructor(context: ModeContext, progress: ProgressReport) {
    this.context = context;
    this.progress = progress;
    this.path = context.options.modeOptions.rdbFile ?? "";
    this.payload = new SyncPayload({
      onHeader: (header) => this.begin(header),
      onPayload: (bytes) => this.write(bytes),
      onEnd: () => this.resolve(),
      onRest: () => undefined,
    });
  }

  async run(): Promise<void> {
    try {
      await this.receive();
      // Before the disk is waited for: the server has nothing more to do for us.
      this.context.session.close();
      this.target?.finish();
    } catch (error) {
      this.abandon();
      throw error;
    }
    this.context.screen.warn(this.endText());
  }

  abandon(): void {
    this.target?.abandon();
  }

  private receive(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.resolve = resolve;
      const socket = receiveBytes(this.context, {
        feed: (bytes) => this.payload.feed(bytes),
        onFailure: reject,
        onEnd: () => reject(new ModeFailure(this.lossText())),
      });
      socket.write(SYNC_REQUEST);
    });
  }

  private begin(header: PayloadHeader): void {
    if (header.kind === "refusal") throw refusalOf(header.line);
    const amount = header.kind === "length" ? `${header.bytes} bytes` : "bytes of bulk transfer until EOF marker";
    this.context.screen.warnBinary(`SYNC sent to master, writing ${amount} to '${binaryOf(this.path)}'`);
    this.header = header;
    this.target = openDumpTarget(this.path, this.context);
  }

  private write(bytes: Uint8Array): void {
    this.target?.write(bytes);
    const total = this.header?.kind === "length" ? this.header.bytes : undefined;
    this.progress.update({ done: this.payload.payloadBytes, total });
  }

  private lossText(): string {
    if (this.header === undefined) return "Error reading bulk length while SYNCing";
    return "I/O Error reading RDB payload from socket";
  }

  private endText(): string {
    if (this.header?.kind === "length") return "Transfer finished with success.";
    return `Transfer finished with success after ${this.payload.payloadBytes} bytes`;
  }
}
