/** Handlers of the stream commands. */
import type { Handlers } from "../../dispatch/handler.ts";

export const streamHandlers = {} satisfies Handlers<"stream">;
