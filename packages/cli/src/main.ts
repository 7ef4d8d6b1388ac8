/**
 * The program that bin/sider-cli.js runs. It takes the global `process`: importing node:process looks at all that is in it, which makes
 * streams of the standard input and output, sets pipes not to block, and takes ten milliseconds.
 */
import { isatty, type WriteStream } from "node:tty";
import { BlockingOutput } from "./blocking-output.ts";
import type { ProgramProcess } from "./process.ts";
import { runProgram } from "./program.ts";

const program: ProgramProcess = {
  get stdin() {
    return process.stdin;
  },
  stdout: isatty(1) ? process.stdout : (new BlockingOutput(1) as unknown as WriteStream),
  stderr: isatty(2) ? process.stderr : new BlockingOutput(2),
  env: process.env,
  pid: process.pid,
  on: (signal, listener) => process.on(signal, listener),
  off: (signal, listener) => process.off(signal, listener),
  exit: (code) => process.exit(code),
  kill: (pid, signal) => process.kill(pid, signal),
};

// Not awaited at the top level: modes that are imported later are built to import from this file, which then has to be done.
void programArguments()
  .then((args) => runProgram(program, args))
  .then((code) => {
    process.exitCode = code;
  });

async function programArguments(): Promise<string[]> {
  const args = process.argv.slice(2);
  if (!args.some((argument) => argument.includes("\ufffd"))) return args;
  const { readRawArguments } = await import("./raw-arguments.ts");
  return readRawArguments(args.length) ?? args;
}
