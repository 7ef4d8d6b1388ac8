/** Which arguments of a command are secrets: what shows commands to people (SLOWLOG, MONITOR) shows `(redacted)` in their place. */
import type { CommandContext } from "../dispatch/command-context.ts";

export const REDACTED = "(redacted)";

type SecretFinder = (context: CommandContext) => number[];

/** By the full name of the command. */
const FINDERS: Readonly<Record<string, SecretFinder>> = {
  "acl|setuser": ({ count }) => range(2, count),
  auth: ({ count }) => range(1, count),
  "config|set": secretValues,
  hello: (context) => afterWord(context, 1, { auth: 2 }),
  migrate: (context) => afterWord(context, 6, { auth: 1, auth2: 2 }),
};

/** Positions of the arguments that must not be shown, the command's name being 0; mostly none. */
export function secretArguments(context: CommandContext): readonly number[] {
  const finder = FINDERS[context.server.table.commands[context.command].fullName];
  return finder === undefined ? [] : finder(context);
}

function range(start: number, end: number): number[] {
  return Array.from({ length: Math.max(0, end - start) }, (_, index) => start + index);
}

/** The arguments behind one of these words: so many as the word says. */
function afterWord(context: CommandContext, from: number, words: Readonly<Record<string, number>>): number[] {
  for (let index = from; index < context.count; index++) {
    for (const [word, count] of Object.entries(words)) {
      if (context.is(index, word)) return range(index + 1, Math.min(context.count, index + 1 + count));
    }
  }
  return [];
}

function secretValues(context: CommandContext): number[] {
  const { configuration } = context.server;
  const found: number[] = [];
  for (let index = 2; index + 1 < context.count; index += 2) {
    if (configuration.lookup(context.text(index))?.directive.sensitive === true) found.push(index + 1);
  }
  return found;
}
