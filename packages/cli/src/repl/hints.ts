/**
 * What the prompt shows behind the cursor while one types: the arguments that are still missing, and the rest of a word that can only
 * become one thing. Nothing is asked of the server.
 *
 *     set k v ex| seconds            set k v kee|pttl [NX | XX] [GET]            getra|nge key start end
 */
import { nameLength, typedNameOf, type KnownCommand, type KnownCommands } from "./grammar/known-commands.ts";
import { matchArguments, mayBe, type Match } from "./grammar/match.ts";
import { scanWords } from "./grammar/words.ts";

/** What the words of the prompt itself take. */
const OWN_USAGE: Readonly<Record<string, readonly string[]>> = {
  connect: ["host", "port"],
  help: ["[command | @group]"],
  "?": ["[command | @group]"],
  ":set": ["[preference]"],
};

/** The shortest beginning of a command that is completed unasked. */
const SHORTEST_GUESS = 2;

/** The text to show behind the line; "" when nothing is known. */
export function hintFor(line: string, known: KnownCommands): string {
  const words = scanWords(line);
  if (words.length === 0 || words.some(({ isBroken }) => isBroken)) return "";
  const values = words.map(({ value }) => value);
  if (values.length > 1 && /^\d+$/.test(values[0] ?? "")) values.shift();
  const isWordEnded = /\s$/.test(line);
  const hint = isWordEnded || words.at(-1)?.quote !== "" ? null : guess(values, known);
  if (hint !== null) return hint;
  const usage = usageBehind(values, known);
  return usage === "" || isWordEnded ? usage : " " + usage;
}

function usageBehind(words: readonly string[], known: KnownCommands): string {
  const own = OWN_USAGE[words[0]?.toLowerCase() ?? ""];
  if (own !== undefined) return own.slice(words.length - 1).join(" ");
  const command = known.find(words);
  if (command === undefined) return "";
  const rest = words.slice(nameLength(command));
  if (command.subcommands.size > 0 && rest.length > 0) return "";
  return [...subcommandUsage(command), ...matchArguments(command.arguments, rest).missing].join(" ");
}

/** The rest of the last word and what follows it, when the word is no other thing yet; null when there is nothing to guess. */
function guess(words: readonly string[], known: KnownCommands): string | null {
  const last = words.at(-1) ?? "";
  const before = words.slice(0, -1);
  const whole = words.length === 1 ? guessName(last, known) : guessWord(before, last, known);
  if (whole === undefined) return null;
  const usage = usageBehind([...before, ...whole.split(" ")], known);
  return inCaseOf(last, whole).slice(last.length) + (usage === "" ? "" : " " + usage);
}

function guessName(typed: string, known: KnownCommands): string | undefined {
  if (typed.length < SHORTEST_GUESS) return undefined;
  const names = Array.from(known.each(), typedNameOf).filter((name) => name.startsWith(typed.toUpperCase()));
  const [first = ""] = names;
  // A container with its subcommands is one thing.
  const isOnlyOne = names.every((name) => name === first || name.startsWith(first + " "));
  return isOnlyOne && first.length > typed.length ? first : undefined;
}

function guessWord(before: readonly string[], typed: string, known: KnownCommands): string | undefined {
  const command = known.find(before);
  if (command === undefined) return undefined;
  const rest = before.slice(nameLength(command));
  const upper = typed.toUpperCase();
  if (rest.length === 0 && command.subcommands.size > 0) {
    return subcommandNames(command).find((name) => name.startsWith(upper) && name !== upper);
  }
  if (!isNothingYet(matchArguments(command.arguments, [...rest, typed]), typed)) return undefined;
  const { next } = matchArguments(command.arguments, rest);
  const tokens = next.flatMap((slot) => (slot.kind === "token" ? [slot.token] : []));
  return tokens.find((token) => token.startsWith(upper));
}

/** Whether the last word has no place, or one for a number that it is not. */
function isNothingYet({ fits, roles }: Match, typed: string): boolean {
  const last = roles.at(-1);
  return !fits || (last?.kind === "value" && !mayBe(last.argument, typed));
}

function subcommandNames(command: KnownCommand): string[] {
  return Array.from(command.subcommands.keys(), (name) => name.toUpperCase());
}

function subcommandUsage(command: KnownCommand): string[] {
  return command.subcommands.size === 0 ? [] : [`<${subcommandNames(command).join(" | ")}>`];
}

/** A word in the case in which its beginning was typed. */
export function inCaseOf(typed: string, word: string): string {
  return typed + (/[a-z]$/.test(typed) ? word.toLowerCase() : word).slice(typed.length);
}
