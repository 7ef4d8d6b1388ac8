import { expect, test } from "vitest";
import { LineBuffer, printable } from "./line-buffer.ts";

/** A line with the cursor at the bar. */
function lineOf(text: string): LineBuffer {
  const line = new LineBuffer();
  line.set(text.replace("|", ""));
  line.cursor = text.indexOf("|");
  return line;
}

function shown({ text, cursor }: LineBuffer): string {
  return `${text.slice(0, cursor)}|${text.slice(cursor)}`;
}

test.each<[keyof LineBuffer, string, string]>([
  ["left", "ab|c", "a|bc"],
  ["left", "|abc", "|abc"],
  ["right", "ab|c", "abc|"],
  ["right", "abc|", "abc|"],
  ["home", "ab|c", "|abc"],
  ["end", "a|bc", "abc|"],
  // A character of several code units is one.
  ["left", "👩‍👩‍👧|", "|👩‍👩‍👧"],
  ["right", "|e\u0301x", "e\u0301|x"],
  ["deleteLeft", "a😀|b", "a|b"],
  ["deleteLeft", "|b", "|b"],
  ["deleteRight", "a|漢b", "a|b"],
  ["wordLeft", "set key:one|", "set key:|one"],
  ["wordLeft", "set key  |", "set |key  "],
  ["wordRight", "|set key", "set| key"],
  ["wordRight", "set| ключ x", "set ключ| x"],
  ["killToEnd", "ab|cd", "ab|"],
  ["killToStart", "ab|cd", "|cd"],
  ["killArgumentLeft", "set key:one |x", "set |x"],
  ["killArgumentLeft", "one|", "|"],
  ["killWordLeft", "set key:one|", "set key:|"],
  ["killWordRight", "set| key x", "set| x"],
  ["transpose", "a|bc", "ba|c"],
  ["transpose", "ab|", "ba|"],
  ["transpose", "a|", "a|"],
])("%s in %j", (name, before, after) => {
  const line = lineOf(before);
  (line[name] as () => void).call(line);
  expect(shown(line)).toBe(after);
});

test("what was cut can be put back", () => {
  const line = lineOf("one two|");
  line.killArgumentLeft();
  line.home();
  line.yank();
  expect(shown(line)).toBe("two|one ");
  // Cutting nothing keeps it.
  line.end();
  line.killToEnd();
  line.yank();
  expect(shown(line)).toBe("twoone two|");
});

test("control characters do not get into a line", () => {
  const line = lineOf("|");
  line.insert("a\tb\r\nc\x1b[31m\x07d\x9b");
  expect(line.text).toBe("a b c[31md");
  expect(printable("plain")).toBe("plain");
});
