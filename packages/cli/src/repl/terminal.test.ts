/** The prompt at a pretended terminal that types. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { stripVTControlCharacters } from "node:util";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { ProgramProcess } from "../process.ts";
import { runProgram } from "../program.ts";
import { freePort } from "../testing/redis.ts";
import { startScriptedServer, type ScriptedServer } from "../testing/scripted-server.ts";

const CTRL_C = "\x03";
const CTRL_D = "\x04";
const UP = "\x1b[A";

/** A terminal of 80 columns, and the program at it. */
class FakeTerminal {
  readonly stdin = Object.assign(new PassThrough(), { isTTY: true, isRaw: false, setRawMode: () => this.stdin });
  readonly stdout = Object.assign(new PassThrough(), { isTTY: true, columns: 80, rows: 24 });
  readonly stderr = new PassThrough();
  private readonly interrupts = new Set<() => void>();
  private screen = "";
  exitCode: Promise<number>;

  constructor(args: readonly string[], env: Record<string, string>) {
    for (const stream of [this.stdout, this.stderr])
      stream.on("data", (bytes: Buffer) => (this.screen += bytes.toString()));
    const { stdin, stdout, stderr } = this;
    const on = (_: "SIGINT", listener: () => void): unknown => this.interrupts.add(listener);
    const off = (_: "SIGINT", listener: () => void): unknown => this.interrupts.delete(listener);
    const fake = { stdin, stdout, stderr, env, on, off, exit: () => undefined };
    this.exitCode = runProgram(fake as unknown as ProgramProcess, args);
  }

  /** Types, one key after the other: several at once would be taken for pasted text. */
  async type(...keys: string[]): Promise<void> {
    for (const key of keys) {
      this.stdin.write(key);
      await sleep(5);
    }
  }

  /** What Ctrl-C is while a command runs. */
  interrupt(): void {
    for (const listener of [...this.interrupts]) listener();
  }

  /** Waits for text to appear behind what was waited for before. */
  async waitFor(text: string): Promise<void> {
    for (let tries = 0; tries < 400; tries++) {
      const plain = stripVTControlCharacters(this.screen).replaceAll("\x1b7", "").replaceAll("\x1b8", "");
      const at = plain.indexOf(text);
      if (at >= 0) {
        this.screen = plain.slice(at + text.length);
        return;
      }
      await sleep(5);
    }
    expect.fail(`${JSON.stringify(text)} does not appear: ${JSON.stringify(this.screen)}`);
  }
}

let folder = "";
let server: ScriptedServer | undefined;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "sider-cli-"))));
afterEach(async () => {
  await server?.stop();
  server = undefined;
  rmSync(folder, { recursive: true });
});

async function open(answers: readonly string[], ...args: string[]): Promise<FakeTerminal> {
  server = await startScriptedServer(answers, true);
  return at(server.port, ...args);
}

function at(port: number, ...args: string[]): FakeTerminal {
  return new FakeTerminal(["-p", String(port), ...args], { TERM: "xterm", REDISCLI_HISTFILE: join(folder, "history") });
}

test("a command, its reply, the prompt again, quit", async () => {
  const terminal = await open(["$2\r\nhi\r\n"]);
  await terminal.waitFor("> ");
  await terminal.type("get greeting\r");
  await terminal.waitFor(`"hi"\n`);
  await terminal.waitFor(`127.0.0.1:${server?.port ?? 0}> `);
  await terminal.type("quit\r");
  expect(await terminal.exitCode).toBe(0);
  expect(server?.received[0]?.join("")).toBe("*2\r\n$3\r\nget\r\n$8\r\ngreeting\r\n");
});

test("hints and completion", async () => {
  const terminal = await open([]);
  await terminal.waitFor("> ");
  await terminal.type("g", "e", "t", "r", "a");
  await terminal.type("\t");
  await terminal.waitFor("nge key start end");
  await terminal.type(" ", "k", " ");
  await terminal.waitFor("start end");
  await terminal.type(CTRL_C, CTRL_D);
  expect(await terminal.exitCode).toBe(0);
});

