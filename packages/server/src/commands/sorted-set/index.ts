/** Handlers of the sorted-set commands. */
import type { Handlers } from "../../dispatch/handler.ts";

export const sortedSetHandlers = {} satisfies Handlers<"sorted-set">;
