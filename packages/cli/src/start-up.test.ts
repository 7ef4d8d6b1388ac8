/** What is loaded before the first command: each module costs the start about a millisecond. */
import { readFileSync } from "node:fs";
import { beforeAll, expect, test } from "vitest";
import { builtCli } from "./testing/shell.ts";

const IMPORT = /^(?:import|export [*{][^"';]*from|import [^"';]*from) "([^"]+)";/gm;

/** Node's modules that the way to the first reply needs. What else is wanted is imported by the mode that wants it. */
const BUILTIN = [
  "node:buffer",
  "node:fs",
  "node:net",
  "node:process",
  "node:stream",
  "node:timers/promises",
  "node:tty",
];
const MOST_MODULES = 40;

beforeAll(() => void builtCli());

/** The modules that importing one brings along, found by following its imports. */
function closureOf(start: string): { files: string[]; builtin: string[] } {
  const found = new Set([start]);
  for (const url of found) {
    if (!url.startsWith("file:")) continue;
    for (const [, name = ""] of readFileSync(new URL(url), "utf8").matchAll(IMPORT)) {
      found.add(name.startsWith(".") ? new URL(name, url).href : import.meta.resolve(name));
    }
  }
  const files = [...found].filter((url) => url.startsWith("file:"));
  return { files, builtin: [...found].filter((url) => !url.startsWith("file:")) };
}

test("the way to the first reply is short", () => {
  const { files, builtin } = closureOf(new URL("../dist/main.js", import.meta.url).href);
  expect(files.some((url) => url.endsWith("/reply-parser.js"))).toBe(true);
  expect(files.filter((url) => /request-parser|reply-writer|terminal|tls/.test(url))).toEqual([]);
  expect(builtin.filter((name) => !BUILTIN.includes(name))).toEqual([]);
  expect(files.length).toBeLessThanOrEqual(MOST_MODULES);
});
