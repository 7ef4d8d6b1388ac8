/** Handlers of the hyperloglog commands. */
import type { Handlers } from "../../dispatch/handler.ts";
import { pfadd, pfmerge } from "./add.ts";
import { pfcount } from "./count.ts";
import { pfdebug } from "./debug.ts";
import { pfselftest } from "./self-test.ts";

export const hyperloglogHandlers = {
  pfadd,
  pfcount,
  pfdebug,
  pfmerge,
  pfselftest,
} satisfies Handlers<"hyperloglog">;
