/** HyperLogLogs. */

import { key, MULTIPLE, string } from "../arguments.ts";
import { keyAt, keyRange, INSERT_INTO_ONE_KEY } from "../key-specs.ts";
import type { CommandRows } from "../row.ts";

export const hyperloglogRows = {
  pfadd: {
    summary: "Adds elements to a HyperLogLog, which is created if it is missing",
    since: "2.8.9",
    complexity: "O(1) for each element",
    arity: -2,
    flags: ["write", "denyoom", "fast"],
    categories: ["hyperloglog"],
    keys: INSERT_INTO_ONE_KEY,
    arguments: [key(), string("element", { optional: true, multiple: true })],
    reply: "1 when a register changed or the key is new, 0 otherwise",
  },

  pfcount: {
    summary: "Estimates how many different elements were added, to one HyperLogLog or to any of several",
    since: "2.8.9",
    complexity: "O(1) for one key whose estimate is cached; O(N) with a large constant for N keys",
    arity: -2,
    flags: ["readonly", "may_replicate"],
    categories: ["hyperloglog"],
    keys: [keyRange(1, -1, 1, ["RW", "access"], "Writes too: the estimate is cached in the value")],
    arguments: [key("key", 0, MULTIPLE)],
    reply: "The estimate; 0 for missing keys",
  },

  pfdebug: {
    summary: "Shows the registers or the encoding of a HyperLogLog, or makes it dense; for debugging",
    since: "2.8.9",
    complexity: "O(N), N = registers",
    arity: 3,
    flags: ["write", "denyoom", "admin"],
    categories: ["hyperloglog"],
    keys: [keyAt(2, ["RW", "access"])],
    arguments: [string("subcommand"), key()],
    documentFlags: ["syscmd"],
    reply: "An array of registers, a text, or 1 when the encoding changed",
  },

  pfmerge: {
    summary: "Stores the union of HyperLogLogs, the one that the destination holds included",
    since: "2.8.9",
    complexity: "O(N) with a large constant, N = keys",
    arity: -2,
    flags: ["write", "denyoom"],
    categories: ["hyperloglog"],
    keys: [keyAt(1, ["RW", "access", "insert"]), keyRange(2, -1, 1, ["RO", "access"])],
    arguments: [key("destkey"), key("sourcekey", 1, { optional: true, multiple: true })],
    reply: "OK",
  },

  pfselftest: {
    summary: "Tests the HyperLogLogs of this server on random elements; for debugging",
    since: "2.8.9",
    complexity: "O(N), N = elements of the test",
    arity: 1,
    flags: ["admin"],
    categories: ["hyperloglog"],
    documentFlags: ["syscmd"],
    reply: "OK, or an error that says what went wrong",
  },
} as const satisfies CommandRows;
