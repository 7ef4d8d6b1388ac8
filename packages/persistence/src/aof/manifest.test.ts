import { describe, expect, test } from "vitest";
import { bytesOf, latin1 } from "../testing/dumps.ts";
import { quoteWord, splitWords } from "./manifest-words.ts";
import { formatManifest, parseManifest, withIncrementsAsHistory, withNewBase, withNewIncrement } from "./manifest.ts";

const FULL = [
  "file appendonly.aof.2.base.rdb seq 2 type b\n",
  "file appendonly.aof.1.incr.aof seq 1 type h\n",
  "file appendonly.aof.2.incr.aof seq 2 type i\n",
  "file appendonly.aof.3.incr.aof seq 3 type i\n",
].join("");

test("what is read is written again", () => {
  const manifest = parseManifest(bytesOf(`# a comment\n${FULL}`));
  expect(manifest).toMatchObject({ baseSequence: 2, incrementSequence: 3 });
  expect(latin1(formatManifest(manifest))).toBe(FULL);
});

test("a rewrite, from its beginning to its end", () => {
  const begun = withNewIncrement(parseManifest(bytesOf(FULL)), "appendonly.aof");
  const done = withIncrementsAsHistory(withNewBase(begun, "appendonly.aof", false), true);
  expect(latin1(formatManifest(done))).toBe(
    [
      "file appendonly.aof.3.base.aof seq 3 type b\n",
      "file appendonly.aof.3.incr.aof seq 3 type h\n",
      "file appendonly.aof.2.incr.aof seq 2 type h\n",
      "file appendonly.aof.2.base.rdb seq 2 type h\n",
      "file appendonly.aof.1.incr.aof seq 1 type h\n",
      "file appendonly.aof.4.incr.aof seq 4 type i\n",
    ].join(""),
  );
});

test("keys in any order and case, unknown ones, blanks around", () => {
  const text = " \tTYPE i  FUTURE 1 Seq 7 File 'a b' \r\n";
  expect(parseManifest(bytesOf(text)).increments).toEqual([{ name: "a b", sequence: 7, type: "i" }]);
});

const line = "file a seq 1 type i\n";
const wrong: [string, string][] = [
  ["", "Found an empty AOF manifest"],
  ["\n", "Invalid AOF manifest file format"],
  ["file a seq 1 type\n", "Invalid AOF manifest file format"],
  ["file a seq x type i\n", "Invalid AOF manifest file format"],
  ["file a seq 1 typo i\n", "Invalid AOF manifest file format"],
  ["file 'a seq 1 type i\n", "Invalid AOF manifest file format"],
  ["file a/b seq 1 type i\n", "File can't be a path, just a filename"],
  ["file a seq 1 type x\n", "Unknown AOF file type"],
  [line + line, "Found a non-monotonic sequence number"],
  ["file a seq 1 type b\nfile b seq 2 type b\n", "Found duplicate base file information"],
  [`file ${"a".repeat(1010)} seq 1 type i\n`, "The AOF manifest file contains too long line"],
  ["file a seq 1 type i", "The AOF manifest file contains too long line"],
];

test.each(wrong)("%j is refused", (text, reason) => {
  expect(() => parseManifest(bytesOf(text))).toThrow(reason);
});

describe("words", () => {
  test.each(["plain", "a b", 'q"uote', "back\\slash", "\x00\xff\n\t\x07\b\r", ""])("%j", (word) => {
    expect(splitWords(`x ${quoteWord(word === "" ? "y" : word)} z`)).toEqual(["x", word === "" ? "y" : word, "z"]);
  });

  test("what does not close, or goes on behind a quote", () => {
    for (const text of ['"a', "'a", '"a"b', "'a'b", 'a "']) expect(splitWords(text)).toBeNull();
    expect(splitWords(String.raw`'it\'s' "\x41\q" ""`)).toEqual(["it's", "Aq", ""]);
  });
});
