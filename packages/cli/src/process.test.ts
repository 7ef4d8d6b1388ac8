/** sider-cli as a process: what Ctrl-C does, how much memory a large reply takes, a reader that is slow or gone. */
import { spawn, type ChildProcessByStdio } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { redisCliPresent } from "./testing/redis.ts";
import { bulk, startResponder, type Responder } from "./testing/responder.ts";
import { builtCli } from "./testing/shell.ts";

const BIN = fileURLToPath(new URL("../bin/sider-cli.js", import.meta.url));
const MEBIBYTE = 2 ** 20;

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

const children: Child[] = [];
let server: Responder | undefined;
beforeAll(() => void builtCli());
afterEach(async () => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  await server?.stop();
});

function start(program: "redis-cli" | "sider-cli", ...args: string[]): Child {
  const [file, ...first] = program === "redis-cli" ? [program] : [process.execPath, BIN];
  const child = spawn(file ?? "", [...first, "-p", String(server?.port ?? 0), ...args], {
    stdio: ["pipe", "pipe", "pipe"],
  });
  children.push(child);
  return child;
}

/** How it ended: [exit code, signal]. */
async function endOf(child: Child): Promise<unknown[]> {
  return once(child, "close");
}

describe.each(["sider-cli", ...(redisCliPresent() ? (["redis-cli"] as const) : [])] as const)(
  "Ctrl-C, %s",
  (program) => {
    /** A server that says when a command has come, and answers MONITOR and SUBSCRIBE alone. */
    async function listen(): Promise<{ hasCome: (word: string) => Promise<void> }> {
      const come: string[] = [];
      const waiting = new Map<string, () => void>();
      server = await startResponder((input) => {
        const word = /\r\n([a-z]+)\r\n/i.exec(input)?.[1]?.toLowerCase() ?? "";
        come.push(word);
        waiting.get(word)?.();
        if (word === "monitor") return "+OK\r\n+message\r\n";
        if (word === "subscribe") return "*3\r\n$9\r\nsubscribe\r\n$1\r\na\r\n:1\r\n";
        // redis-cli asks for the commands before it reads a script.
        return word === "ping" ? "+PONG\r\n" : word === "command" ? "*0\r\n" : "";
      });
      const hasCome = (word: string): Promise<void> =>
        new Promise((resolve) => (come.includes(word) ? resolve() : waiting.set(word, resolve)));
      return { hasCome };
    }

    test("while a command waits, its process ends by the signal", async () => {
      const { hasCome } = await listen();
      const child = start(program, "blpop", "queue", "0");
      await hasCome("blpop");
      child.kill("SIGINT");
      expect(await endOf(child)).toEqual([null, "SIGINT"]);
    });

    test.each([["monitor"], ["subscribe", "a"]])(
      "in %s it does too, and what had come is there",
      async (...command) => {
        await listen();
        const child = start(program, ...command);
        const [output] = (await once(child.stdout, "data")) as [Buffer];
        child.kill("SIGINT");
        expect(await endOf(child)).toEqual([null, "SIGINT"]);
        expect(String(output)).toMatch(/^(OK|subscribe)\n/);
      },
    );

    test("in MONITOR of a script, the next line follows", async () => {
      await listen();
      const child = start(program);
      child.stdin.end("monitor\nping\n");
      let output = "";
      child.stdout.on("data", (bytes) => {
        output += String(bytes);
        if (output.endsWith("message\n")) child.kill("SIGINT");
      });
      expect(await endOf(child)).toEqual([0, null]);
      expect(output).toBe("OK\nmessage\nPONG\n");
    });

    test("in another command of a script, exit code 1", async () => {
      const { hasCome } = await listen();
      const child = start(program);
      child.stdin.end("blpop queue 0\nping\n");
      await hasCome("blpop");
      child.kill("SIGINT");
      expect(await endOf(child)).toEqual([1, null]);
    });
  },
);

describe.skipIf(process.platform !== "linux")("memory", () => {
  const size = 64 * MEBIBYTE;

  test.each([
    ["--raw", size + 1],
    // Four characters for each byte, and quotes.
    ["--no-raw", 4 * size + 3],
  ])("of a large reply, %s, into a pipe whose reader is late", async (format, length) => {
    const reply = bulk("\x01".repeat(size));
    server = await startResponder(() => reply);
    const child = start("sider-cli", format, "get", "large");
    await once(child.stdout, "readable");
    // The process is at work, or waits for its reader: nothing is read until it has had time to take all of the reply.
    await expect.poll(() => peakBytes(child), { timeout: 20_000 }).toBeGreaterThan(size);
    let received = 0;
    let peak = 0;
    child.stdout.on("data", (bytes: Buffer) => {
      received += bytes.length;
      peak = peakBytes(child) || peak;
    });
    expect(await endOf(child)).toEqual([0, null]);
    expect(received).toBe(length);
    console.log(`${size / MEBIBYTE} MiB ${format}: ${Math.round(peak / MEBIBYTE)} MiB at most`);
    expect(peak).toBeLessThan(size + 170 * MEBIBYTE);
  });

  test("of replies without end whose reader has stopped reading", async () => {
    server = await startResponder(() => bulk("x".repeat(MEBIBYTE)));
    const child = start("sider-cli", "-r", "-1", "get", "x");
    await once(child.stdout, "readable");
    let asked = -1;
    // Once the pipe is full, nothing more is asked for.
    await expect.poll(() => asked === (asked = peakBytes(child)), { timeout: 20_000, interval: 300 }).toBe(true);
    expect(peakBytes(child)).toBeLessThan(150 * MEBIBYTE);
    child.stdout.destroy();
    expect(await endOf(child)).toEqual([141, null]);
  });
});

/** The most memory that a process has had so far; 0 when it is gone. */
function peakBytes(child: Child): number {
  try {
    const status = readFileSync(`/proc/${child.pid ?? 0}/status`, "latin1");
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}
