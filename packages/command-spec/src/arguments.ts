/**
 * Constructors for the argument tree of a row. Each takes the name that COMMAND DOCS prints and an options object:
 *
 *     [key(), string("value"), oneOf("condition", [pureToken("NX"), pureToken("XX")], { optional: true })]
 */

import type { Argument, ArgumentOptions, BlockArgument, LeafArgument, LeafType, OneOfArgument } from "./row.ts";

function leaf(type: LeafType): (name: string, options?: ArgumentOptions) => LeafArgument {
  return (name, options) => ({ name, type, ...options });
}

/** Any bytes. */
export const string = leaf("string");
/** A signed 64-bit integer. */
export const integer = leaf("integer");
/** A floating point number. */
export const double = leaf("double");
/** A glob-style pattern. */
export const pattern = leaf("pattern");
/** A point in time as a Unix timestamp; its name says whether in seconds or milliseconds. */
export const unixTime = leaf("unix-time");

/** A key, located by the key spec with that index. */
export function key(name = "key", keySpecIndex = 0, options?: ArgumentOptions): LeafArgument {
  return { name, type: "key", keySpecIndex, ...options };
}

/** A literal word that stands alone. Its name is the word in lower case, unless the options name it otherwise. */
export function pureToken(token: string, options?: ArgumentOptions & { readonly name?: string }): LeafArgument {
  return { name: token.toLowerCase(), type: "pure-token", token, ...options };
}

/** Exactly one of the alternatives. */
export function oneOf(name: string, alternatives: readonly Argument[], options?: ArgumentOptions): OneOfArgument {
  return { name, type: "oneof", arguments: alternatives, ...options };
}

/** All of the parts, in this order. */
export function block(name: string, parts: readonly Argument[], options?: ArgumentOptions): BlockArgument {
  return { name, type: "block", arguments: parts, ...options };
}

export const OPTIONAL = { optional: true } as const satisfies ArgumentOptions;
export const MULTIPLE = { multiple: true } as const satisfies ArgumentOptions;

/** How many elements at most, behind the word COUNT. */
export const COUNT = integer("count", { token: "COUNT", optional: true });
/** What the commands that walk over a value in several calls take behind its key. */
export const SCAN_ARGUMENTS = [
  integer("cursor"),
  pattern("pattern", { token: "MATCH", optional: true }),
  COUNT,
] as const satisfies readonly Argument[];
