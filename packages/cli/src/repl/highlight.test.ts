import { expect, test } from "vitest";
import { KnownCommands } from "./grammar/known-commands.ts";
import { highlight } from "./highlight.ts";

const STYLES = { command: "c", token: "t", key: "k", string: "s", number: "n", broken: "b" };

test.each<[string, string]>([
  ["set key value ex 10 nx", "c k s t n t"],
  ["SET key 5 EX soon", "c k n t -"],
  ["config get maxmemory", "c c s"],
  ["5 incr n", "n c k"],
  ['set k "a b', "c k b"],
  ["get k too many", "c k - -"],
  ["nosuch x", "- -"],
  ["help set", "c -"],
  ["zadd z 1.5 m 2 n", "c k n s n s"],
])("the words of %j", (line, expected) => {
  const spans = highlight(line, new KnownCommands(), STYLES);
  expect(spans.map(({ text }) => text).join("")).toBe(line);
  const words = spans.filter(({ text }) => text.trim() !== "").map(({ style }) => style || "-");
  expect(words.join(" ")).toBe(expected);
});
