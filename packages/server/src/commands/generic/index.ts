/** Handlers of the generic commands. */
import type { Handler } from "../../dispatch/handler.ts";

export const genericHandlers: Readonly<Record<string, Handler>> = {};
