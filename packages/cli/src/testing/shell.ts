/** Lines of a shell with a program in them: real processes, with the standard streams that scripts give them. */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { RunResult } from "./run-cli.ts";

const BIN = fileURLToPath(new URL("../../bin/sider-cli.js", import.meta.url));

/** The command that starts sider-cli as it was built. */
export function builtCli(): string {
  if (!existsSync(new URL("../../dist/program/main.js", import.meta.url))) throw new Error("npm run build comes first");
  return `'${process.execPath}' '${BIN}'`;
}

/** Runs a line of bash in which `cli` is a program with its first arguments. */
export async function runShell(line: string, program: string): Promise<RunResult> {
  // bash reads its start-up file when standard input is a socket, as Node's pipes are.
  const child = spawn("bash", ["--norc", "-c", `cli() { ${program} "$@"; }\n${line}`], {
    env: { PATH: process.env["PATH"] ?? "", LC_ALL: "C" },
    stdio: ["pipe", "pipe", "pipe"],
  });
  const output = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("latin1").on("data", (text: string) => (output[name] += text));
  }
  child.stdin.end();
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { code, ...output };
}
