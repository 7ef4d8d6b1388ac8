/** The same invocation of redis-cli and sider-cli: the same bytes, the same exit code. */
import { spawn } from "node:child_process";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "vitest";
import { runRedisCli } from "./redis.ts";
import { runCli, startCli, type RunOptions, type RunningCli, type RunResult } from "./run-cli.ts";

/** Compares what both print. For invocations that change nothing. */
export async function compareCli(args: readonly string[], options?: RunOptions): Promise<RunResult> {
  const [expected, actual] = await Promise.all([runRedisCli(args, options), runCli(args, options)]);
  expect(actual).toEqual(expected);
  return actual;
}

/** Compares what both print when Ctrl-C comes at some moment, which `isMoment` knows. One after the other. */
export async function compareInterrupted(
  args: readonly string[],
  before: () => Promise<unknown>,
  isMoment: () => Promise<boolean>,
): Promise<RunResult> {
  await before();
  const expected = await interruptRedisCli(args, isMoment);
  await before();
  const cli = startCli(args);
  await untilSettled(isMoment);
  cli.interrupt();
  const actual = await cli.result;
  expect(actual).toEqual(expected);
  return actual;
}

async function interruptRedisCli(args: readonly string[], isMoment: () => Promise<boolean>): Promise<RunResult> {
  const { interrupt, result } = startRedisCli(args);
  await untilSettled(isMoment);
  interrupt();
  return result;
}

/** Starts redis-cli. */
export function startRedisCli(args: readonly string[]): Omit<RunningCli, "stdin"> {
  const child = spawn("redis-cli", args, { env: { PATH: process.env["PATH"] ?? "" }, stdio: "pipe" });
  const output = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("latin1").on("data", (text: string) => (output[name] += text));
  }
  const result = new Promise<RunResult>((resolve) => {
    child.once("close", (code, signal) => resolve({ code: signal === "SIGINT" ? 130 : code, ...output }));
  });
  return { interrupt: () => child.kill("SIGINT"), output: () => output.stdout, result };
}

/** How often in a row it has to be the moment: what the server has done already the program may not have seen yet. */
const LOOKS = 4;

async function untilSettled(isMoment: () => Promise<boolean>): Promise<void> {
  let looks = 0;
  await until(async () => {
    looks = (await isMoment()) ? looks + 1 : 0;
    return looks === LOOKS;
  });
}

/** Asks again and again, as what a server does cannot be waited for. */
export async function until(isMoment: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 1000; tries++) {
    if (await isMoment()) return;
    await sleep(5);
  }
  throw new Error("the moment does not come");
}
