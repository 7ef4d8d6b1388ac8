/** What the prompt offers while one types: the arguments still missing, and completions. From command-spec, without asking the server. */
import { argumentUsage, completeNames, findCommand, tokensOf, typedName, type Command } from "@sider/command-spec";
import { splitArguments } from "../split-arguments.ts";

/** Words that the prompt itself understands, beside the commands. */
const OWN_WORDS = ["CLEAR", "CONNECT", "EXIT", "HELP"];

/** A required argument, or all from the first optional one on: which of those was typed is not known, so all stay shown. */
const PARTS = /<[^>]*>|\[.*|\S+/g;

/** The arguments that may follow what was typed, with a blank in front where one is missing; "" when nothing is known. */
export function hintFor(line: string): string {
  const args = splitArguments(line) ?? [];
  const command = commandOf(args);
  if (command === undefined) return "";
  const usage = [...subcommandsOf(command), ...command.arguments.map(argumentUsage)].join(" ");
  const parts = usage.match(PARTS) ?? [];
  let typed = args.length - (command.container === null ? 1 : 2);
  while (typed-- > 0 && !(parts[0] ?? "[").startsWith("[")) parts.shift();
  const hint = parts.join(" ");
  return hint === "" || /\s$/.test(line) ? hint : " " + hint;
}

/** Completions in the form that node:readline takes: the candidates, and the end of the line that they would replace. */
export function complete(line: string): [candidates: string[], replaced: string] {
  const [, before = "", typed = ""] = /^(\s*(?:(?:help|\d+)\s+)?)([\s\S]*)$/i.exec(line) ?? [];
  const names = [...OWN_WORDS, ...Array.from(completeNames(typed), typedName)];
  const found = matching(names, typed);
  if (found.length > 0 || before.trim() !== "") return [found, typed];
  const word = /\S*$/.exec(typed)?.[0] ?? "";
  const command = commandOf(splitArguments(typed) ?? []);
  return [command === undefined ? [] : matching(tokensOf(command.arguments), word), word];
}

/** The command that the arguments name, a subcommand if they name one. */
function commandOf([name = "", word = ""]: readonly string[]): Command | undefined {
  const command = findCommand(name.toLowerCase());
  return command?.subcommands.get(word.toLowerCase()) ?? command;
}

function subcommandsOf(command: Command): string[] {
  const names = Array.from(command.subcommands.keys(), (name) => name.toUpperCase());
  return names.length === 0 ? [] : [`<${names.join(" | ")}>`];
}

/** Those that begin with what was typed, in the case in which it was typed. */
function matching(names: readonly string[], typed: string): string[] {
  const isLower = /[a-z]$/.test(typed);
  return names
    .filter((name) => name.startsWith(typed.toUpperCase()))
    .map((name) => typed + (isLower ? name.toLowerCase() : name).slice(typed.length));
}
