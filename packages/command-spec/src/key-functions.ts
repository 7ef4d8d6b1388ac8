/**
 * Commands whose keys, or what is done to them, key specs alone cannot tell: those with a spec that is unknown,
 * incomplete or of variable flags. One function for each; the rule of each is a fact of Redis's db.c.
 */

import type { CommandName } from "./commands.ts";
import type { KeyFlag } from "./row.ts";

/** The arguments of a command, its name first. An array of strings is one; a server passes a view on its input. */
export interface ArgumentSource {
  readonly length: number;
  at(index: number): string | undefined;
}

/** An argument that is a key. */
export interface KeyReference {
  /** Index among the arguments, the command's name being 0. */
  readonly position: number;
  readonly flags: readonly KeyFlag[];
}

export type KeyFunction = (source: ArgumentSource) => KeyReference[];

function wordAt(source: ArgumentSource, index: number): string {
  return source.at(index)?.toUpperCase() ?? "";
}

/** SET reads the old value only when GET is among its options. */
function keysOfSet(source: ArgumentSource): KeyReference[] {
  for (let index = 3; index < source.length; index++) {
    if (wordAt(source, index) === "GET") return [{ position: 1, flags: ["RW", "access", "update"] }];
  }
  return [{ position: 1, flags: ["OW", "update"] }];
}

/** How many arguments follow the operations of BITFIELD that change nothing. */
const BITFIELD_READS = new Map([
  ["GET", 2],
  ["OVERFLOW", 1],
]);

/** BITFIELD only reads as long as nothing but GET and OVERFLOW is among its operations; nonsense counts as a write. */
function keysOfBitfield(source: ArgumentSource): KeyReference[] {
  for (let index = 2; index < source.length; index++) {
    const operandCount = BITFIELD_READS.get(wordAt(source, index));
    if (operandCount === undefined || index + operandCount >= source.length) {
      return [{ position: 1, flags: ["RW", "access", "update"] }];
    }
    index += operandCount;
  }
  return [{ position: 1, flags: ["RO", "access"] }];
}

/** How many arguments follow the options of SORT in which a STORE is not looked for. */
const SORT_OPERANDS = new Map([
  ["LIMIT", 2],
  ["GET", 1],
  ["BY", 1],
]);

/** SORT's destination is behind the last STORE; a destination that is called like an option is taken for one, as in Redis. */
function keysOfSort(source: ArgumentSource): KeyReference[] {
  let destination = 0;
  for (let index = 2; index < source.length; index++) {
    const word = wordAt(source, index);
    if (word === "STORE" && index + 1 < source.length) destination = index + 1;
    else index += SORT_OPERANDS.get(word) ?? 0;
  }
  const keys = keysOfSortReadOnly();
  if (destination > 0) keys.push({ position: destination, flags: ["OW", "update"] });
  return keys;
}

/** The keys that BY and GET make of the elements are not among the arguments. */
function keysOfSortReadOnly(): KeyReference[] {
  return [{ position: 1, flags: ["RO", "access"] }];
}

/** By full command name. */
export const keyFunctions: Readonly<Partial<Record<CommandName, KeyFunction>>> = {
  set: keysOfSet,
  bitfield: keysOfBitfield,
  sort: keysOfSort,
  sort_ro: keysOfSortReadOnly,
};
