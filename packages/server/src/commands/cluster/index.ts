/** Handlers of the cluster commands, on a server that is no node of a cluster. */
import type { CommandContext } from "../../dispatch/command-context.ts";
import type { Handlers } from "../../dispatch/handler.ts";

/** To the letter: redis-cli goes on with `--bigkeys` and its like after this error of READONLY, and after no other. */
const NO_CLUSTER = "ERR This instance has cluster support disabled";

function refuse(context: CommandContext): void {
  context.error = NO_CLUSTER;
}

export const clusterHandlers = {
  asking: refuse,
  readonly: refuse,
  readwrite: refuse,
} satisfies Handlers<"cluster">;
