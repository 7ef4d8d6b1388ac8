/** Transactions: commands that are queued and run together, and keys whose change calls them off. */

import { key, MULTIPLE } from "../arguments.ts";
import { INSPECT_ALL_KEYS } from "../key-specs.ts";
import type { CommandRows } from "../row.ts";

export const transactionRows = {
  discard: {
    summary: "Drops the queued commands and ends the transaction",
    since: "2.0.0",
    complexity: "O(N), N = queued commands",
    arity: 1,
    flags: ["noscript", "loading", "stale", "fast", "allow_busy"],
    categories: ["transaction"],
    reply: "OK",
  },

  exec: {
    summary: "Runs the queued commands, with nothing of others in between",
    since: "1.2.0",
    complexity: "That of the queued commands",
    arity: 1,
    flags: ["noscript", "loading", "stale", "skip_slowlog"],
    categories: ["transaction"],
    reply: "An array of their replies; nil when a watched key has changed",
  },

  multi: {
    summary: "Begins a transaction: commands are queued until EXEC",
    since: "1.2.0",
    complexity: "O(1)",
    arity: 1,
    flags: ["noscript", "loading", "stale", "fast", "allow_busy"],
    categories: ["transaction"],
    reply: "OK",
  },

  unwatch: {
    summary: "Watches no key any more",
    since: "2.2.0",
    complexity: "O(N), N = watched keys",
    arity: 1,
    flags: ["noscript", "loading", "stale", "fast", "allow_busy"],
    categories: ["transaction"],
    reply: "OK",
  },

  watch: {
    summary: "Watches keys: the next EXEC runs nothing if one of them changes before it",
    since: "2.2.0",
    complexity: "O(N), N = keys",
    arity: -2,
    flags: ["noscript", "loading", "stale", "fast", "allow_busy"],
    categories: ["transaction"],
    keys: INSPECT_ALL_KEYS,
    arguments: [key("key", 0, MULTIPLE)],
    reply: "OK",
  },
} as const satisfies CommandRows;
