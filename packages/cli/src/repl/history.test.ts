import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { appendHistory, HISTORY_LINES, historyPath, isRememberable, loadHistory } from "./history.ts";

let folder = "";
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "sider-cli-"))));
afterEach(() => rmSync(folder, { recursive: true }));

test("lines come back, the newest first, in a file that only its owner can read", () => {
  const path = join(folder, "history");
  expect(loadHistory(path)).toEqual([]);
  for (const line of ["one", "two"]) appendHistory(path, line);
  expect(loadHistory(path)).toEqual(["two", "one"]);
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test("a file that has grown is shortened", () => {
  const path = join(folder, "history");
  writeFileSync(path, Array.from({ length: 3 * HISTORY_LINES }, (_, index) => `line ${index}\n`).join(""));
  expect(loadHistory(path)).toHaveLength(HISTORY_LINES);
  expect(readFileSync(path, "utf8")).toMatch(/^line 2000\n/);
});

test("no folder, no error", () => {
  const path = join(folder, "missing", "history");
  appendHistory(path, "line");
  expect(loadHistory(path)).toEqual([]);
});

test("where the file is", () => {
  expect(historyPath({ REDISCLI_HISTFILE: "/dev/null" })).toBeNull();
  expect(historyPath({ REDISCLI_HISTFILE: "/there" })).toBe("/there");
  expect(historyPath({})).toMatch(/\.sidercli_history$/);
});

test.each([
  "auth x",
  "AUTH u p",
  "acl setuser a >p",
  "config set save '' requirepass p",
  "hello 3 auth u p",
  "2 auth x",
  "migrate h 1 k 0 9 AUTH p",
  " ",
])("%j is not remembered", (line) => {
  expect(isRememberable(line)).toBe(false);
});

test.each(["get auth", "config set save ''", "acl list", "hello 3", "3 incr n", 'echo "unbalanced'])(
  "%j is remembered",
  (line) => {
    expect(isRememberable(line)).toBe(true);
  },
);
