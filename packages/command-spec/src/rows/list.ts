/** Lists: elements in order, pushed and popped at both ends. */

import { double, integer, key, MULTIPLE, oneOf, pureToken, string, COUNT } from "../arguments.ts";
import {
  INSPECT_ONE_KEY,
  READ_ONE_KEY,
  UPDATE_ONE_KEY,
  keyAt,
  keyRange,
  countedKeys,
  INSERT_INTO_ONE_KEY,
  REMOVE_FROM_ONE_KEY,
  TAKE_FROM_ONE_KEY,
} from "../key-specs.ts";
import type { CommandRows, KeyFlag } from "../row.ts";

const POP: readonly KeyFlag[] = ["RW", "access", "delete"];
const MOVE = [keyAt(1, POP), keyAt(2, ["RW", "insert"])];

const LEFT_OR_RIGHT = [pureToken("LEFT"), pureToken("RIGHT")];
const SOURCE_AND_DESTINATION = [key("source"), key("destination", 1)];
const ENDS = [oneOf("wherefrom", LEFT_OR_RIGHT), oneOf("whereto", LEFT_OR_RIGHT)];
const COUNTED_POP = [integer("numkeys"), key("key", 0, MULTIPLE), oneOf("where", LEFT_OR_RIGHT), COUNT];
const POP_ARGUMENTS = [key(), integer("count", { optional: true, since: "6.2.0" })];
const OLD_TIMEOUT = [["6.0.0", "The timeout may have a fraction"]] as const;

