/** What of a process the program uses: a test gives it streams of its own. */
import type { ReadStream, WriteStream } from "node:tty";

export interface ProgramProcess {
  readonly stdin: ReadStream;
  readonly stdout: WriteStream;
  readonly stderr: NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };
  readonly env: NodeJS.ProcessEnv;
  on(signal: NodeJS.Signals, listener: () => void): unknown;
  off(signal: NodeJS.Signals, listener: () => void): unknown;
  exit(code: number): void;
  readonly pid: number;
  kill(pid: number, signal: NodeJS.Signals): unknown;
}
