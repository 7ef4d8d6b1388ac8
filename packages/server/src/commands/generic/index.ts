/** Handlers of the generic commands: those that work on keys, whatever their values are. */
import type { Handlers } from "../../dispatch/handler.ts";
import { replyHelp } from "../../dispatch/help-reply.ts";
import { dump, restore } from "./dump.ts";
import { del, exists, touch, type, unlink } from "./existence.ts";
import { expire, expireat, persist, pexpire, pexpireat } from "./expire.ts";
import { objectEncoding, objectFreq, objectIdletime, objectRefcount } from "./object.ts";
import { copy, move, rename, renamenx } from "./placing.ts";
import { sort, sortRo } from "./sort.ts";
import { expiretime, pexpiretime, pttl, ttl } from "./time-to-live.ts";
import { wait, waitAof } from "./wait.ts";
import { keys, randomkey, scan } from "./walking.ts";

export const genericHandlers = {
  copy,
  del,
  dump,
  exists,
  expire,
  expireat,
  expiretime,
  keys,
  move,
  "object|encoding": objectEncoding,
  "object|freq": objectFreq,
  "object|help": replyHelp,
  "object|idletime": objectIdletime,
  "object|refcount": objectRefcount,
  persist,
  pexpire,
  pexpireat,
  pexpiretime,
  pttl,
  randomkey,
  rename,
  renamenx,
  restore,
  scan,
  sort,
  sort_ro: sortRo,
  touch,
  ttl,
  type,
  unlink,
  wait,
  waitaof: waitAof,
} satisfies Handlers<"generic">;
