/**
 * What a prompt can offer while a person types: command names, and the words that a command's arguments know.
 */

import { eachCommand } from "./commands.ts";
import type { Command } from "./commands.ts";
import type { Argument } from "./row.ts";
import { typedName } from "./usage.ts";

/** Every command and subcommand whose typed name (`CONFIG GET`) starts with what was typed, in any case. O(commands). */
export function* completeNames(typed: string): Generator<Command> {
  const prefix = typed.toUpperCase();
  for (const command of eachCommand()) {
    if (typedName(command).startsWith(prefix)) yield command;
  }
}

/** The literal words among arguments, each once, in order: for SET NX, XX, GET, EX ... */
export function tokensOf(parts: readonly Argument[]): string[] {
  const tokens = new Set<string>();
  collectTokens(parts, tokens);
  return [...tokens];
}

function collectTokens(parts: readonly Argument[], tokens: Set<string>): void {
  for (const part of parts) {
    if (part.token !== undefined && part.token !== "") tokens.add(part.token);
    if (part.type === "oneof" || part.type === "block") collectTokens(part.arguments, tokens);
  }
}
