/** Handlers of the hash commands. */
import type { Handlers } from "../../dispatch/handler.ts";

export const hashHandlers = {} satisfies Handlers<"hash">;
