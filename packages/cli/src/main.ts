/** The program that bin/sider-cli.js runs. */
import process from "node:process";
import { runProgram } from "./program.ts";

process.exitCode = await runProgram(process, await programArguments());

async function programArguments(): Promise<string[]> {
  const args = process.argv.slice(2);
  if (!args.some((argument) => argument.includes("\ufffd"))) return args;
  const { readRawArguments } = await import("./raw-arguments.ts");
  return readRawArguments(args.length) ?? args;
}
