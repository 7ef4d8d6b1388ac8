/** What is read before the first command: each file costs the start about a millisecond, and so do most of Node's own modules. */
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { builtCli } from "./testing/shell.ts";

const IMPORT = /^(?:import|export [*{][^"';]*from|import [^"';]*from) "([^"]+)";/gm;

/** Node's modules that the way to the first reply needs. What else is wanted is imported by the mode that wants it. */
const BUILTIN = ["node:buffer", "node:fs", "node:net", "node:stream", "node:timers/promises", "node:tty"];
const MOST_FILES = 4;

beforeAll(() => void builtCli());

/** The files that importing one brings along, found by following its imports, and Node's modules among them. */
function closureOf(start: string): { files: string[]; builtin: string[] } {
  const found = new Set([start]);
  for (const url of found) {
    if (!url.startsWith("file:")) continue;
    for (const [, name = ""] of readFileSync(new URL(url), "utf8").matchAll(IMPORT)) {
      found.add(name.startsWith(".") ? new URL(name, url).href : name);
    }
  }
  const files = [...found].filter((url) => url.startsWith("file:"));
  return { files, builtin: [...found].filter((url) => !url.startsWith("file:")) };
}

/** The names of the source files of which a built file consists. */
function sourcesOf(file: string): string[] {
  const map = JSON.parse(readFileSync(new URL(`${file}.map`), "utf8")) as { sources: string[] };
  return map.sources.map((path) => basename(path));
}

test("the way to the first reply is short", () => {
  const { files, builtin } = closureOf(new URL("../dist/program/main.js", import.meta.url).href);
  const sources = files.flatMap(sourcesOf);
  expect(sources).toContain("reply-parser.ts");
  expect(sources.filter((name) => /request-parser|reply-writer|terminal|tls/.test(name))).toEqual([]);
  expect(builtin.filter((name) => !BUILTIN.includes(name))).toEqual([]);
  expect(files.length).toBeLessThanOrEqual(MOST_FILES);
});
