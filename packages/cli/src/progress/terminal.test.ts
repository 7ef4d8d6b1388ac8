/** Long work at a real pseudo-terminal: what is shown while it goes on, and what is left after Ctrl-C, errors and the end. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { startAnsweringServer, type Answer, type AnsweringServer } from "../testing/answering-server.ts";
import { KEYS, TerminalProgram, terminalPresent, type TerminalOptions } from "../testing/terminal-program.ts";

const BIN = join(import.meta.dirname, "../../bin/sider-cli.js");
const UTF8 = { LANG: "C.UTF-8" };
const CYAN = 6;

/** An answer that is given once the test wants it to be. */
class Gate {
  open: () => void = () => undefined;
  readonly isOpen = new Promise<void>((resolve) => (this.open = resolve));
}

let server: AnsweringServer | undefined;
let program: TerminalProgram | undefined;
afterEach(async () => {
  await program?.stop();
  await server?.stop();
  program = server = undefined;
});

async function start(answer: Answer, args: string, options: TerminalOptions = {}): Promise<TerminalProgram> {
  server = await startAnsweringServer(answer, true);
  const command = `${process.execPath} ${BIN} -p ${server.port} ${args}`;
  return (program = new TerminalProgram(command, { ...options, env: { ...UTF8, ...options.env } }));
}

const bulk = (text: string): string => `$${text.length}\r\n${text}\r\n`;
const quoted = (letters: string): string[] => Array.from(letters, (letter) => `"${letter}"`);
const page = (cursor: string, keys: readonly string[]): string =>
  `*2\r\n${bulk(cursor)}*${keys.length}\r\n${keys.map(bulk).join("")}`;

/** A database of twelve keys, of which three come when the gate opens. */
const fourPages =
  (gate: Gate): Answer =>
  ([name = "", cursor = ""]) => {
    if (name === "DBSIZE") return ":12\r\n";
    if (name === "TYPE") return "+string\r\n";
    if (name !== "SCAN") return ":5\r\n";
    const at = Number(cursor) * 3;
    const reply = page(at === 9 ? "0" : String(Number(cursor) + 1), Array.from("abcdefghijkl".slice(at, at + 3)));
    return at === 9 ? gate.isOpen.then(() => reply) : reply;
  };

