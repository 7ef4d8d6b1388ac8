/** Handlers of the transaction commands. */
import type { Handlers } from "../../dispatch/handler.ts";
import { discard, exec, multi } from "./transaction.ts";
import { unwatch, watch } from "./watch.ts";

export const transactionHandlers = {
  discard,
  exec,
  multi,
  unwatch,
  watch,
} satisfies Handlers<"transactions">;
