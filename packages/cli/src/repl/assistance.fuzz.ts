/** Any line can be read while it is typed: nothing throws, its colours are those of its own text, a candidate goes on with what stands there. */
import { commands } from "@sider/command-spec";
import { expect, test } from "vitest";
import { binaryOf } from "../format/printer.ts";
import { splitArguments } from "../split-arguments.ts";
import { fuzzScale, fuzzSeed, type Random, randomFrom } from "../testing/random.ts";
import { complete } from "./completion/complete.ts";
import type { Completion } from "./editor/menu.ts";
import { KnownCommands } from "./grammar/known-commands.ts";
import { scanWords } from "./grammar/words.ts";
import { highlight } from "./highlight.ts";
import { hintFor } from "./hints.ts";

const runs = 1000 * fuzzScale;

const known = new KnownCommands();
const STYLES = { command: "c", token: "t", key: "k", string: "s", number: "n", broken: "b" };
const NAMES = [...commands.keys(), "help", "?", ":set", "connect", "3", "nosuch"];
const TOKENS = ["nx", "EX", "get", "limit", "count", "streams", "withscores", "weights", "~", "*", "load", "config"];
const WORDS = [
  "1",
  "2",
  "-5",
  "key",
  "a:b",
  "1.5",
  '"two words"',
  "'it\\'s'",
  '"open',
  "'",
  "\\x",
  "漢字",
  "",
  '"a"b',
  "\t",
];

function lineFrom(random: Random): string {
  const pick = (list: readonly string[]): string => list[random(list.length)] ?? "";
  const words = Array.from({ length: random(9) }, () => pick(random(3) === 0 ? TOKENS : WORDS));
  return [pick(NAMES), ...words].join(" ".repeat(1 + random(2))).slice(0, random(80) + 1);
}

test("lines of all kinds", () => {
  const random = randomFrom(fuzzSeed);
  for (let run = 0; run < runs; run++) {
    const line = lineFrom(random);
    const message = `seed ${fuzzSeed}: ${JSON.stringify(line)}`;
    const spans = highlight(line, known, STYLES);
    expect(spans.map(({ text }) => text).join(""), message).toBe(line);
    expect(hintFor(line, known), message).not.toContain("undefined");
    const words = scanWords(line);
    const args = splitArguments(binaryOf(line));
    const values = words.some(({ isBroken }) => isBroken) ? null : words.map(({ value }) => value);
    expect(values, message).toEqual(args);
    const cursor = random(line.length + 1);
    const { start, end, candidates } = complete(line, cursor, known, null) as Completion;
    expect(start <= end && end === cursor, message).toBe(true);
    for (const { text } of candidates) {
      expect(text.toLowerCase().startsWith(line.slice(start, end).toLowerCase()), `${message} ${text}`).toBe(true);
    }
  }
});