describe.skipIf(!terminalPresent())("progress at a terminal", () => {
  test("--scan: keys above the line, which goes at the end", async () => {
    const gate = new Gate();
    const screen = await start(fourPages(gate), "--scan");
    await screen.waitForLine(/^scan  █+\S? +75 %  9\/12 keys  \S+\/s/);
    expect(screen.styleOf("█")?.color).toBe(CYAN);
    expect(screen.rows.slice(0, -1)).toEqual(quoted("abcdefghi"));
    gate.open();
    expect(await screen.exitCode).toBe(0);
    expect(screen.transcript).toEqual(quoted("abcdefghijkl"));
    expect(screen.wasRestored).toBe(true);
  });

  test("--scan with a pattern: what the cursor says", async () => {
    const screen = await start(fourPages(new Gate()), "--scan --pattern '*'");
    // The cursor that came last is 3: three quarters.
    await screen.waitForLine(/^scan  █+\S? +75 %  9 keys  \S+\/s/);
  });

  test("--scan: Ctrl-C waits for the page, a second one does not", async () => {
    const screen = await start(fourPages(new Gate()), "--scan");
    await screen.waitForLine(/^scan .* 75 %/);
    screen.type(KEYS.ctrlC);
    await screen.waitForLine(/^scan, stopping .* 75 %/);
    screen.type(KEYS.ctrlC);
    expect(await screen.exitCode).toBe(130);
    expect(screen.rows.join("\n")).not.toContain("scan");
    expect(screen.wasRestored).toBe(true);
  });

  test("--bigkeys: the report above the line, a summary after Ctrl-C", async () => {
    const gate = new Gate();
    const screen = await start(fourPages(gate), "--bigkeys");
    await screen.waitForLine(/^bigkeys .* (25|50) %/);
    expect(screen.rows).toContain("[00.00%] Biggest string found so far '\"a\"' with 5 bytes");
    screen.type(KEYS.ctrlC);
    await screen.waitFor("bigkeys, stopping");
    gate.open();
    expect(await screen.exitCode).toBe(0);
    expect(screen.transcript.join("\n")).toContain("[75.00%] Sampled 12 keys in the keyspace!");
    expect(screen.transcript.join("\n")).not.toContain("keys/s");
    expect(screen.transcript.join("\n")).not.toContain("█");
  });

  test("output that goes to a file: the line alone on the terminal", async () => {
    const gate = new Gate();
    const screen = await start(fourPages(gate), "--memkeys > report");
    await screen.waitForLine(/^memkeys  █+\S? +(25|50) %  [36]\/12 keys/);
    gate.open();
    expect(await screen.exitCode).toBe(0);
    expect(screen.rows).toEqual([]);
    const report = readFileSync(screen.file("report"), "utf8");
    expect(report).toMatch(/^\n# Scanning .*Sampled 12 keys in the keyspace!\n/s);
    expect(report).not.toContain("\x1b");
  });

  test("output that another program reads: no line", async () => {
    const gate = new Gate();
    // The reader ends the shell's line, so that there is something to wait for.
    const screen = await start(fourPages(gate), "--scan | cat");
    await screen.waitForLine("i");
    setTimeout(gate.open, 600);
    expect(await screen.exitCode).toBe(0);
    expect(screen.transcript).toEqual(Array.from("abcdefghijkl"));
  });

  test.each<[title: string, env: Record<string, string>, line: RegExp]>([
    ["NO_COLOR", { NO_COLOR: "1" }, /^scan  █+\S? +75 %/],
    ["no Unicode", { LANG: "C" }, /^scan  \[#+-+\] +75 %/],
  ])("%s", async (_, env, line) => {
    const screen = await start(fourPages(new Gate()), "--scan", { env });
    await screen.waitForLine(line);
    if (env["NO_COLOR"] !== undefined) expect(screen.styleOf("█")?.color).toBeNull();
  });

  test("a narrow terminal, and one that becomes narrower", async () => {
    const screen = await start(fourPages(new Gate()), "--scan", { columns: 60 });
    await screen.waitForLine(/^scan  █+\S? +75 %/);
    screen.resize(20, 24);
    await screen.waitForLine("scan   75 %");
    expect(screen.rows).toEqual([...quoted("abcdefghi"), "scan   75 %"]);
  });

  const DUMP = "x".repeat(1000);
  const dumpHalf: Answer = ([name]) => (name === "REPLCONF" ? "+OK\r\n" : `$2000\r\n${DUMP}`);

  test("--rdb: the total is the server's; Ctrl-C leaves neither line nor file", async () => {
    const screen = await start(dumpHalf, "--rdb dump.rdb");
    await screen.waitForLine(/^rdb  █+\S? +50 %  1000 B\/2.0 KiB/);
    screen.type(KEYS.ctrlC);
    expect(await screen.exitCode).toBe(130);
    expect(screen.rows.at(-1)).toBe("SYNC sent to master, writing 2000 bytes to 'dump.rdb'");
    expect(() => readFileSync(screen.file("dump.rdb"))).toThrow("ENOENT");
    expect(screen.wasRestored).toBe(true);
  });

  test("--rdb: an error is a line of its own", async () => {
    const screen = await start(dumpHalf, "--rdb dump.rdb");
    await screen.waitForLine(/^rdb .* 50 %/);
    await server?.stop();
    expect(await screen.exitCode).toBe(1);
    expect(screen.rows.at(-1)).toBe("I/O Error reading RDB payload from socket");
    expect(screen.rows.join("\n")).not.toContain("50 %");
  });

  test("--pipe: the total is that of the file", async () => {
    const files = { requests: "*1\r\n$4\r\nPING\r\n".repeat(1000) };
    const screen = await start(() => "", "--pipe < requests", { files });
    await screen.waitForLine(/^pipe  █+  100 %  13.7 KiB\/13.7 KiB/);
    screen.type(KEYS.ctrlC);
    expect(await screen.exitCode).toBe(130);
    expect(screen.rows).toEqual(["All data transferred. Waiting for the last reply..."]);
    expect(screen.wasRestored).toBe(true);
  });
});
