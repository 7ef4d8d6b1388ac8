/** Handlers of the string commands. */
import type { Handlers } from "../../dispatch/handler.ts";
import { append, setrange } from "./edit.ts";
import { get, getdel, getex, getrange, strlen } from "./get.ts";
import { decr, decrby, incr, incrby } from "./increment.ts";
import { incrbyfloat } from "./increment-float.ts";
import { lcs } from "./lcs.ts";
import { mget, mset, msetnx } from "./many.ts";
import { getset, psetex, set, setex, setnx } from "./set.ts";

export const stringHandlers = {
  append,
  decr,
  decrby,
  get,
  getdel,
  getex,
  getrange,
  getset,
  incr,
  incrby,
  incrbyfloat,
  lcs,
  mget,
  mset,
  msetnx,
  psetex,
  set,
  setex,
  setnx,
  setrange,
  strlen,
  substr: getrange,
} satisfies Handlers<"string">;
