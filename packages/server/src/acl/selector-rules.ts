/**
 * The rules of a selector, one word each:
 *
 *     +get -get +config|get +select|0 +@read -@write     commands, subcommands, a first argument, categories
 *     allcommands +@all nocommands -@all
 *     ~pattern %R~pattern %W~pattern allkeys ~* resetkeys
 *     &pattern allchannels &* resetchannels
 */
import { ACL_CATEGORIES, aclCategories, findCommand } from "@sider/command-spec";
import type { Command } from "@sider/command-spec";
import type { CommandTable } from "../dispatch/command-table.ts";
import {
  CHANNELS_AFTER_ALL,
  FIRST_ARGUMENT_OF_SUBCOMMAND,
  KEYS_AFTER_ALL,
  RULE_SYNTAX,
  UNKNOWN_COMMAND,
} from "./rule-errors.ts";
import { ACCESS_ALL, ACCESS_READ, ACCESS_WRITE, patternOf } from "./selector.ts";
import type { Selector } from "./selector.ts";
import type { AclSurroundings } from "./user.ts";

/** Changes the selector by one rule; gives the reason when it is none, with nothing changed. */
export function applySelectorRule(selector: Selector, rule: string, surroundings: AclSurroundings): string | null {
  if (applyWord(selector, rule.toLowerCase())) return null;
  switch (rule.charAt(0)) {
    case "~":
      return addKeyPattern(selector, rule.slice(1), ACCESS_ALL);
    case "%":
      return addLimitedKeyPattern(selector, rule);
    case "&":
      return addChannel(selector, rule.slice(1));
    case "+":
    case "-":
      return changeCommands(selector, rule.slice(1), rule.startsWith("+"), surroundings);
    default:
      return RULE_SYNTAX;
  }
}

/** The rules that are a word without more to it. */
function applyWord(selector: Selector, word: string): boolean {
  if (word === "allkeys" || word === "~*") setAllKeys(selector, true);
  else if (word === "resetkeys") setAllKeys(selector, false);
  else if (word === "allchannels" || word === "&*") setAllChannels(selector, true);
  else if (word === "resetchannels") setAllChannels(selector, false);
  else if (word === "allcommands" || word === "+@all") setAllCommands(selector, true);
  else if (word === "nocommands" || word === "-@all") setAllCommands(selector, false);
  else return false;
  return true;
}

function setAllKeys(selector: Selector, isAllowed: boolean): void {
  selector.allowsAllKeys = isAllowed;
  selector.keyPatterns = [];
}

function setAllChannels(selector: Selector, isAllowed: boolean): void {
  selector.allowsAllChannels = isAllowed;
  selector.channels = [];
}

function setAllCommands(selector: Selector, isAllowed: boolean): void {
  selector.allowsAllCommands = isAllowed;
  selector.beginsWithAll = isAllowed;
  selector.commands.fill(isAllowed ? 1 : 0);
  selector.commandRules.clear();
  selector.firstArguments.clear();
}

/** White space or NUL: what would make a printed rule ambiguous. */
export function hasSpaces(text: string): boolean {
  return /[\0\t-\r ]/.test(text);
}

/** %R~pattern, %W~pattern, %RW~pattern; letters in any case. */
function addLimitedKeyPattern(selector: Selector, rule: string): string | null {
  if (selector.allowsAllKeys) return KEYS_AFTER_ALL;
  const match = /^%(r|w|rw|wr)(?:~|$)/i.exec(rule);
  if (match === null) return RULE_SYNTAX;
  const letters = (match[1] ?? "").toLowerCase();
  const access = (letters.includes("r") ? ACCESS_READ : 0) | (letters.includes("w") ? ACCESS_WRITE : 0);
  return addKeyPattern(selector, rule.slice(match[0].length), access);
}

function addKeyPattern(selector: Selector, text: string, access: number): string | null {
  if (selector.allowsAllKeys) return KEYS_AFTER_ALL;
  if (hasSpaces(text)) return RULE_SYNTAX;
  const known = selector.keyPatterns.find((pattern) => pattern.text === text);
  if (known === undefined) selector.keyPatterns.push({ ...patternOf(text), access });
  else known.access |= access;
  return null;
}

function addChannel(selector: Selector, text: string): string | null {
  if (selector.allowsAllChannels) return CHANNELS_AFTER_ALL;
  if (hasSpaces(text)) return RULE_SYNTAX;
  if (!selector.channels.some((pattern) => pattern.text === text)) selector.channels.push(patternOf(text));
  return null;
}

function changeCommands(
  selector: Selector,
  name: string,
  isAllowed: boolean,
  surroundings: AclSurroundings,
): string | null {
  const { table } = surroundings;
  if (name.startsWith("@")) return changeCategory(selector, name.slice(1).toLowerCase(), isAllowed, table);
  const bar = isAllowed ? name.lastIndexOf("|") : -1;
  if (bar >= 0) return allowPart(selector, name, bar, surroundings);
  const command = findCommand(name);
  if (command === undefined) return UNKNOWN_COMMAND;
  changeCommand(selector, command, isAllowed, table);
  noteRule(selector, command.fullName, isAllowed);
  return null;
}

function changeCategory(selector: Selector, category: string, isAllowed: boolean, table: CommandTable): string | null {
  const known = ACL_CATEGORIES.find((name) => name === category);
  if (known === undefined) return UNKNOWN_COMMAND;
  for (const command of table.commands) {
    if (aclCategories(command).includes(known)) changeCommand(selector, command, isAllowed, table);
  }
  noteRule(selector, `@${category}`, isAllowed);
  return null;
}

/** +container|subcommand, or +command|argument, which allows a command with that first argument only. */
function allowPart(selector: Selector, name: string, bar: number, surroundings: AclSurroundings): string | null {
  const { table } = surroundings;
  const command = findCommand(name.slice(0, bar));
  const part = name.slice(bar + 1);
  if (command === undefined) return UNKNOWN_COMMAND;
  if (command.container !== null) return FIRST_ARGUMENT_OF_SUBCOMMAND;
  if (part === "") return RULE_SYNTAX;
  if (command.subcommands.size > 0) {
    const subcommand = command.subcommands.get(part.toLowerCase());
    if (subcommand === undefined) return UNKNOWN_COMMAND;
    changeCommand(selector, subcommand, true, table);
  } else {
    addFirstArgument(selector, table.numberOf(command.fullName), part);
    surroundings.noteFirstArgument(`+${name}`);
  }
  noteRule(selector, name.toLowerCase(), true);
  return null;
}

function addFirstArgument(selector: Selector, number: number, word: string): void {
  const words = selector.firstArguments.get(number) ?? [];
  if (!words.some((known) => known.toLowerCase() === word.toLowerCase())) words.push(word);
  selector.firstArguments.set(number, words);
}

/** A container takes its subcommands with it. */
function changeCommand(selector: Selector, command: Command, isAllowed: boolean, table: CommandTable): void {
  const number = table.numberOf(command.fullName);
  selector.commands[number] = isAllowed ? 1 : 0;
  selector.firstArguments.delete(number);
  for (const subcommand of command.subcommands.values()) {
    selector.commands[table.numberOf(subcommand.fullName)] = isAllowed ? 1 : 0;
  }
  if (!isAllowed) selector.allowsAllCommands = false;
}

/** A rule takes the place of the same one before it, and of those about parts of what it is about. */
function noteRule(selector: Selector, rule: string, isAllowed: boolean): void {
  for (const known of selector.commandRules.keys()) {
    if (known === rule || known.startsWith(`${rule}|`)) selector.commandRules.delete(known);
  }
  selector.commandRules.set(rule, isAllowed);
}