export const listRows = {
  blmove: {
    summary: "Moves an element from one end of a list to an end of another, waiting for one if there is none",
    since: "6.2.0",
    complexity: "O(1)",
    arity: 6,
    flags: ["write", "denyoom", "blocking"],
    categories: ["list"],
    keys: MOVE,
    arguments: [...SOURCE_AND_DESTINATION, ...ENDS, double("timeout")],
    reply: "The element that was moved, or nil after the timeout",
  },

  blmpop: {
    summary: "Takes elements from the first list that has any, waiting for one if none has",
    since: "7.0.0",
    complexity: "O(N+M), N = keys given, M = elements returned",
    arity: -5,
    flags: ["write", "blocking"],
    categories: ["list"],
    keys: [countedKeys(2, POP)],
    arguments: [double("timeout"), ...COUNTED_POP],
    reply: "The key and its elements, or nil after the timeout",
  },

  blpop: {
    summary: "Takes the first element of the first list that has one, waiting for it if none has",
    since: "2.0.0",
    complexity: "O(N), N = keys given",
    arity: -3,
    flags: ["write", "blocking"],
    categories: ["list"],
    keys: [keyRange(1, -2, 1, POP)],
    arguments: [key("key", 0, MULTIPLE), double("timeout")],
    history: OLD_TIMEOUT,
    reply: "The key and the element, or nil after the timeout",
  },

  brpop: {
    summary: "Takes the last element of the first list that has one, waiting for it if none has",
    since: "2.0.0",
    complexity: "O(N), N = keys given",
    arity: -3,
    flags: ["write", "blocking"],
    categories: ["list"],
    keys: [keyRange(1, -2, 1, POP)],
    arguments: [key("key", 0, MULTIPLE), double("timeout")],
    history: OLD_TIMEOUT,
    reply: "The key and the element, or nil after the timeout",
  },

  brpoplpush: {
    summary: "Moves the last element of a list to the head of another, waiting for one if there is none",
    since: "2.2.0",
    complexity: "O(1)",
    arity: 4,
    flags: ["write", "denyoom", "blocking"],
    categories: ["list"],
    keys: MOVE,
    arguments: [...SOURCE_AND_DESTINATION, double("timeout")],
    history: OLD_TIMEOUT,
    documentFlags: ["deprecated"],
    deprecatedSince: "6.2.0",
    replacedBy: "`BLMOVE` with the `RIGHT` and `LEFT` arguments",
    reply: "The element that was moved, or nil after the timeout",
  },

  lindex: {
    summary: "Returns the element at an index; negative ones count from the end",
    since: "1.0.0",
    complexity: "O(N), N = elements to pass from the nearer end, whole nodes at a time; O(1) at the ends",
    arity: 3,
    flags: ["readonly"],
    categories: ["list"],
    keys: READ_ONE_KEY,
    arguments: [key(), integer("index")],
    reply: "The element, or nil when there is none",
  },

  linsert: {
    summary: "Puts an element before or after the first one that equals a given one",
    since: "2.2.0",
    complexity: "O(N), N = elements before the one that is looked for",
    arity: 5,
    flags: ["write", "denyoom"],
    categories: ["list"],
    keys: INSERT_INTO_ONE_KEY,
    arguments: [key(), oneOf("where", [pureToken("BEFORE"), pureToken("AFTER")]), string("pivot"), string("element")],
    reply: "The length of the list; -1 when no element equals the given one, 0 when the key is missing",
  },

  llen: {
    summary: "Returns how many elements a list has",
    since: "1.0.0",
    complexity: "O(1)",
    arity: 2,
    flags: ["readonly", "fast"],
    categories: ["list"],
    keys: INSPECT_ONE_KEY,
    arguments: [key()],
    reply: "The number of elements; 0 when the key is missing",
  },

  lmove: {
    summary: "Moves an element from one end of a list to an end of another, or of the same",
    since: "6.2.0",
    complexity: "O(1)",
    arity: 5,
    flags: ["write", "denyoom"],
    categories: ["list"],
    keys: MOVE,
    arguments: [...SOURCE_AND_DESTINATION, ...ENDS],
    reply: "The element that was moved, or nil when the source is missing",
  },

  lmpop: {
    summary: "Takes elements from the first list that has any",
    since: "7.0.0",
    complexity: "O(N+M), N = keys given, M = elements returned",
    arity: -4,
    flags: ["write"],
    categories: ["list"],
    keys: [countedKeys(1, POP)],
    arguments: COUNTED_POP,
    reply: "The key and its elements, or nil when all keys are missing",
  },

  lpop: {
    summary: "Takes elements from the head of a list",
    since: "1.0.0",
    complexity: "O(N), N = elements returned",
    arity: -2,
    flags: ["write", "fast"],
    categories: ["list"],
    keys: TAKE_FROM_ONE_KEY,
    arguments: POP_ARGUMENTS,
    history: [["6.2.0", "A count of elements to take"]],
    reply: "The element, or with a count an array of elements; nil when the key is missing",
  },

  lpos: {
    summary: "Returns where in a list an element is found",
    since: "6.0.6",
    complexity: "O(N), N = elements to pass, MAXLEN at most",
    arity: -3,
    flags: ["readonly"],
    categories: ["list"],
    keys: READ_ONE_KEY,
    arguments: [
      key(),
      string("element"),
      integer("rank", { token: "RANK", optional: true }),
      integer("num-matches", { token: "COUNT", optional: true }),
      integer("len", { token: "MAXLEN", optional: true }),
    ],
    reply: "The index of the match, or nil; with COUNT an array of indexes",
  },

  lpush: {
    summary: "Adds elements to the head of a list, one after the other; creates it if there is none",
    since: "1.0.0",
    complexity: "O(N), N = elements given",
    arity: -3,
    flags: ["write", "denyoom", "fast"],
    categories: ["list"],
    keys: INSERT_INTO_ONE_KEY,
    arguments: [key(), string("element", MULTIPLE)],
    history: [["2.4.0", "More than one element"]],
    reply: "The length of the list",
  },

  lpushx: {
    summary: "Adds elements to the head of a list if it exists",
    since: "2.2.0",
    complexity: "O(N), N = elements given",
    arity: -3,
    flags: ["write", "denyoom", "fast"],
    categories: ["list"],
    keys: INSERT_INTO_ONE_KEY,
    arguments: [key(), string("element", MULTIPLE)],
    history: [["4.0.0", "More than one element"]],
    reply: "The length of the list; 0 when the key is missing",
  },

  lrange: {
    summary: "Returns the elements between two indexes, both included; negative ones count from the end",
    since: "1.0.0",
    complexity: "O(S+N), S = distance of the start from the nearer end, N = elements returned",
    arity: 4,
    flags: ["readonly"],
    categories: ["list"],
    keys: READ_ONE_KEY,
    arguments: [key(), integer("start"), integer("stop")],
    reply: "An array of elements; empty when the range or the key is",
  },

  lrem: {
    summary: "Removes elements that equal a given one: so many from the head, from the tail, or all",
    since: "1.0.0",
    complexity: "O(N+M), N = elements of the list, M = elements removed",
    arity: 4,
    flags: ["write"],
    categories: ["list"],
    keys: REMOVE_FROM_ONE_KEY,
    arguments: [key(), integer("count"), string("element")],
    reply: "The number of elements removed",
  },

  lset: {
    summary: "Replaces the element at an index",
    since: "1.0.0",
    complexity: "O(N), N = elements to pass from the nearer end, whole nodes at a time; O(1) at the ends",
    arity: 4,
    flags: ["write", "denyoom"],
    categories: ["list"],
    keys: UPDATE_ONE_KEY,
    arguments: [key(), integer("index"), string("element")],
    reply: "OK; an error when the key is missing or the index out of range",
  },

  ltrim: {
    summary: "Removes the elements outside of a range of indexes",
    since: "1.0.0",
    complexity: "O(N), N = elements removed",
    arity: 4,
    flags: ["write"],
    categories: ["list"],
    keys: REMOVE_FROM_ONE_KEY,
    arguments: [key(), integer("start"), integer("stop")],
    reply: "OK",
  },

  rpop: {
    summary: "Takes elements from the tail of a list",
    since: "1.0.0",
    complexity: "O(N), N = elements returned",
    arity: -2,
    flags: ["write", "fast"],
    categories: ["list"],
    keys: TAKE_FROM_ONE_KEY,
    arguments: POP_ARGUMENTS,
    history: [["6.2.0", "A count of elements to take"]],
    reply: "The element, or with a count an array of elements; nil when the key is missing",
  },

  rpoplpush: {
    summary: "Moves the last element of a list to the head of another, or of the same",
    since: "1.2.0",
    complexity: "O(1)",
    arity: 3,
    flags: ["write", "denyoom"],
    categories: ["list"],
    keys: MOVE,
    arguments: SOURCE_AND_DESTINATION,
    documentFlags: ["deprecated"],
    deprecatedSince: "6.2.0",
    replacedBy: "`LMOVE` with the `RIGHT` and `LEFT` arguments",
    reply: "The element that was moved, or nil when the source is missing",
  },

  rpush: {
    summary: "Adds elements to the tail of a list, one after the other; creates it if there is none",
    since: "1.0.0",
    complexity: "O(N), N = elements given",
    arity: -3,
    flags: ["write", "denyoom", "fast"],
    categories: ["list"],
    keys: INSERT_INTO_ONE_KEY,
    arguments: [key(), string("element", MULTIPLE)],
    history: [["2.4.0", "More than one element"]],
    reply: "The length of the list",
  },

  rpushx: {
    summary: "Adds elements to the tail of a list if it exists",
    since: "2.2.0",
    complexity: "O(N), N = elements given",
    arity: -3,
    flags: ["write", "denyoom", "fast"],
    categories: ["list"],
    keys: INSERT_INTO_ONE_KEY,
    arguments: [key(), string("element", MULTIPLE)],
    history: [["4.0.0", "More than one element"]],
    reply: "The length of the list; 0 when the key is missing",
  },
} as const satisfies CommandRows;
