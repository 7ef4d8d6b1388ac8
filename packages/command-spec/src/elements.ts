/**
 * Where the fields or members are among the arguments of a command on one hash, set or sorted set: for those who want to look at them
 * before the command itself does. A hint, never a check: with options in between it may be off by some arguments.
 */
import type { Argument, CommandRow } from "./row.ts";

/** Positions count from the command's name, which is argument 0. */
export interface ElementRange {
  /** The first element where no option is given; 0: the command names none. */
  readonly first: number;
  /** From one element to the next; 0: there is only one. */
  readonly step: number;
  /** Where the first group of `step` arguments begins that has `first` in it. The last group ends with the last argument. */
  readonly groupStart: number;
}

const NONE: ElementRange = { first: 0, step: 0, groupStart: 0 };

/** Finds the elements in a row's arguments. O(arguments). */
export function elementRange(row: Pick<CommandRow, "arguments">): ElementRange {
  const [key, ...others] = row.arguments ?? [];
  if (key?.type !== "key" || others.some((argument) => argument.type === "key")) return NONE;
  let at = 2;
  for (const argument of others) {
    if (argument.optional === true) continue;
    const inside = argument.type === "block" ? argument.arguments.findIndex(isElement) : isElement(argument) ? 0 : -1;
    const width = argument.type === "block" ? argument.arguments.length : 1;
    if (inside >= 0) return { first: at + inside, step: argument.multiple === true ? width : 0, groupStart: at };
    at += width;
  }
  return NONE;
}

function isElement(argument: Argument): boolean {
  return argument.type === "string" && (argument.name === "field" || argument.name === "member");
}

/** Where the first element of a command with `count` arguments is, the name included: options before the groups push it on. O(1). */
export function firstElementAt(range: ElementRange, count: number): number {
  return range.step < 2 ? range.first : range.first + ((count - range.groupStart) % range.step);
}
