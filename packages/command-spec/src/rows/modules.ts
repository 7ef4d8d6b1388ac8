/** MODULE: no module can be loaded, but tools ask which there are. */

import { block, MULTIPLE, OPTIONAL, string } from "../arguments.ts";
import type { CommandRow } from "../row.ts";

const LOADS = ["admin", "noscript", "no_async_loading", "protected"] as const;
const REPEATED = { ...MULTIPLE, ...OPTIONAL };

export const moduleRow = {
  summary: "Commands about modules, of which there are none",
  since: "4.0.0",
  complexity: "Depends on the subcommand",
  arity: -2,
  reply: "Depends on the subcommand",
  subcommands: {
    help: {
      summary: "Lists the subcommands",
      since: "5.0.0",
      complexity: "O(1)",
      arity: 2,
      flags: ["loading", "stale"],
      reply: "An array of lines",
    },
    list: {
      summary: "Returns the modules that are loaded: none",
      since: "4.0.0",
      complexity: "O(1)",
      arity: 2,
      flags: ["admin", "noscript"],
      tips: ["nondeterministic_output_order"],
      reply: "An empty array",
    },
    load: {
      summary: "Would load a module",
      since: "4.0.0",
      complexity: "O(1)",
      arity: -3,
      flags: LOADS,
      arguments: [string("path"), string("arg", REPEATED)],
      reply: "An error",
    },
    loadex: {
      summary: "Would load a module with settings",
      since: "7.0.0",
      complexity: "O(1)",
      arity: -3,
      flags: LOADS,
      arguments: [
        string("path"),
        block("configs", [string("name"), string("value")], { token: "CONFIG", multipleToken: true, ...REPEATED }),
        string("args", { token: "ARGS", ...REPEATED }),
      ],
      reply: "An error",
    },
    unload: {
      summary: "Would unload a module",
      since: "4.0.0",
      complexity: "O(1)",
      arity: 3,
      flags: LOADS,
      arguments: [string("name")],
      reply: "An error",
    },
  },
} as const satisfies CommandRow;
