import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { applySetting, listPreferences, readPreferences, type Preferences } from "./preferences.ts";

function preferences(): Preferences {
  return { hints: true, color: true, completion: true, pretty: true, pager: true };
}

test.each<[string[], keyof Preferences, boolean]>([
  [["nohints"], "hints", false],
  [["HINTS"], "hints", true],
  [["pager", "off"], "pager", false],
  [["pager", "ON"], "pager", true],
  [["nopretty", "off"], "pretty", true],
])(":set %j", (words, name, value) => {
  const changed = preferences();
  expect(applySetting(changed, words)).toBe(true);
  expect(changed[name]).toBe(value);
});

test.each([[[]], [["nonsense"]], [["hints", "maybe"]], [["nonohints"]]])(":set %j is none", (words) => {
  expect(applySetting(preferences(), words)).toBe(false);
});

test("the list can be typed as it stands", () => {
  const changed = { ...preferences(), pager: false };
  const typed = listPreferences(changed)
    .split("\n")
    .filter(Boolean)
    .map((line) => line.trim().split(/\s+/)[1] ?? "");
  expect(typed).toEqual(["hints", "color", "completion", "pretty", "nopager"]);
});

test("a file is read as it would be typed; what is wrong in it is told", () => {
  const folder = mkdtempSync(join(tmpdir(), "sider-cli-"));
  const path = join(folder, "rc");
  writeFileSync(path, ":set nohints\n\n  :SET pager off\nget k\n:set what\n:unknown");
  const [read, warnings] = [preferences(), [] as string[]];
  readPreferences(path, read, (line) => warnings.push(line));
  expect(read).toEqual({ ...preferences(), hints: false, pager: false });
  expect(warnings).toEqual([
    ".redisclirc: unknown redis-cli internal command 'get'",
    ".redisclirc: unknown redis-cli preference 'what'",
    ".redisclirc: unknown redis-cli internal command ':unknown'",
  ]);
  readPreferences(join(folder, "missing"), read, (line) => warnings.push(line));
  readPreferences(null, read, (line) => warnings.push(line));
  expect(warnings).toHaveLength(3);
  rmSync(folder, { recursive: true });
});
