/** Runs sider-cli inside the test, with streams that are collected. */
import type { Buffer } from "node:buffer";
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

export async function runCli(args: readonly string[], { input = "", env = {} }: RunOptions = {}): Promise<RunResult> {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  stdin.end(input);
  const fake = { stdin, stdout, stderr, env, exit: () => undefined, on: () => undefined, off: () => undefined };
  const code = await runProgram(fake as unknown as ProgramProcess, args);
  return { code, stdout: collected(stdout), stderr: collected(stderr) };
}

function collected(stream: PassThrough): string {
  stream.end();
  const bytes = stream.read() as Buffer | null;
  return bytes === null ? "" : bytes.toString("latin1");
}
