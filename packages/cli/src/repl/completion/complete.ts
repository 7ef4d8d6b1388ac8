/**
 * Tab: what may stand where the cursor is.
 *
 *     con|               names of commands, and words of the prompt itself
 *     config g|          subcommands                     help config g|, help @s|   topics
 *     set k v |          option words that may stand here, and values: names that the server has
 *     :set no|           preferences
 */
import { Buffer } from "node:buffer";
import { argumentUsage } from "@sider/command-spec";
import type { Candidate, Completion } from "../editor/menu.ts";
import { nameLength, typedNameOf, type KnownCommand, type KnownCommands } from "../grammar/known-commands.ts";
import { matchArguments, type Slot } from "../grammar/match.ts";
import { scanWords, type Word } from "../grammar/words.ts";
import { inCaseOf } from "../hints.ts";
import { SETTINGS } from "../preferences.ts";
import { escapeBytes } from "../../format/escapes.ts";
import { queryFor, takesCommandName, wordsFor } from "./name-queries.ts";
import type { NameQuery } from "./server-names.ts";

/** Asks the server; null when that is not wanted. */
export type FindNames = ((query: NameQuery, prefix: string) => Promise<string[]>) | null;

/** Words that the prompt itself understands, beside the commands. */
const OWN_WORDS: Readonly<Record<string, string>> = {
  CLEAR: "empties the screen",
  CONNECT: "host port: turns to another server",
  EXIT: "leaves",
  HELP: "what commands do and take",
};

/** More names than this are shown as far as their next colon. */
const MANY_NAMES = 40;

/** Completes what ends at the cursor. */
export function complete(
  line: string,
  cursor: number,
  known: KnownCommands,
  findNames: FindNames,
): Completion | Promise<Completion> {
  const words = scanWords(line.slice(0, cursor));
  const last = words.at(-1);
  const typed = last?.end === cursor ? last : emptyWord(cursor);
  const before = (last === typed ? words.slice(0, -1) : words).map(({ value }) => value);
  if (before.length > 0 && /^\d+$/.test(before[0] ?? "")) before.shift();
  const place: Place = { typed, before, isLower: /[a-z]$/.test(typed.value || (before[0] ?? "")) };
  const [first] = before;
  if (first === undefined) {
    const isOwn = typed.value.startsWith(":");
    return completionOf(place, isOwn ? matchingAsWritten(place, [":set"]) : commandCandidates(place, known));
  }
  if (/^(help|\?)$/i.test(first)) return completeTopic(line, cursor, known);
  if (first.toLowerCase() === ":set") return completionOf(place, matchingAsWritten(place, settingsBehind(before)));
  return completeArgument(place, known, findNames);
}

/** Behind `:set` there is one word. */
function settingsBehind(words: readonly string[]): readonly string[] {
  return words.length === 1 ? SETTINGS : [];
}

interface Place {
  /** The word that ends at the cursor; empty behind a blank. */
  readonly typed: Word;
  /** The words in front of it, from the command on. */
  readonly before: readonly string[];
  /** Whether words are completed in small letters. */
  readonly isLower: boolean;
}

function emptyWord(at: number): Word {
  return { start: at, end: at, value: "", quote: "", isBroken: false };
}

function completionOf({ typed }: Place, candidates: readonly Candidate[]): Completion {
  return { start: typed.start, end: typed.end, candidates };
}

/** Those of the words that begin with what was typed, in the case in which that was typed. */
function matching({ typed, isLower }: Place, words: Iterable<readonly [word: string, detail?: string]>): Candidate[] {
  const candidates: Candidate[] = [];
  for (const [word, detail] of typed.quote === "" ? words : []) {
    if (!word.toUpperCase().startsWith(typed.value.toUpperCase())) continue;
    const text = typed.value === "" ? (isLower ? word.toLowerCase() : word) : inCaseOf(typed.value, word);
    candidates.push(detail === undefined ? { text } : { text, detail });
  }
  return candidates;
}

/** As `matching`, for words that are written in small letters. */
function matchingAsWritten({ typed }: Place, words: readonly string[]): Candidate[] {
  const isWanted = (word: string): boolean => typed.quote === "" && word.startsWith(typed.value.toLowerCase());
  return words.filter(isWanted).map((text) => ({ text }));
}

function commandCandidates(place: Place, known: KnownCommands): Candidate[] {
  const all = Array.from(known.each()).filter(({ container }) => container === null);
  const names = all.map((command) => [typedNameOf(command), describe(command)] as const);
  return matching(place, [...Object.entries(OWN_WORDS), ...names]).sort((a, b) => (a.text < b.text ? -1 : 1));
}

