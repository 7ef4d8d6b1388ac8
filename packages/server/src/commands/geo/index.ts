/** Handlers of the geo commands. */
import type { Handlers } from "../../dispatch/handler.ts";

export const geoHandlers = {} satisfies Handlers<"geo">;
