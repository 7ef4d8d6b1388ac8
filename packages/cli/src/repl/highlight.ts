/** The colours of a line while it is typed: the command, option words, keys, strings, numbers, and a quote that is still open. */
import type { Span } from "./editor/display.ts";
import { nameLength, type KnownCommands } from "./grammar/known-commands.ts";
import { matchArguments, mayBe, type Slot } from "./grammar/match.ts";
import { scanWords, type Word } from "./grammar/words.ts";
import type { LineStyles } from "./palette.ts";

const OWN_WORDS = /^(help|\?|:set|connect|clear|quit|exit)$/i;
const NUMBER = /^[+-]?\d+(\.\d+)?$/;

/** Spans whose text together is the line. */
export function highlight(line: string, known: KnownCommands, styles: LineStyles): Span[] {
  const words = scanWords(line);
  const kinds = stylesOf(words, known, styles);
  const spans: Span[] = [];
  let at = 0;
  for (const [index, { start, end, isBroken }] of words.entries()) {
    if (start > at) spans.push({ text: line.slice(at, start), style: "" });
    spans.push({ text: line.slice(start, end), style: isBroken ? styles.broken : (kinds[index] ?? "") });
    at = end;
  }
  if (at < line.length) spans.push({ text: line.slice(at), style: "" });
  return spans;
}

/** The style of each word. */
function stylesOf(words: readonly Word[], known: KnownCommands, styles: LineStyles): string[] {
  const values = words.map(({ value }) => value);
  const [first = ""] = values;
  if (values.length > 1 && /^\d+$/.test(first)) return [styles.number, ...stylesOf(words.slice(1), known, styles)];
  if (OWN_WORDS.test(first)) return [styles.command];
  const command = known.find(values);
  if (command === undefined) return [];
  const length = nameLength(command);
  const { roles } = matchArguments(command.arguments, values.slice(length));
  const names = Array.from({ length }, () => styles.command);
  return [...names, ...roles.map((role, index) => styleOf(role, words[length + index], styles))];
}

function styleOf(role: Slot, word: Word | undefined, styles: LineStyles): string {
  if (role.kind === "token") return styles.token;
  const { type } = role.argument;
  if (type === "key") return styles.key;
  const value = word?.value ?? "";
  if (type === "string" || type === "pattern") {
    return word?.quote === "" && NUMBER.test(value) ? styles.number : styles.string;
  }
  return mayBe(role.argument, value) ? styles.number : "";
}
