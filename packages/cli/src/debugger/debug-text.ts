/** What the debugger says: arrays of lines, which are coloured by what they begin with. All text is binary. */
import { Buffer } from "node:buffer";
import type { Reply } from "@sider/resp-protocol/client";
import { Printer } from "../format/printer.ts";
import { printRaw } from "../format/raw.ts";

/** The line that ends a session. It is not shown. */
const END = "<endsession>";
const [RED, GREEN, YELLOW, MAGENTA, CYAN, WHITE] = [31, 32, 33, 35, 36, 37];

/** Codes of SGR: weight and colour. */
type Colour = readonly [weight: 0 | 1, colour: number];

/** What decides about the colour of a line; of several, the last. */
const COLOURS: readonly (readonly [isIn: RegExp, colour: Colour])[] = [
  [/<debug>/, [1, WHITE]],
  [/<redis>/, [0, GREEN]],
  [/<reply>/, [0, CYAN]],
  [/<error>/, [0, RED]],
  [/<hint>/, [1, WHITE]],
  [/<value>|<retval>/, [0, MAGENTA]],
  // The current line, and one with a break point: "-> 3   code", "  #3   code".
  [/^.[^>]#\d./s, [1, WHITE]],
  [/^.>.\d./s, [0, YELLOW]],
];

/** Whether the session ends with this reply: the script's own reply comes next. */
export function endsSession(reply: Reply): boolean {
  const lines = Array.isArray(reply) ? reply : [reply];
  return lines.some((line) => typeof line === "string" && line.startsWith(END));
}

/** The reply as text, with what ends it. */
export function debugText(reply: Reply, hasColours: boolean): string {
  const lines = Array.isArray(reply) ? reply : [reply];
  return lines.map((line) => (typeof line === "string" ? lineText(line, hasColours) : rawText(line))).join("\n") + "\n";
}

function lineText(line: string, hasColours: boolean): string {
  if (line.startsWith(END)) return "";
  if (!hasColours) return line;
  const [, [weight, colour]] = COLOURS.findLast(([isIn]) => isIn.test(line)) ?? [null, [0, WHITE]];
  return `\x1b[${weight};${colour};49m${line}\x1b[0m`;
}

function rawText(reply: Reply): string {
  let text = "";
  const printer = new Printer((bytes) => (text += Buffer.from(bytes).toString("latin1")));
  printRaw(printer, reply, "\n");
  printer.flush();
  return text;
}
