/** All handlers, by the names of the command table. */
import type { Handler } from "../dispatch/handler.ts";
import { stringHandlers } from "./string/index.ts";

export const allHandlers: Readonly<Record<string, Handler>> = {
  ...stringHandlers,
  ping: (context) => {
    context.reply.simpleString("PONG");
  },
};
