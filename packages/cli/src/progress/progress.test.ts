/** What is drawn, read from the screen of a terminal. The clock is the test's. */
import { Buffer } from "node:buffer";
import { EventEmitter } from "node:events";
import xterm from "@xterm/headless";
import { beforeEach, expect, test } from "vitest";
import { Progress, type ProgressClock } from "./progress.ts";

class Screen extends EventEmitter {
  columns: number;
  private readonly terminal: InstanceType<typeof xterm.Terminal>;

  constructor(columns: number) {
    super();
    this.columns = columns;
    this.terminal = new xterm.Terminal({ cols: columns, rows: 10, convertEol: true, allowProposedApi: true });
  }

  write(text: string): void {
    this.terminal.write(text);
  }

  async resize(columns: number): Promise<void> {
    await this.rows();
    this.terminal.resize(columns, 10);
    this.columns = columns;
    this.emit("resize");
  }

  /** The rows that are not empty. */
  async rows(): Promise<string[]> {
    await new Promise<void>((resolve) => this.terminal.write("", resolve));
    const { active } = this.terminal.buffer;
    const rows = Array.from(
      { length: active.length },
      (_, y) => active.getLine(y)?.translateToString(true).trimEnd() ?? "",
    );
    return rows.filter((row) => row !== "");
  }
}

class TestClock implements ProgressClock {
  nowMs = 5000;
  tick: () => void = () => undefined;
  isTicking = false;

  now(): number {
    return this.nowMs;
  }

  every(_: number, run: () => void): () => void {
    this.tick = run;
    this.isTicking = true;
    return () => (this.isTicking = false);
  }
}

let screen: Screen;
let clock: TestClock;
let progress: Progress;

beforeEach(() => {
  screen = new Screen(70);
  clock = new TestClock();
  progress = new Progress({ label: "scan", unit: "keys" }, screen, clock, { colours: 0, hasUnicode: true });
});

function print(text: string): void {
  progress.makeRoom(() => screen.write(text), Buffer.from(text));
}

test("nothing for short work", async () => {
  clock.nowMs += 299;
  progress.update({ done: 500, total: 1000 });
  clock.tick();
  progress.stop();
  expect(await screen.rows()).toEqual([]);
});

test("drawn in place, not more often than ten times a second", async () => {
  clock.nowMs += 1000;
  progress.update({ done: 250, total: 1000 });
  expect(await screen.rows()).toEqual([
    expect.stringMatching(/^scan  █+\S? +25 %  250\/1.0 k keys  250\/s  0:03 left$/),
  ]);
  clock.nowMs += 99;
  progress.update({ done: 400, total: 1000 });
  expect((await screen.rows())[0]).toContain(" 25 %");
  clock.nowMs += 1;
  progress.update({ done: 500, total: 1000 });
  const rows = await screen.rows();
  expect(rows).toHaveLength(1);
  expect(rows[0]).toContain(" 50 %");
});

test("time goes on in work that stands still", async () => {
  clock.nowMs += 1000;
  progress.update({ done: 500 });
  expect((await screen.rows())[0]).toBe("scan  500 keys  500/s  0:01");
  clock.nowMs += 1000;
  clock.tick();
  expect((await screen.rows())[0]).toBe("scan  500 keys  250/s  0:02");
  for (let second = 0; second < 5; second++) {
    clock.nowMs += 1000;
    clock.tick();
  }
  expect((await screen.rows())[0]).toBe("scan  500 keys  0/s  0:07");
});

test("text goes above it", async () => {
  clock.nowMs += 1000;
  progress.update({ done: 500, total: 1000 });
  print("first\nsecond\n");
  expect(await screen.rows()).toEqual(["first", "second", expect.stringMatching(/^scan .* 50 %/)]);
  print("third\n");
  expect(await screen.rows()).toEqual(["first", "second", "third", expect.stringMatching(/^scan .* 50 %/)]);
});

test("a line that is not complete is left alone", async () => {
  clock.nowMs += 1000;
  progress.update({ done: 500, total: 1000 });
  print("first\nsec");
  clock.nowMs += 1000;
  progress.update({ done: 600, total: 1000 });
  clock.tick();
  expect(await screen.rows()).toEqual(["first", "sec"]);
  print("ond\n");
  clock.nowMs += 1000;
  progress.update({ done: 700, total: 1000 });
  expect(await screen.rows()).toEqual(["first", "second", expect.stringMatching(/^scan .* 70 %/)]);
});

test("another label", async () => {
  clock.nowMs += 1000;
  progress.update({ done: 500 });
  progress.relabel("scan, stopping");
  expect(await screen.rows()).toEqual(["scan, stopping  500 keys  500/s  0:01"]);
});

test("gone at the end, and for good", async () => {
  clock.nowMs += 1000;
  progress.update({ done: 500, total: 1000 });
  print("data\n");
  progress.stop();
  clock.nowMs += 1000;
  progress.update({ done: 600, total: 1000 });
  clock.tick();
  await screen.resize(40);
  expect(await screen.rows()).toEqual(["data"]);
  expect(clock.isTicking).toBe(false);
  expect(screen.listenerCount("resize")).toBe(0);
});

test.each([40, 20, 8])("a terminal that becomes %d columns wide", async (columns) => {
  print("data\n");
  clock.nowMs += 1000;
  progress.update({ done: 500, total: 1000 });
  await screen.resize(columns);
  const rows = await screen.rows();
  expect(rows).toHaveLength(2);
  expect(rows).toEqual(["data", expect.stringContaining(" 50 %")]);
  await screen.resize(70);
  expect(await screen.rows()).toEqual(["data", expect.stringMatching(/^scan  █+ +50 %.* left$/)]);
});
