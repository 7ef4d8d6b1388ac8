/** Runs a program to its end. */
import { spawn } from "node:child_process";

export interface ProgramResult {
  code: number | null;
  /** Standard output and standard error, as they came. */
  output: string;
}

/** Runs a program with some input and collects what it prints; ends it after a time limit. Throws when it cannot be started. */
export function runProgram(command: readonly string[], input = "", timeoutMs = 30_000): Promise<ProgramResult> {
  const [program = "", ...args] = command;
  const child = spawn(program, args, { stdio: "pipe", timeout: timeoutMs });
  const pieces: Buffer[] = [];
  child.stdout.on("data", (piece: Buffer) => pieces.push(piece));
  child.stderr.on("data", (piece: Buffer) => pieces.push(piece));
  // A program that ends without reading its input is no error.
  child.stdin.on("error", () => undefined);
  child.stdin.end(input);
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, output: Buffer.concat(pieces).toString() }));
  });
}
