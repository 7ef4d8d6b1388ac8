/** Handlers of the bitmap commands. */
import type { Handler } from "../../dispatch/handler.ts";

export const bitmapHandlers: Readonly<Record<string, Handler>> = {};
