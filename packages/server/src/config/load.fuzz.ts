import { expect, it } from "vitest";
import { parseCommandLine } from "./command-line.ts";
import { Configuration } from "./configuration.ts";
import { DIRECTIVES } from "./directives.ts";
import { ConfigurationFileError, ConfigurationLoader, type ConfigurationSource } from "./load.ts";
import { quoteArgument, splitArguments } from "./quoting.ts";

const seed = Number(process.env["SIDER_SEED"] ?? Date.now() % 0x7fffffff);
const scale = Number(process.env["SIDER_FUZZ_SCALE"] ?? 1);
let state = seed;
/** 0 <= result < limit; a linear congruential generator is random enough for words. */
function below(limit: number): number {
  state = (Math.imul(state, 1664525) + 1013904223) | 0;
  return Math.floor(((state >>> 0) / 4294967296) * limit);
}

const empty: ConfigurationSource = {
  absolutePath: (path) => path,
  readText: () => "",
  expand: () => [],
};
const values = [
  "",
  "yes",
  "no",
  "1",
  "-1",
  "1gb",
  "5%",
  "60 1",
  '"a b"',
  "'",
  '"',
  "\\x41",
  "normal 0 0 0",
  "--",
  "-",
  "é",
];
const letters = "ab \"'\\x4 1\n\t";

it(`never fails but with an error that names the line (SIDER_SEED=${String(seed)})`, () => {
  const names = [...Object.keys(DIRECTIVES), "include", "user", "rename-command", "foo", "a.b", "#"];
  let loaded = 0;
  for (let round = 0; round < 5000 * scale; round++) {
    const args: string[] = [];
    for (let left = below(6); left > 0; left--) {
      const word = below(2) === 0 ? `--${names[below(names.length)]}` : values[below(values.length)];
      args.push(below(8) === 0 ? randomText() : word);
    }
    const loader = new ConfigurationLoader(new Configuration(), empty, "Sider");
    try {
      loader.loadCommandLine(parseCommandLine(args), randomText);
      loaded++;
    } catch (error) {
      if (!(error instanceof ConfigurationFileError)) throw error;
      expect(error.message).toMatch(/at line \d+ of (the command line|standard input)\n>>> '/);
    }
  }
  expect(loaded).toBeGreaterThan(0);
});

it(`quotes any text so that splitting gives it back (SIDER_SEED=${String(seed)})`, () => {
  for (let round = 0; round < 5000 * scale; round++) {
    const words = Array.from({ length: below(4) }, randomText);
    expect(splitArguments(words.map(quoteArgument).join(" "))).toEqual(words);
  }
});

function randomText(): string {
  return Array.from({ length: below(8) }, () => letters.charAt(below(letters.length))).join("");
}
