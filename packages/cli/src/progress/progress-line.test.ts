import { expect, test } from "vitest";
import { progressLine, type ProgressState, type ProgressTraits } from "./progress-line.ts";

const PLAIN: ProgressTraits = { colours: 0, hasUnicode: true };
const MIB = 1024 * 1024;

const state = (own: Partial<ProgressState> = {}): ProgressState => ({
  label: "pipe",
  unit: "bytes",
  done: 12.6 * MIB,
  total: 30 * MIB,
  perSecond: 5.3 * MIB,
  elapsedMs: 2400,
  ...own,
});

test("as wide as there is room for, and no wider than is useful", () => {
  const line = (columns: number): string => progressLine(state(), columns, PLAIN);
  expect(line(80)).toBe("pipe  █████████▋                42 %  12.6 MiB/30.0 MiB  5.3 MiB/s  0:04 left");
  expect(line(200)).toBe(`pipe  ${"█".repeat(16)}▊${" ".repeat(23)}   42 %  12.6 MiB/30.0 MiB  5.3 MiB/s  0:04 left`);
  for (let columns = 0; columns < 200; columns++)
    expect(line(columns).length).toBeLessThanOrEqual(Math.max(0, columns - 3));
});

test("what a narrow terminal goes without", () => {
  const line = (columns: number): string => progressLine(state(), columns, PLAIN);
  expect(line(60)).toBe("pipe   42 %  12.6 MiB/30.0 MiB  5.3 MiB/s  0:04 left");
  expect(line(40)).toBe("pipe   42 %  5.3 MiB/s  0:04 left");
  expect(line(32)).toBe("pipe   42 %  0:04 left");
  expect(line(14)).toBe("pipe   42 %");
  expect(line(10)).toBe(" 42 %");
  expect(line(5)).toBe(" 4");
});

test("the whole range of a bar", () => {
  const bar = (done: number, traits: ProgressTraits): string =>
    progressLine(state({ unit: "keys", label: "x", done, total: 1000, perSecond: 100 }), 64, traits);
  expect(bar(0, PLAIN)).toMatch(/^x {12,} 0 %  0\/1\.0 k keys {2}100\/s  0:10 left$/);
  expect(bar(1000, PLAIN)).toMatch(/^x  █+  100 %  1\.0 k\/1\.0 k keys {2}100\/s  0:00 left$/);
  expect(bar(1500, PLAIN)).toMatch(/^x  █+  100 %  1\.5 k\/1\.0 k keys {2}100\/s  0:00 left$/);
  expect(bar(500, { colours: 0, hasUnicode: false })).toMatch(/^x  \[(#+)-+\]   50 %/);
});

test("colours", () => {
  const coloured = progressLine(state(), 80, { colours: 16, hasUnicode: true });
  expect(coloured).toContain("\x1b[36m█████████▋\x1b[39m");

  expect(coloured.replace(/\x1b\[\d+m/g, "")).toBe(progressLine(state(), 80, PLAIN));
});

test("without a total", () => {
  expect(progressLine(state({ total: undefined }), 80, PLAIN)).toBe("pipe  12.6 MiB  5.3 MiB/s  0:02");
  expect(progressLine(state({ total: 0, done: 0 }), 14, PLAIN)).toBe("0 B/0 B");
});

test("a share instead of a total", () => {
  const own = { unit: "keys", total: undefined, done: 1200, perSecond: 600, elapsedMs: 2000 } as const;
  expect(progressLine(state({ ...own, share: 0.25 }), 60, PLAIN)).toMatch(
    /^pipe  █+\S? + 25 %  1\.2 k keys  600\/s  0:06 left$/,
  );
  expect(progressLine(state({ ...own, share: 0 }), 80, PLAIN)).toMatch(/^pipe +0 %  1\.2 k keys  600\/s$/);
  expect(progressLine(state({ ...own, share: 1 }), 80, PLAIN)).toContain("0:00 left");
});

test.each([
  [0, "0 B"],
  [999, "999 B"],
  [1023, "1023 B"],
  [1024, "1.0 KiB"],
  [100 * 1024, "100 KiB"],
  [1024 * 1024 - 1, "1.0 MiB"],
  [3 * 1024 ** 4, "3.0 TiB"],
])("%d bytes", (done, text) => {
  expect(progressLine(state({ total: undefined, done }), 80, PLAIN)).toContain(`pipe  ${text}  `);
});

test.each([
  [1, "0:01 left"],
  [61, "1:01 left"],
  [3723, "1:02:03 left"],
])("%d seconds", (seconds, text) => {
  expect(progressLine(state({ done: 0, total: seconds, perSecond: 1 }), 200, PLAIN)).toContain(text);
});

test("no time when there is no rate", () => {
  expect(progressLine(state({ perSecond: 0 }), 200, PLAIN)).not.toContain("left");
});
