/** Handlers of the connection commands. */
import type { Handler } from "../../dispatch/handler.ts";

export const connectionHandlers: Readonly<Record<string, Handler>> = {
  ping: (context) => {
    context.reply.simpleString("PONG");
  },
};
