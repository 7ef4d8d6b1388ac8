/** What is drawn, read as text. */
import { expect, test } from "vitest";
import { axisLines } from "./axis.ts";
import { bar } from "./bar.ts";
import { durationText } from "./duration.ts";
import { heatLegend, heatRow } from "./heat-map.ts";
import { histogramLines } from "./histogram.ts";
import { terminalTraits, type TerminalTraits } from "./terminal-traits.ts";

const PLAIN: TerminalTraits = { columns: 40, colours: 0, hasUnicode: true };
const ASCII: TerminalTraits = { ...PLAIN, hasUnicode: false };

test("traits: width, colours and characters", () => {
  const tty = { isTTY: true, columns: 100 };
  expect(terminalTraits(tty, { TERM: "xterm-256color", LANG: "en_US.UTF-8" })).toEqual({
    columns: 100,
    colours: 256,
    hasUnicode: true,
  });
  expect(terminalTraits(tty, { TERM: "xterm", COLORTERM: "truecolor" }).colours).toBe(256);
  expect(terminalTraits(tty, { TERM: "xterm" }).colours).toBe(16);
  expect(terminalTraits(tty, { TERM: "xterm-256color", NO_COLOR: "1" }).colours).toBe(0);
  expect(terminalTraits(tty, { TERM: "xterm-256color", NO_COLOR: "" }).colours).toBe(256);
  expect(terminalTraits(tty, { TERM: "dumb" })).toEqual({ columns: 100, colours: 0, hasUnicode: false });
  expect(terminalTraits({}, { TERM: "xterm-256color" })).toMatchObject({ columns: 80, colours: 0 });
  expect(terminalTraits({ isTTY: true, columns: 0 }, {}).columns).toBe(80);
  expect(terminalTraits({ isTTY: true, columns: 3 }, {}).columns).toBe(20);
  expect(terminalTraits(tty, { LC_ALL: "C", LANG: "en_US.UTF-8" }).hasUnicode).toBe(false);
  expect(terminalTraits(tty, { LC_ALL: "", LANG: "de_DE.utf8" }).hasUnicode).toBe(true);
});

test("bars", () => {
  expect(bar(1, 4, PLAIN)).toBe("████");
  expect(bar(0.5, 3, PLAIN)).toBe("█▌");
  expect(bar(0.001, 4, PLAIN)).toBe("▏");
  expect(bar(0, 4, PLAIN)).toBe("");
  expect(bar(7, 4, PLAIN)).toBe("████");
  expect(bar(NaN, 4, PLAIN)).toBe("");
  expect(bar(0.5, 4, ASCII)).toBe("##");
  expect(bar(0.001, 4, ASCII)).toBe("#");
});

test("durations have three digits and a unit", () => {
  const texts = [0, 850, 999.6, 85_300, 999_400, 999_600, 1_234_000, 12e9, 3600e9].map((ns) => durationText(ns, PLAIN));
  expect(texts).toEqual(["0 ns", "850 ns", "1 µs", "85.3 µs", "999 µs", "1 ms", "1.23 ms", "12 s", "3600 s"]);
  expect(durationText(100_000, ASCII, "")).toBe("100us");
});

test("a histogram keeps within the width", () => {
  const rows = [
    { label: "50 µs", count: 12 },
    { label: "100 µs", count: 988 },
    { label: "1 ms", count: 0 },
  ];
  expect(histogramLines(rows, PLAIN)).toEqual([
    " 50 µs   12   1.2 % ▎",
    "100 µs  988  98.8 % ███████████████████",
    "  1 ms    0   0.0 %",
  ]);
  expect(histogramLines(rows, ASCII)[1]).toBe("100 µs  988  98.8 % ###################");
  for (const line of histogramLines(rows, { ...PLAIN, columns: 20 })) expect(line.length).toBeLessThan(21);
});

test("a heat map shows shares as heights, as marks, or as colours", () => {
  const shares = [0, 0.01, 0.02, 0.03, 0.1, 0.2, 0.5, 1, 0];
  expect(heatRow(shares, PLAIN)).toBe(" ▁▂▃▄▅▆█ ");
  expect(heatRow(shares, ASCII)).toBe(" .:-=+*# ");
  expect(heatRow([0, 1, 1, 0.005], { ...PLAIN, colours: 256 })).toBe(" \x1b[48;5;196m  \x1b[48;5;25m \x1b[0m");
  expect(heatRow([1, 0], { ...PLAIN, colours: 256 }, "grey")).toBe("\x1b[48;5;255m \x1b[0m ");
  expect(heatRow([1], { ...PLAIN, colours: 16 })).toBe("\x1b[41m \x1b[0m");
  expect(heatRow([1], { ...PLAIN, colours: 16 }, "grey")).toBe("█");
});

test("the legend names the levels", () => {
  expect(heatLegend(PLAIN)).toBe("▁ 1%  ▂ 2%  ▃ 5%  ▄ 10%  ▅ 20%  ▆ 50%  █ 100%");
});

test("labels of an axis do not run into each other", () => {
  const ticks = [
    { column: 0, label: "10µs" },
    { column: 3, label: "100µs" },
    { column: 6, label: "1ms" },
  ];
  expect(axisLines(ticks)).toEqual(["10µs  1ms", "|     |"]);
});
