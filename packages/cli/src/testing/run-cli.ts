/** Runs sider-cli inside the test, with streams that are collected. */
import { EventEmitter, once } from "node:events";
import { PassThrough } from "node:stream";
import type { ProgramProcess } from "../process.ts";
import { runProgram } from "../program.ts";

export interface RunOptions {
  input?: Uint8Array | string;
  env?: Record<string, string>;
}

export interface RunResult {
  code: number | null;
  /** Output and messages as binary text, so that differences can be read. */
  stdout: string;
  stderr: string;
}

/** A program that runs, and may be interrupted. */
export interface RunningCli {
  readonly stdin: PassThrough;
  /** Ctrl-C. A program that does not listen ends with code 130, as a shell has it. */
  interrupt(): void;
  /** Standard output so far. */
  output(): string;
  readonly result: Promise<RunResult>;
}

const INTERRUPTED = 130;

/** Starts the program; its standard input stays open. */
export function startCli(args: readonly string[], env: Record<string, string> = {}): RunningCli {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  const [output, messages] = [new Collector(stdout), new Collector(stderr)];
  const signals = new EventEmitter();
  const ended = new Promise<number>((resolve, reject) => {
    const fake = {
      ...{ stdin, stdout, stderr, env, pid: 0 },
      on: (signal: string, listener: () => void) => signals.on(signal, listener),
      off: (signal: string, listener: () => void) => signals.off(signal, listener),
      exit: resolve,
      kill: () => resolve(INTERRUPTED),
    };
    runProgram(fake as unknown as ProgramProcess, args).then(resolve, reject);
    signals.on("interrupted", () => {
      if (!signals.emit("SIGINT")) resolve(INTERRUPTED);
    });
  });
  const result = ended.then(async (code) => ({ code, stdout: await output.end(), stderr: await messages.end() }));
  return { stdin, output: () => output.text, interrupt: () => signals.emit("interrupted"), result };
}

/** Runs the program to its end. */
export function runCli(args: readonly string[], { input = "", env = {} }: RunOptions = {}): Promise<RunResult> {
  const { stdin, result } = startCli(args, env);
  stdin.end(input);
  return result;
}

/** Reads as the program writes, as it may wait for its reader. */
class Collector {
  text = "";
  private readonly stream: PassThrough;
  private readonly ended: Promise<unknown>;

  constructor(stream: PassThrough) {
    this.stream = stream;
    this.ended = once(stream, "end");
    stream.setEncoding("latin1").on("data", (text: string) => (this.text += text));
  }

  /** Ends the stream and resolves with all of it. */
  async end(): Promise<string> {
    this.stream.end();
    await this.ended;
    return this.text;
  }
}
