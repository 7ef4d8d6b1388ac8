/** Handlers of the set commands. */
import type { Handlers } from "../../dispatch/handler.ts";

export const setHandlers = {} satisfies Handlers<"set">;
