/**
 * Usage texts from argument trees, in the notation of manuals:
 *
 *     SET key value [NX | XX] [GET] [EX seconds | PX milliseconds | ...]
 *     MSET key value [key value ...]
 *     CLIENT REPLY <ON | OFF | SKIP>
 *
 * [ ] may be left out, < > groups alternatives, ... repeats what is before it.
 */

import type { Command } from "./commands.ts";
import { displayText } from "./derived.ts";
import type { Argument } from "./row.ts";

/** The argument without its token, brackets and repetition. */
function bodyText(argument: Argument): string {
  switch (argument.type) {
    case "oneof":
      return argument.arguments.map((alternative) => repeatedText(alternative)).join(" | ");
    case "block":
      return argument.arguments.map(argumentUsage).join(" ");
    case "pure-token":
      return argument.token === "" ? '""' : (argument.token ?? argument.name);
    default:
      return displayText(argument);
  }
}

/** Alternatives need < > wherever no [ ] is right around them. */
function groupedText(argument: Argument): string {
  const body = bodyText(argument);
  const isBare = argument.optional === true && argument.token === undefined && argument.multiple !== true;
  return argument.type === "oneof" && !isBare ? `<${body}>` : body;
}

function withToken(argument: Argument, text: string): string {
  return argument.token === undefined || argument.type === "pure-token" ? text : `${argument.token} ${text}`;
}

/** The argument with its token and repetition, but without the brackets of an optional one. */
function repeatedText(argument: Argument): string {
  const grouped = groupedText(argument);
  const once = withToken(argument, grouped);
  if (argument.multiple !== true) return once;
  if (argument.type === "oneof") return `${once} ...`;
  return `${once} [${argument.multipleToken === true ? once : grouped} ...]`;
}

/** The usage text of one argument. */
export function argumentUsage(argument: Argument): string {
  const text = repeatedText(argument);
  return argument.optional === true ? `[${text}]` : text;
}

/** The name as a person types it: `CONFIG GET`. */
export function typedName(command: Command): string {
  return command.fullName.replace("|", " ").toUpperCase();
}

/** The usage text of a command: its name and all its arguments in one line. */
export function usageText(command: Command): string {
  return [typedName(command), ...command.arguments.map(argumentUsage)].join(" ");
}
