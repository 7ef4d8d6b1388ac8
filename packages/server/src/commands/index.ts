/** All handlers, by the names of the command table. */
import type { Handler } from "../dispatch/handler.ts";
import { bitmapHandlers } from "./bitmap/index.ts";
import { connectionHandlers } from "./connection/index.ts";
import { genericHandlers } from "./generic/index.ts";
import { serverHandlers } from "./server/index.ts";
import { stringHandlers } from "./string/index.ts";

export const allHandlers: Readonly<Record<string, Handler>> = {
  ...stringHandlers,
  ...bitmapHandlers,
  ...genericHandlers,
  ...connectionHandlers,
  ...serverHandlers,
};
