/** What a client tells the node of a cluster about its connection. Tools try these on every server, to learn whether it is such a node. */

import type { CommandRows } from "../row.ts";

export const clusterRows = {
  asking: {
    summary: "Lets the next command use a slot that is on its way to this node",
    since: "3.0.0",
    complexity: "O(1)",
    arity: 1,
    flags: ["fast"],
    categories: ["connection"],
    reply: "OK",
  },

  readonly: {
    summary: "Lets this connection read from a replica, which may be late",
    since: "3.0.0",
    complexity: "O(1)",
    arity: 1,
    flags: ["loading", "stale", "fast"],
    categories: ["connection"],
    reply: "OK",
  },

  readwrite: {
    summary: "Lets this connection read from a primary only, as at the beginning",
    since: "3.0.0",
    complexity: "O(1)",
    arity: 1,
    flags: ["loading", "stale", "fast"],
    categories: ["connection"],
    reply: "OK",
  },
} as const satisfies CommandRows;
