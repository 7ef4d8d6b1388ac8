/** Handlers of the list commands. */
import type { Handlers } from "../../dispatch/handler.ts";
import { linsert, lrem, lset, ltrim } from "./edit.ts";
import { blmove, brpoplpush, lmove, rpoplpush } from "./move.ts";
import { blmpop, blpop, brpop, lmpop, lpop, rpop } from "./pop.ts";
import { lpush, lpushx, rpush, rpushx } from "./push.ts";
import { lindex, llen, lpos, lrange } from "./read.ts";

export const listHandlers = {
  blmove,
  blmpop,
  blpop,
  brpop,
  brpoplpush,
  lindex,
  linsert,
  llen,
  lmove,
  lmpop,
  lpop,
  lpos,
  lpush,
  lpushx,
  lrange,
  lrem,
  lset,
  ltrim,
  rpop,
  rpoplpush,
  rpush,
  rpushx,
} satisfies Handlers<"list">;
