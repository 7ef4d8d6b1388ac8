/** Hashes: fields with values under a key. */

import { block, double, integer, key, MULTIPLE, OPTIONAL, pureToken, string, SCAN_ARGUMENTS } from "../arguments.ts";
import {
  INSPECT_ONE_KEY,
  READ_AND_UPDATE_ONE_KEY,
  READ_ONE_KEY,
  UPDATE_ONE_KEY,
  INSERT_INTO_ONE_KEY,
  REMOVE_FROM_ONE_KEY,
} from "../key-specs.ts";
import type { CommandRows } from "../row.ts";

/** Fields and what to store in them, in turn. */
const FIELD_VALUE_PAIRS = block("data", [string("field"), string("value")], MULTIPLE);

export const hashRows = {
  hdel: {
    summary: "Removes fields of a hash, and the key with its last field",
    since: "2.0.0",
    complexity: "O(N), N = number of fields to remove",
    arity: -3,
    flags: ["write", "fast"],
    categories: ["hash"],
    keys: REMOVE_FROM_ONE_KEY,
    arguments: [key(), string("field", MULTIPLE)],
    history: [["2.4.0", "Several fields"]],
    reply: "How many fields were removed",
  },

  hexists: {
    summary: "Tells whether a hash has a field",
    since: "2.0.0",
    complexity: "O(1)",
    arity: 3,
    flags: ["readonly", "fast"],
    categories: ["hash"],
    keys: INSPECT_ONE_KEY,
    arguments: [key(), string("field")],
    reply: "1 or 0",
  },

  hget: {
    summary: "Returns the value of a field",
    since: "2.0.0",
    complexity: "O(1)",
    arity: 3,
    flags: ["readonly", "fast"],
    categories: ["hash"],
    keys: READ_ONE_KEY,
    arguments: [key(), string("field")],
    reply: "The value, or nil",
  },

  hgetall: {
    summary: "Returns all fields of a hash with their values",
    since: "2.0.0",
    complexity: "O(N), N = number of fields",
    arity: 2,
    flags: ["readonly"],
    categories: ["hash"],
    tips: ["nondeterministic_output_order"],
    keys: READ_ONE_KEY,
    arguments: [key()],
    reply: "A map of fields to values; empty when the key is missing",
  },

  hincrby: {
    summary: "Adds a number to the integer of a field; a missing field counts as 0",
    since: "2.0.0",
    complexity: "O(1)",
    arity: 4,
    flags: ["write", "denyoom", "fast"],
    categories: ["hash"],
    keys: READ_AND_UPDATE_ONE_KEY,
    arguments: [key(), string("field"), integer("increment")],
    reply: "The new value",
  },

  hincrbyfloat: {
    summary: "Adds a decimal number to the number of a field; a missing field counts as 0",
    since: "2.6.0",
    complexity: "O(1)",
    arity: 4,
    flags: ["write", "denyoom", "fast"],
    categories: ["hash"],
    keys: READ_AND_UPDATE_ONE_KEY,
    arguments: [key(), string("field"), double("increment")],
    reply: "The new value as text",
  },

  hkeys: {
    summary: "Returns the names of all fields",
    since: "2.0.0",
    complexity: "O(N), N = number of fields",
    arity: 2,
    flags: ["readonly"],
    categories: ["hash"],
    tips: ["nondeterministic_output_order"],
    keys: READ_ONE_KEY,
    arguments: [key()],
    reply: "The names; empty when the key is missing",
  },

  hlen: {
    summary: "Counts the fields of a hash",
    since: "2.0.0",
    complexity: "O(1)",
    arity: 2,
    flags: ["readonly", "fast"],
    categories: ["hash"],
    keys: INSPECT_ONE_KEY,
    arguments: [key()],
    reply: "The number of fields; 0 when the key is missing",
  },

  hmget: {
    summary: "Returns the values of several fields",
    since: "2.0.0",
    complexity: "O(N), N = number of fields asked for",
    arity: -3,
    flags: ["readonly", "fast"],
    categories: ["hash"],
    keys: READ_ONE_KEY,
    arguments: [key(), string("field", MULTIPLE)],
    reply: "A value or nil for each field",
  },

  hmset: {
    summary: "Stores several fields of a hash",
    since: "2.0.0",
    complexity: "O(N), N = number of fields to store",
    arity: -4,
    flags: ["write", "denyoom", "fast"],
    categories: ["hash"],
    keys: UPDATE_ONE_KEY,
    arguments: [key(), FIELD_VALUE_PAIRS],
    documentFlags: ["deprecated"],
    deprecatedSince: "4.0.0",
    replacedBy: "`HSET` with several fields",
    reply: "OK",
  },

  hrandfield: {
    summary: "Returns fields of a hash, chosen at random",
    since: "6.2.0",
    complexity: "O(N), N = number of fields returned",
    arity: -2,
    flags: ["readonly"],
    categories: ["hash"],
    tips: ["nondeterministic_output"],
    keys: READ_ONE_KEY,
    arguments: [key(), block("options", [integer("count"), pureToken("WITHVALUES", OPTIONAL)], OPTIONAL)],
    reply: "A field or nil; with a count, an array of fields, each with its value if asked for",
  },

  hscan: {
    summary: "Walks over the fields of a hash, a few with each call",
    since: "2.8.0",
    complexity: "O(1) for a call, O(N) for a whole walk, N = number of fields",
    arity: -3,
    flags: ["readonly"],
    categories: ["hash"],
    tips: ["nondeterministic_output"],
    keys: READ_ONE_KEY,
    arguments: [key(), ...SCAN_ARGUMENTS],
    reply: "The next cursor (0 = done) and an array of fields and values in turn",
  },

  hset: {
    summary: "Stores fields of a hash; creates it if there is none",
    since: "2.0.0",
    complexity: "O(N), N = number of fields to store",
    arity: -4,
    flags: ["write", "denyoom", "fast"],
    categories: ["hash"],
    keys: UPDATE_ONE_KEY,
    arguments: [key(), FIELD_VALUE_PAIRS],
    history: [["4.0.0", "Several fields"]],
    reply: "How many fields are new",
  },

  hsetnx: {
    summary: "Stores a field of a hash, but only if it is not there yet",
    since: "2.0.0",
    complexity: "O(1)",
    arity: 4,
    flags: ["write", "denyoom", "fast"],
    categories: ["hash"],
    keys: INSERT_INTO_ONE_KEY,
    arguments: [key(), string("field"), string("value")],
    reply: "1 if it was stored, 0 if not",
  },

  hstrlen: {
    summary: "Returns how long the value of a field is, in bytes",
    since: "3.2.0",
    complexity: "O(1)",
    arity: 3,
    flags: ["readonly", "fast"],
    categories: ["hash"],
    keys: INSPECT_ONE_KEY,
    arguments: [key(), string("field")],
    reply: "The length; 0 when there is no such field",
  },

  hvals: {
    summary: "Returns the values of all fields",
    since: "2.0.0",
    complexity: "O(N), N = number of fields",
    arity: 2,
    flags: ["readonly"],
    categories: ["hash"],
    tips: ["nondeterministic_output_order"],
    keys: READ_ONE_KEY,
    arguments: [key()],
    reply: "The values; empty when the key is missing",
  },
} as const satisfies CommandRows;
