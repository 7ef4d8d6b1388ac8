/** Handlers of the set commands. */
import type { Handlers } from "../../dispatch/handler.ts";
import { sadd, smove, srem } from "./change.ts";
import { sinter, sintercard, sinterstore } from "./intersection.ts";
import { spop } from "./pop.ts";
import { srandmember } from "./random.ts";
import { scard, sismember, smembers, smismember } from "./read.ts";
import { sscan } from "./scan.ts";
import { sdiff, sdiffstore, sunion, sunionstore } from "./union-difference.ts";

export const setHandlers = {
  sadd,
  scard,
  sdiff,
  sdiffstore,
  sinter,
  sintercard,
  sinterstore,
  sismember,
  smembers,
  smismember,
  smove,
  spop,
  srandmember,
  srem,
  sscan,
  sunion,
  sunionstore,
} satisfies Handlers<"set">;
