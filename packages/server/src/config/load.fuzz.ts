import { seededRandom } from "@sider/keyspace-engine";
import { expect, it } from "vitest";
import { fuzzScale, fuzzSeed } from "../testing/fuzzing.ts";
import { parseCommandLine } from "./command-line.ts";
import { Configuration } from "./configuration.ts";
import { DIRECTIVES } from "./directives.ts";
import { ConfigurationFileError, ConfigurationLoader, type ConfigurationSource } from "./load.ts";
import { quoteArgument, splitArguments } from "./quoting.ts";

const below = seededRandom(fuzzSeed);

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

it(`never fails but with an error that names the line (SIDER_SEED=${String(fuzzSeed)})`, () => {
  const names = [...Object.keys(DIRECTIVES), "include", "user", "rename-command", "foo", "a.b", "#"];
  let loaded = 0;
  for (let round = 0; round < 5000 * fuzzScale; round++) {
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

it(`quotes any text so that splitting gives it back (SIDER_SEED=${String(fuzzSeed)})`, () => {
  for (let round = 0; round < 5000 * fuzzScale; round++) {
    const words = Array.from({ length: below(4) }, randomText);
    expect(splitArguments(words.map(quoteArgument).join(" "))).toEqual(words);
  }
});

function randomText(): string {
  return Array.from({ length: below(8) }, () => letters.charAt(below(letters.length))).join("");
}
