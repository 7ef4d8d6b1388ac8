/**
 * Finds the keys among the arguments of a command, from its key specs:
 *
 *     begin_search                     find_keys
 *     index 1          ─┐              range: first .. last, every step-th
 *     keyword "KEYS"   ─┴─> first ──>  keynum: a count, then that many keys
 *
 * This is what COMMAND GETKEYS and GETKEYSANDFLAGS answer from, and later ACL and cluster slots. O(arguments).
 */

import type { Command } from "./commands.ts";
import { keyFunctions } from "./key-functions.ts";
import type { ArgumentSource, KeyReference } from "./key-functions.ts";
import type { BeginSearch, FindKeys, KeySpec } from "./row.ts";

interface Positions {
  readonly first: number;
  readonly last: number;
  readonly step: number;
}

/**
 * Where the keyword is, searched forwards from a positive start and backwards from a negative one; -1 when nowhere.
 * As in Redis the argument at which the search would end is not looked at: the last one, or backwards the first.
 */
function keywordPosition(source: ArgumentSource, keyword: string, startFrom: number): number {
  const isForward = startFrom > 0;
  const start = isForward ? startFrom : source.length + startFrom;
  const end = isForward ? source.length - 1 : 1;
  const upper = keyword.toUpperCase();
  for (let index = start; isForward ? index < end : index > end; index += isForward ? 1 : -1) {
    if (source.at(index)?.toUpperCase() === upper) return index;
  }
  return -1;
}

/** The position where the search for keys begins; 0: the spec does not apply; null: it cannot be told. */
function beginPosition(search: BeginSearch, source: ArgumentSource): number | null {
  switch (search.type) {
    case "index":
      return search.index;
    case "keyword":
      return keywordPosition(source, search.keyword, search.startFrom) + 1;
    case "unknown":
      return null;
  }
}

function rangeEnd(begin: number, lastKey: number, limit: number, count: number): number {
  if (lastKey >= 0) return begin + lastKey;
  if (limit === 0) return count + lastKey;
  return begin + Math.trunc((count - begin) / limit) + lastKey;
}

/** A count of keys as decimal digits without sign or leading zeros, as Redis's string2ll takes it; NaN otherwise. */
function parseCount(text: string | undefined): number {
  return text !== undefined && /^(?:0|[1-9]\d{0,8})$/.test(text) ? Number(text) : NaN;
}

function keyPositions(begin: number, find: FindKeys, source: ArgumentSource): Positions | null {
  switch (find.type) {
    case "range":
      return { first: begin, last: rangeEnd(begin, find.lastKey, find.limit, source.length), step: find.keyStep };
    case "keynum": {
      const first = begin + find.firstKey;
      const last = first + parseCount(source.at(begin + find.keyCountIndex)) - 1;
      return { first, last, step: find.keyStep };
    }
    case "unknown":
      return null;
  }
}

/** The keys of one spec; null when the arguments do not fit it or it cannot tell. */
function keysOfSpec(spec: KeySpec, source: ArgumentSource): KeyReference[] | null {
  const begin = beginPosition(spec.beginSearch, source);
  if (begin === 0) return [];
  const positions = begin === null ? null : keyPositions(begin, spec.findKeys, source);
  if (positions === null || spec.flags.includes("incomplete")) return null;
  const { first, last, step } = positions;
  // Written so that a NaN in last fails too.
  if (!(last >= first && last < source.length)) return null;
  const keys: KeyReference[] = [];
  for (let position = first; position <= last; position += step) keys.push({ position, flags: spec.flags });
  return keys;
}

function keysOfSpecs(specs: readonly KeySpec[], source: ArgumentSource): KeyReference[] | null {
  const keys: KeyReference[] = [];
  for (const spec of specs) {
    const found = keysOfSpec(spec, source);
    if (found === null) return null;
    keys.push(...found);
  }
  return keys;
}

/** Whether a command can have keys at all: COMMAND GETKEYS has a message of its own for those that cannot. */
export function hasKeys(command: Command): boolean {
  return keyFunctions[command.fullName] !== undefined || command.keys.some((spec) => !spec.flags.includes("not_key"));
}

/**
 * The arguments that are keys, in the order of the specs, with what the command does to each. The arguments begin with the
 * command's name (for subcommands: both names). Empty when there are none or when the arguments make no sense for the
 * command; the caller checks the arity first.
 */
export function extractKeys(command: Command, source: ArgumentSource): KeyReference[] {
  const specs = command.keys.filter((spec) => !spec.flags.includes("not_key"));
  const isVariable = specs.some((spec) => spec.flags.includes("variable_flags"));
  const keys = isVariable ? null : keysOfSpecs(specs, source);
  return keys ?? keyFunctions[command.fullName]?.(source) ?? [];
}
