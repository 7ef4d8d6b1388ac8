/** Handlers of the server commands. */
import type { Handler } from "../../dispatch/handler.ts";

export const serverHandlers: Readonly<Record<string, Handler>> = {};
