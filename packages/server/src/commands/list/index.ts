/** Handlers of the list commands. */
import type { Handlers } from "../../dispatch/handler.ts";

export const listHandlers = {} satisfies Handlers<"list">;
