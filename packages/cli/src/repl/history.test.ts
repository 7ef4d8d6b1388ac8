import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { dotfilePath, History, HISTORY_LINES, isRememberable } from "./history.ts";

let folder = "";
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "sider-cli-"))));
afterEach(() => rmSync(folder, { recursive: true }));

test("lines come back, the newest first, in a file that only its owner can read", () => {
  const path = join(folder, "history");
  const history = new History(path);
  expect(history.lines).toEqual([]);
  for (const line of ["one", "two", "two", "auth secret", ""]) history.add(line);
  expect(history.lines).toEqual(["two", "one"]);
  expect(new History(path).lines).toEqual(["two", "one"]);
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test("a line that was typed before comes to the front", () => {
  const path = join(folder, "history");
  const history = new History(path);
  for (const line of ["one", "two", "one"]) history.add(line);
  expect(history.lines).toEqual(["one", "two"]);
  expect(new History(path).lines).toEqual(["one", "two"]);
  expect(readFileSync(path, "utf8")).toBe("one\ntwo\none\n");
});

test("several prompts at once lose no line", () => {
  const path = join(folder, "history");
  const [a, b] = [new History(path), new History(path)];
  a.add("of a");
  b.add("of b");
  a.add("of a again");
  expect(new History(path).lines).toEqual(["of a again", "of b", "of a"]);
});

test("a file that has grown is shortened, and others go on appending", () => {
  const path = join(folder, "history");
  const other = new History(path);
  writeFileSync(path, Array.from({ length: 3 * HISTORY_LINES }, (_, index) => `line ${index}\n`).join(""));
  expect(new History(path).lines).toHaveLength(HISTORY_LINES);
  expect(readFileSync(path, "utf8")).toMatch(/^line 2000\n/);
  other.add("another");
  expect(new History(path).lines.slice(0, 2)).toEqual(["another", "line 2999"]);
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test("control characters of a file do not reach the terminal", () => {
  const path = join(folder, "history");
  appendFileSync(path, "set k \x1b[31mred\n");
  expect(new History(path).lines).toEqual(["set k [31mred"]);
});

test("no folder, no error", () => {
  const history = new History(join(folder, "missing", "history"));
  history.add("line");
  expect(history.lines).toEqual(["line"]);
});

test("where the file is", () => {
  const pathOf = (env: NodeJS.ProcessEnv): string | null => dotfilePath(env, "REDISCLI_HISTFILE", ".sidercli_history");
  expect(pathOf({ REDISCLI_HISTFILE: "/dev/null" })).toBeNull();
  expect(pathOf({ REDISCLI_HISTFILE: "/there" })).toBe("/there");
  expect(pathOf({ HOME: "/home/of" })).toBe("/home/of/.sidercli_history");
  expect(pathOf({})).toMatch(/\.sidercli_history$/);
});

test.each([
  "auth x",
  "AUTH u p",
  'auth "unbalanced',
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
