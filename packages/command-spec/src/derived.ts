/**
 * What follows from a row and is therefore not written in it: the printed flags, the ACL categories that flags imply,
 * first/last/step of the keys, the movablekeys flag, the text that stands for an argument.
 *
 * The rules are those of Redis (`populateCommandLegacyRangeSpec` and `setImplicitACLCategories` in its server.c), and all
 * lists come out in the order in which COMMAND prints them. Everything here is for building tables once, not per request.
 */

import type { AclCategory, CommandFlag, KeyFlag, KeySpec, LeafArgument, PrintedFlag, SubcommandRow } from "./row.ts";

/** The order in which COMMAND INFO prints flags. */
const FLAG_ORDER: readonly (PrintedFlag | "movablekeys")[] = [
  "write",
  "readonly",
  "denyoom",
  "admin",
  "pubsub",
  "noscript",
  "blocking",
  "loading",
  "stale",
  "skip_monitor",
  "skip_slowlog",
  "asking",
  "fast",
  "no_auth",
  "no_mandatory_keys",
  "no_async_loading",
  "no_multi",
  "movablekeys",
  "allow_busy",
];

/** All ACL categories, in the order in which ACL CAT and COMMAND INFO print them. */
export const ACL_CATEGORIES: readonly AclCategory[] = [
  "keyspace",
  "read",
  "write",
  "set",
  "sortedset",
  "list",
  "hash",
  "string",
  "bitmap",
  "hyperloglog",
  "geo",
  "stream",
  "pubsub",
  "admin",
  "fast",
  "slow",
  "blocking",
  "dangerous",
  "connection",
  "transaction",
  "scripting",
];

const KEY_FLAG_ORDER: readonly KeyFlag[] = [
  "RO",
  "RW",
  "OW",
  "RM",
  "access",
  "update",
  "insert",
  "delete",
  "not_key",
  "incomplete",
  "variable_flags",
];

/** Where the keys are, as the three numbers of COMMAND INFO that clients from before key specs use. All 0: no keys, or not tellable. */
export interface LegacyKeyRange {
  readonly firstKey: number;
  /** Negative: counted from the last argument. */
  readonly lastKey: number;
  readonly keyStep: number;
  /** Some keys are not covered by the three numbers: clients have to ask COMMAND GETKEYS. */
  readonly movableKeys: boolean;
}

type Row = Pick<SubcommandRow, "flags" | "categories" | "keys">;

interface IndexRange {
  readonly first: number;
  readonly last: number;
  readonly step: number;
}

/** The spec as absolute positions, or null if it is of another kind than a range at a fixed index. */
function indexRange(spec: KeySpec): IndexRange | null {
  if (spec.beginSearch.type !== "index" || spec.findKeys.type !== "range") return null;
  const first = spec.beginSearch.index;
  const { lastKey, keyStep } = spec.findKeys;
  return { first, last: lastKey >= 0 ? first + lastKey : lastKey, step: keyStep };
}

/** Glues ranges that follow each other with step 1 into one; keys of any other spec are "movable". */
function glueRanges(specs: readonly KeySpec[]): LegacyKeyRange {
  let firstKey = 0;
  let lastKey = 0;
  let movableKeys = false;
  for (const spec of specs) {
    const range = indexRange(spec);
    if (range?.step !== 1 || (lastKey !== 0 && lastKey !== range.first - 1)) {
      movableKeys = true;
      continue;
    }
    if (spec.flags.includes("incomplete")) movableKeys = true;
    firstKey = firstKey === 0 ? range.first : Math.min(firstKey, range.first);
    // A negative last key reaches further than any positive one.
    lastKey = lastKey < 0 || range.last < 0 ? Math.min(lastKey, range.last) : Math.max(lastKey, range.last);
  }
  return { firstKey, lastKey, keyStep: firstKey === 0 ? 0 : 1, movableKeys };
}

/** First key, last key and step as COMMAND prints them, and whether that leaves keys out. */
export function legacyKeyRange(specs: readonly KeySpec[]): LegacyKeyRange {
  const [only] = specs;
  const range = specs.length === 1 && only !== undefined ? indexRange(only) : null;
  if (only === undefined || range === null) return glueRanges(specs);
  return {
    firstKey: range.first,
    lastKey: range.last,
    keyStep: range.step,
    movableKeys: only.flags.includes("incomplete"),
  };
}

/** The flags that COMMAND INFO prints, movablekeys included, hidden ones left out. */
export function commandFlags(row: Row): (PrintedFlag | "movablekeys")[] {
  const flags = new Set<CommandFlag | "movablekeys">(row.flags);
  if (legacyKeyRange(row.keys ?? []).movableKeys) flags.add("movablekeys");
  return FLAG_ORDER.filter((flag) => flags.has(flag));
}

/** The ACL categories of a command: those of its row and those that its flags imply. Every command is either fast or slow. */
export function aclCategories(row: Row): AclCategory[] {
  const categories = new Set(row.categories);
  const flags = new Set(row.flags);
  if (flags.has("write")) categories.add("write");
  if (flags.has("readonly") && !categories.has("scripting")) categories.add("read");
  if (flags.has("admin")) categories.add("admin").add("dangerous");
  if (flags.has("pubsub")) categories.add("pubsub");
  if (flags.has("blocking")) categories.add("blocking");
  categories.add(flags.has("fast") || categories.has("fast") ? "fast" : "slow");
  return ACL_CATEGORIES.filter((category) => categories.has(category));
}

/** Key flags in the order in which COMMAND INFO and COMMAND GETKEYSANDFLAGS print them. */
export function orderedKeyFlags(flags: readonly KeyFlag[]): KeyFlag[] {
  return KEY_FLAG_ORDER.filter((flag) => flags.includes(flag));
}

/**
 * Whether that many arguments (the command's name, and for subcommands both names, included) fit the arity:
 * exactly as many if it is positive, at least as many if it is negative.
 */
export function arityMatches(arity: number, argumentCount: number): boolean {
  return arity >= 0 ? argumentCount === arity : argumentCount >= -arity;
}

/** What stands for the argument in usage texts, and in COMMAND DOCS as display_text. */
export function displayText(argument: LeafArgument): string {
  return argument.displayText ?? argument.name;
}