test("the prompt shows database and transaction", async () => {
  const terminal = await open(["+OK\r\n", "+OK\r\n"], "-n", "2");
  await terminal.waitFor("[2]> ");
  await terminal.type("multi\r");
  await terminal.waitFor("[2](TX)> ");
  await terminal.type(CTRL_D);
  await terminal.exitCode;
});

test("history: the key up, and the file without passwords", async () => {
  const terminal = await open(["+PONG\r\n", "+OK\r\n", "+PONG\r\n"]);
  await terminal.waitFor("> ");
  await terminal.type("ping\r", "auth secret\r");
  await terminal.waitFor("OK\n");
  await terminal.waitFor("> ");
  await terminal.type(UP);
  await terminal.waitFor("ping");
  await terminal.type("\r");
  await terminal.waitFor("PONG\n");
  await terminal.type(CTRL_D);
  await terminal.exitCode;
  expect(readFileSync(join(folder, "history"), "utf8")).toBe("ping\nping\n");
});

test("Ctrl-C gives up a command that waits, and connects again", async () => {
  const terminal = await open([]);
  await terminal.waitFor("> ");
  await terminal.type("blpop q 0\r");
  await sleep(30);
  terminal.interrupt();
  await terminal.waitFor(`127.0.0.1:${server?.port ?? 0}> `);
  expect(server?.received).toHaveLength(2);
  await terminal.type(CTRL_D);
  await terminal.exitCode;
});

test("Ctrl-C at the prompt empties the line, then leaves", async () => {
  const terminal = await open([]);
  await terminal.waitFor("> ");
  await terminal.type("flushall", CTRL_C, CTRL_C);
  expect(await terminal.exitCode).toBe(0);
  expect(server?.received[0]).toEqual([]);
});

test("subscribing prints until Ctrl-C", async () => {
  const terminal = await open([
    "*3\r\n$9\r\nsubscribe\r\n$1\r\na\r\n:1\r\n*3\r\n$7\r\nmessage\r\n$1\r\na\r\n$2\r\nhi\r\n",
  ]);
  await terminal.waitFor("> ");
  await terminal.type("subscribe a\r");
  await terminal.waitFor("Reading messages... (press Ctrl-C to quit)\n");
  await terminal.waitFor('1) "message"\n2) "a"\n3) "hi"\n');
  terminal.interrupt();
  await terminal.waitFor("> ");
  await terminal.type(CTRL_D);
  await terminal.exitCode;
});

test("a message that arrives at the prompt is shown above it", async () => {
  const terminal = await open([]);
  await terminal.waitFor("> ");
  await terminal.type("ge");
  server?.sockets[0]?.write(">2\r\n$10\r\ninvalidate\r\n*1\r\n$3\r\nkey\r\n");
  await terminal.waitFor("-> invalidate: 'key'\n");
  await terminal.waitFor("> ge");
  await terminal.type(CTRL_C, CTRL_C);
  await terminal.exitCode;
});

test("a connection that the server closed is made anew with the next command", async () => {
  const terminal = await open(["+PONG\r\n"]);
  await terminal.waitFor("> ");
  server?.sockets[0]?.destroy();
  await sleep(30);
  await terminal.type("ping\r");
  await terminal.waitFor("PONG\n");
  expect(server?.received).toHaveLength(2);
  await terminal.type(CTRL_D);
  await terminal.exitCode;
});

test("nobody listens: a message, and another attempt with each command", async () => {
  const terminal = at(await freePort());
  await terminal.waitFor("Connection refused\n");
  await terminal.waitFor("not connected> ");
  await terminal.type("ping\r");
  await terminal.waitFor("Connection refused\n");
  await terminal.waitFor("not connected> ");
  await terminal.type("exit\r");
  expect(await terminal.exitCode).toBe(0);
});

test("pasted lines run one after the other", async () => {
  const terminal = await open(["+one\r\n", "+two\r\n"]);
  await terminal.waitFor("> ");
  // In one piece, as a terminal delivers what is pasted.
  await terminal.type("a\rb\rquit\r");
  await terminal.waitFor("one\n");
  await terminal.waitFor("two\n");
  expect(await terminal.exitCode).toBe(0);
});
