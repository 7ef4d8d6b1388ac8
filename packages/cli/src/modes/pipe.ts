/**
 * --pipe: requests from standard input, as they are, to the server as fast as it takes them, while replies are counted and errors
 * shown. Input is read only as fast as the socket takes it, and replies are always read, so that neither side waits for the other and
 * memory stays the same.
 *
 *     stdin --chunks--> socket ... "\r\n" ECHO <20 random bytes> at the end      socket --bytes--> ReplyScanner
 *
 * All is over when the reply to that ECHO comes.
 */
import { Buffer } from "node:buffer";
import { randomBytes } from "node:crypto";
import { fstatSync } from "node:fs";
import type { Socket } from "node:net";
import type { ConnectionError } from "../client/connection-error.ts";
import { binaryOf } from "../format/printer.ts";
import { systemErrorText } from "../transfer/system-error.ts";
import { withProgress, type ProgressReport } from "../progress/start-progress.ts";
import { ReplyScanner } from "../transfer/reply-scanner.ts";
import { cleaningUp } from "./interrupts.ts";
import { ModeFailure, telling } from "./mode-failure.ts";
import type { ModeContext, RunMode } from "./mode-context.ts";

const MARKER_BYTES = 20;
const IDLE_CHECKS_PER_SECOND = 4;

export const runPipe: RunMode = telling(async (context) => {
  if (!(await context.session.connectForMode())) return 1;
  return withProgress(context, { label: "pipe", unit: "bytes" }, (progress) =>
    cleaningUp(context, () => new BulkLoad(context, progress).run()),
  );
});

class BulkLoad {
  private readonly context: ModeContext;
  private readonly progress: ProgressReport;
  private readonly total: number | undefined;
  private readonly scanner: ReplyScanner;
  private readonly socket: Socket;
  private readonly marker = randomBytes(MARKER_BYTES);
  private errorTexts: string[] = [];
  private sentBytes = 0;
  private isAllSent = false;
  /** When the last reply came, or the end of the input, whichever was later. */
  private lastSignMs = Date.now();
  private resolve: (exitCode: number) => void = () => undefined;
  private reject: (error: Error) => void = () => undefined;

  constructor(context: ModeContext, progress: ProgressReport) {
    this.context = context;
    this.progress = progress;
    this.total = sizeOf((context.process.stdin as { fd?: number }).fd);
    this.scanner = new ReplyScanner((text) => this.errorTexts.push(text));
    this.socket = context.session.takeOver({
      onBytes: (bytes, length) => this.onReplies(bytes, length),
      onEnd: (error) => this.onEnd(error),
    });
  }

  /** Resolves with the exit code. */
  async run(): Promise<number> {
    const { stdin } = this.context.process;
    const idleTimer = setInterval(() => this.checkIdle(), 1000 / IDLE_CHECKS_PER_SECOND);
    try {
      return await new Promise<number>((resolve, reject) => {
        this.resolve = resolve;
        this.reject = reject;
        stdin.on("data", (chunk: Buffer) => this.send(chunk));
        stdin.once("end", () => this.finishSending());
        stdin.once("error", (error) => reject(inputFailure(error)));
      });
    } finally {
      clearInterval(idleTimer);
      stdin.destroy();
    }
  }

  private send(chunk: Buffer): void {
    const { stdin } = this.context.process;
    this.sentBytes += chunk.length;
    this.progress.update({ done: this.sentBytes, total: this.total });
    if (this.socket.write(chunk)) return;
    stdin.pause();
    this.socket.once("drain", () => stdin.resume());
  }

  /** The empty line before the last request ends an inline request that lacks its end; otherwise it is nothing. */
  private finishSending(): void {
    const { out } = this.context.screen;
    this.isAllSent = true;
    this.lastSignMs = Date.now();
    this.scanner.expect(this.marker);
    const head = `\r\n*2\r\n$4\r\nECHO\r\n$${MARKER_BYTES}\r\n`;
    this.socket.write(Buffer.concat([Buffer.from(head), this.marker, Buffer.from("\r\n")]));
    out.add("All data transferred. Waiting for the last reply...\n");
    out.flush();
  }

  private onReplies(bytes: Uint8Array, length: number): boolean {
    const { scanner } = this;
    scanner.feed(bytes, 0, length);
    this.lastSignMs = Date.now();
    this.showErrors();
    if (scanner.isBroken) this.reject(new ModeFailure("Error reading replies from server"));
    if (scanner.hasMarker) {
      this.context.screen.out.add("Last reply received from server.\n");
      this.conclude(scanner.errors);
    }
    return true;
  }

  private showErrors(): void {
    if (this.errorTexts.length === 0) return;
    const lines = this.errorTexts.join("\n");
    this.errorTexts = [];
    this.context.screen.warnBinary(lines);
  }

  private checkIdle(): void {
    const { pipeTimeoutSeconds } = this.context.options.modeOptions;
    if (!this.isAllSent || pipeTimeoutSeconds <= 0) return;
    if (Date.now() - this.lastSignMs < pipeTimeoutSeconds * 1000) return;
    this.context.screen.warn(`No replies for ${pipeTimeoutSeconds} seconds: exiting.`);
    this.conclude(this.scanner.errors + 1);
  }

  private conclude(errors: number): void {
    this.context.screen.out.add(`errors: ${errors}, replies: ${this.scanner.replies}\n`);
    this.resolve(errors === 0 ? 0 : 1);
  }

  private onEnd({ message }: ConnectionError): void {
    const { replies, errors } = this.scanner;
    this.reject(new ModeFailure(binaryOf(`Error: ${message} (errors: ${errors}, replies: ${replies})`)));
  }
}

/** The size of the input where it is a file. A folder, of which Node makes an empty input, is refused. */
function sizeOf(descriptor: number | undefined): number | undefined {
  if (descriptor === undefined) return undefined;
  const stats = fstatSync(descriptor);
  if (stats.isDirectory()) throw inputFailure(Object.assign(new Error("Is a directory"), { code: "EISDIR" }));
  return stats.isFile() ? stats.size : undefined;
}

function inputFailure(error: NodeJS.ErrnoException): ModeFailure {
  return new ModeFailure(`Error reading from stdin: ${systemErrorText(error)}`);
}