/** `GET key: Returns the string of a key`. */
function describe(command: KnownCommand): string {
  const usage = [typedNameOf(command), ...command.arguments.map(argumentUsage)].join(" ");
  return command.summary === "" ? usage : `${usage}: ${command.summary}`;
}

/** Behind `help`, where a topic may be of two words. */
function completeTopic(line: string, cursor: number, known: KnownCommands): Completion {
  const start = /^\s*(\S+\s+)?/.exec(line.slice(0, cursor))?.[0].length ?? 0;
  const value = line.slice(start, cursor);
  const typed = { ...emptyWord(start), end: cursor, value };
  const place: Place = { typed, before: [], isLower: /[a-z]$/.test(value) };
  const all = Array.from(known.each());
  const groups = matchingAsWritten(place, [...new Set(all.map(({ group }) => `@${group}`))]);
  const names = matching(
    place,
    all.map((command) => [typedNameOf(command), command.summary] as const),
  );
  return completionOf(place, [...groups, ...names]);
}

function completeArgument(place: Place, known: KnownCommands, findNames: FindNames): Completion | Promise<Completion> {
  const { before, typed } = place;
  const command = known.find(before);
  if (command === undefined) return completionOf(place, []);
  const rest = before.slice(nameLength(command));
  if (rest.length === 0 && command.subcommands.size > 0)
    return completionOf(place, subcommandCandidates(place, command));
  const { next, roles } = matchArguments(command.arguments, rest);
  const fixed = next.flatMap((slot) => fixedCandidates(place, known, command, slot));
  const queries = next.map((slot) => (slot.kind === "value" ? queryFor(command, slot.argument, roles, before) : null));
  const query = queries.find((found) => found !== null);
  if (query === undefined || findNames === null) return completionOf(place, fixed);
  return findNames(query, typed.value).then((names) =>
    completionOf(place, [...fixed, ...nameCandidates(names, typed, query.kind === "keys")]),
  );
}

/** What may stand in a place without asking the server. */
function fixedCandidates(place: Place, known: KnownCommands, command: KnownCommand, slot: Slot): Candidate[] {
  if (slot.kind === "token") return matching(place, [[slot.token]]);
  if (takesCommandName(command, slot.argument)) return commandCandidates(place, known);
  return matchingAsWritten(place, wordsFor(command, slot.argument));
}

function subcommandCandidates(place: Place, { subcommands }: KnownCommand): Candidate[] {
  const all = Array.from(subcommands.values());
  return matching(
    place,
    all.map((command) => [command.name.toUpperCase(), describe(command)] as const),
  );
}

/** Names as they are typed: quoted where they need it, many keys only as far as the next colon. */
function nameCandidates(names: readonly string[], { value, quote }: Word, isGrouped: boolean): Candidate[] {
  if (!isGrouped || names.length <= MANY_NAMES) return names.map((name) => ({ text: typedForm(name, quote !== "") }));
  const groups = new Map<string, number>();
  for (const name of names) {
    const colon = name.indexOf(":", value.length);
    const beginning = colon < 0 ? name : name.slice(0, colon + 1);
    groups.set(beginning, (groups.get(beginning) ?? 0) + 1);
  }
  return Array.from(groups, ([name, count]) =>
    count === 1 ? { text: typedForm(name, quote !== "") } : openCandidate(name, count, quote !== ""),
  );
}

function openCandidate(name: string, count: number, isQuoted: boolean): Candidate {
  const form = typedForm(name, isQuoted);
  const text = form.startsWith('"') ? form.slice(0, -1) : form;
  return { text, detail: `${count} or more keys`, isOpen: true };
}

const BARE = /^[^\s"'\0-\x20\x7f]+$/;

/** A name as it stands in a line: as it is, between quotes, or with escapes where it is not text. */
function typedForm(name: string, isQuoted: boolean): string {
  const text = decodeText(name);
  if (text === null) return `"${escapeBytes(name)}"`;
  return BARE.test(text) && !isQuoted ? text : `"${text.replace(/["\\]/g, "\\$&")}"`;
}

/** The text that the bytes are in UTF-8; null when they are none, or not to be shown. */
function decodeText(name: string): string | null {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(Buffer.from(name, "latin1"));

    return /[\0-\x1f\x7f-\x9f]/.test(text) ? null : text;
  } catch {
    return null;
  }
}
