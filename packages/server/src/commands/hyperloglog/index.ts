/** Handlers of the hyperloglog commands. */
import type { Handlers } from "../../dispatch/handler.ts";

export const hyperloglogHandlers = {} satisfies Handlers<"hyperloglog">;
