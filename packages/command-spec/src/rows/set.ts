/** Sets: unordered members, each once. */

import { integer, key, MULTIPLE, string, SCAN_ARGUMENTS } from "../arguments.ts";
import {
  INSPECT_ONE_KEY,
  READ_ONE_KEY,
  keyAt,
  keyRange,
  countedKeys,
  INSERT_INTO_ONE_KEY,
  REMOVE_FROM_ONE_KEY,
  TAKE_FROM_ONE_KEY,
} from "../key-specs.ts";
import type { CommandRows } from "../row.ts";

const READ_ALL_KEYS = [keyRange(1, -1, 1, ["RO", "access"])];
/** The sets that a STORE form reads, behind its destination. */
const OPERANDS = keyRange(2, -1, 1, ["RO", "access"]);
const STORE_ARGUMENTS = [key("destination"), key("key", 1, MULTIPLE)];

export const setRows = {
  sadd: {
    summary: "Adds members to a set; creates it if there is none",
    since: "1.0.0",
    complexity: "O(N), N = members given",
    arity: -3,
    flags: ["write", "denyoom", "fast"],
    categories: ["set"],
    keys: INSERT_INTO_ONE_KEY,
    arguments: [key(), string("member", MULTIPLE)],
    history: [["2.4.0", "More than one member"]],
    reply: "How many were not there before",
  },

  scard: {
    summary: "Returns how many members a set has",
    since: "1.0.0",
    complexity: "O(1)",
    arity: 2,
    flags: ["readonly", "fast"],
    categories: ["set"],
    keys: INSPECT_ONE_KEY,
    arguments: [key()],
    reply: "The number of members; 0 when the key is missing",
  },

  sdiff: {
    summary: "Returns the members of the first set that none of the others has",
    since: "1.0.0",
    complexity: "O(N), N = members of all sets together",
    arity: -2,
    flags: ["readonly"],
    categories: ["set"],
    tips: ["nondeterministic_output_order"],
    keys: READ_ALL_KEYS,
    arguments: [key("key", 0, MULTIPLE)],
    reply: "A set of members",
  },

  sdiffstore: {
    summary: "Stores the members of the first set that none of the others has",
    since: "1.0.0",
    complexity: "O(N), N = members of all sets together",
    arity: -3,
    flags: ["write", "denyoom"],
    categories: ["set"],
    keys: [keyAt(1, ["OW", "update"]), OPERANDS],
    arguments: STORE_ARGUMENTS,
    reply: "How many members were stored",
  },

  sinter: {
    summary: "Returns the members that all sets have",
    since: "1.0.0",
    complexity: "O(N*M) at worst, N = members of the smallest set, M = sets",
    arity: -2,
    flags: ["readonly"],
    categories: ["set"],
    tips: ["nondeterministic_output_order"],
    keys: READ_ALL_KEYS,
    arguments: [key("key", 0, MULTIPLE)],
    reply: "A set of members",
  },

  sintercard: {
    summary: "Counts the members that all sets have, up to a limit",
    since: "7.0.0",
    complexity: "O(N*M) at worst, N = members of the smallest set, M = sets",
    arity: -3,
    flags: ["readonly"],
    categories: ["set"],
    keys: [countedKeys(1, ["RO", "access"])],
    arguments: [integer("numkeys"), key("key", 0, MULTIPLE), integer("limit", { token: "LIMIT", optional: true })],
    reply: "The number of common members, the limit at most",
  },

  sinterstore: {
    summary: "Stores the members that all sets have",
    since: "1.0.0",
    complexity: "O(N*M) at worst, N = members of the smallest set, M = sets",
    arity: -3,
    flags: ["write", "denyoom"],
    categories: ["set"],
    keys: [keyAt(1, ["RW", "update"]), OPERANDS],
    arguments: STORE_ARGUMENTS,
    reply: "How many members were stored",
  },

  sismember: {
    summary: "Tells whether a set has a member",
    since: "1.0.0",
    complexity: "O(1)",
    arity: 3,
    flags: ["readonly", "fast"],
    categories: ["set"],
    keys: INSPECT_ONE_KEY,
    arguments: [key(), string("member")],
    reply: "0 or 1",
  },

  smembers: {
    summary: "Returns all members of a set",
    since: "1.0.0",
    complexity: "O(N), N = members",
    arity: 2,
    flags: ["readonly"],
    categories: ["set"],
    tips: ["nondeterministic_output_order"],
    keys: READ_ONE_KEY,
    arguments: [key()],
    reply: "A set of members",
  },

  smismember: {
    summary: "Tells of several members whether a set has them",
    since: "6.2.0",
    complexity: "O(N), N = members asked for",
    arity: -3,
    flags: ["readonly", "fast"],
    categories: ["set"],
    keys: READ_ONE_KEY,
    arguments: [key(), string("member", MULTIPLE)],
    reply: "An array of 0 or 1, in the order asked",
  },

  smove: {
    summary: "Moves a member from one set to another",
    since: "1.0.0",
    complexity: "O(1)",
    arity: 4,
    flags: ["write", "fast"],
    categories: ["set"],
    keys: [keyAt(1, ["RW", "access", "delete"]), keyAt(2, ["RW", "insert"])],
    arguments: [key("source"), key("destination", 1), string("member")],
    reply: "1 when it was moved, 0 when the source does not have it",
  },

  spop: {
    summary: "Removes random members from a set and returns them",
    since: "1.0.0",
    complexity: "O(1) for one, O(N) for a count of N",
    arity: -2,
    flags: ["write", "fast"],
    categories: ["set"],
    tips: ["nondeterministic_output"],
    keys: TAKE_FROM_ONE_KEY,
    arguments: [key(), integer("count", { optional: true, since: "3.2.0" })],
    history: [["3.2.0", "The count"]],
    reply: "A member or nil; with a count, a set of members",
  },

  srandmember: {
    summary: "Returns random members of a set; with a negative count the same one may come again",
    since: "1.0.0",
    complexity: "O(1) for one, O(N) for a count of N",
    arity: -2,
    flags: ["readonly"],
    categories: ["set"],
    tips: ["nondeterministic_output"],
    keys: READ_ONE_KEY,
    arguments: [key(), integer("count", { optional: true, since: "2.6.0" })],
    history: [["2.6.0", "The count"]],
    reply: "A member or nil; with a count, an array of members",
  },

  srem: {
    summary: "Removes members from a set, and the key with the last of them",
    since: "1.0.0",
    complexity: "O(N), N = members given",
    arity: -3,
    flags: ["write", "fast"],
    categories: ["set"],
    keys: REMOVE_FROM_ONE_KEY,
    arguments: [key(), string("member", MULTIPLE)],
    history: [["2.4.0", "More than one member"]],
    reply: "How many were there",
  },

  sscan: {
    summary: "Returns some members of a set and a cursor for the next call",
    since: "2.8.0",
    complexity: "O(1) for a call, O(N) for a whole walk, N = members",
    arity: -3,
    flags: ["readonly"],
    categories: ["set"],
    tips: ["nondeterministic_output"],
    keys: READ_ONE_KEY,
    arguments: [key(), ...SCAN_ARGUMENTS],
    reply: "The next cursor, 0 at the end, and an array of members",
  },

  sunion: {
    summary: "Returns the members that any of the sets has",
    since: "1.0.0",
    complexity: "O(N), N = members of all sets together",
    arity: -2,
    flags: ["readonly"],
    categories: ["set"],
    tips: ["nondeterministic_output_order"],
    keys: READ_ALL_KEYS,
    arguments: [key("key", 0, MULTIPLE)],
    reply: "A set of members",
  },

  sunionstore: {
    summary: "Stores the members that any of the sets has",
    since: "1.0.0",
    complexity: "O(N), N = members of all sets together",
    arity: -3,
    flags: ["write", "denyoom"],
    categories: ["set"],
    keys: [keyAt(1, ["OW", "update"]), OPERANDS],
    arguments: STORE_ARGUMENTS,
    reply: "How many members were stored",
  },
} as const satisfies CommandRows;
