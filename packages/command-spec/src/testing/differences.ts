/**
 * Where the rows, which are those of Redis 7.2, differ from Redis 7.0, which the tests compare them with. A field that is
 * listed here must differ, every other must not: a list that goes stale fails as well.
 */

import type { CommandName } from "../commands.ts";

/** Fields of COMMAND INFO and COMMAND DOCS that are compared. */
export type ComparedField =
  | "arity"
  | "flags"
  | "keyRange"
  | "categories"
  | "tips"
  | "keys"
  | "since"
  | "group"
  | "arguments"
  | "history"
  | "documentFlags"
  | "deprecatedSince";

type Reasons = Partial<Record<ComparedField, string>>;

const RENAMED = "7.2 renamed arguments: dashes for underscores, names that say what instead of listing the choices";
const DEPRECATED = {
  documentFlags: "7.2 marks the command as deprecated",
  deprecatedSince: "7.2 marks the command as deprecated",
};
const IN_SCRIPTS = { flags: "7.2 lets scripts call what may wait: it does not wait there" };
const GEO_HISTORY = "7.2 tells of ANY and of units in upper case everywhere";
const ALL_NODES = "7.2 tells proxies to send it to all nodes";

const WITH_SCORE = {
  arguments: "7.2 has WITHSCORE",
  arity: "7.2 has WITHSCORE",
  history: "7.2 has WITHSCORE",
};

export const differencesFrom70: Partial<Record<CommandName, Reasons>> = {
  "acl|cat": { arguments: RENAMED },
  "acl|deluser": { tips: ALL_NODES },
  "acl|save": { tips: ALL_NODES },
  "acl|setuser": { tips: ALL_NODES },
  "acl|log": { history: "7.2 tells when entries were made" },
  bitcount: { arguments: RENAMED },
  bitfield: { arguments: RENAMED },
  bitfield_ro: { arguments: RENAMED },
  bitop: { arguments: "7.2 lists the operations" },
  bitpos: { arguments: RENAMED },
  blmove: IN_SCRIPTS,
  blpop: IN_SCRIPTS,
  brpop: IN_SCRIPTS,
  brpoplpush: IN_SCRIPTS,
  bzpopmax: IN_SCRIPTS,
  bzpopmin: IN_SCRIPTS,
  "client|kill": { arguments: "7.2 gives ADDR and LADDR names of their own and lists the choices of SKIPME" },
  "client|list": { arguments: RENAMED },
  "client|pause": { since: "7.2 counts from the first stable version" },
  "client|reply": { arguments: RENAMED },
  "client|unblock": { arguments: RENAMED },
  "client|setname": { tips: ALL_NODES },
  "command|getkeys": { arguments: "7.2 documents them", arity: "7.2 allows commands without arguments" },
  "command|getkeysandflags": { arguments: "7.2 documents them", arity: "7.2 allows commands without arguments" },
  "config|get": { arguments: "7.2 dropped a block around the only argument" },
  "config|resetstat": { tips: ALL_NODES },
  "config|rewrite": { tips: ALL_NODES },
  "config|set": { arguments: RENAMED },
  flushall: { arguments: RENAMED },
  flushdb: { arguments: RENAMED },
  geoadd: { arguments: RENAMED },
  geohash: { arguments: "7.2 allows no members" },
  geopos: { arguments: "7.2 allows no members" },
  georadius: { arguments: RENAMED },
  georadius_ro: { arguments: RENAMED, history: GEO_HISTORY },
  georadiusbymember: { arguments: RENAMED, history: GEO_HISTORY },
  georadiusbymember_ro: { arguments: RENAMED, history: GEO_HISTORY },
  geosearch: { arguments: RENAMED },
  geosearchstore: { arguments: RENAMED },
  hello: { arguments: RENAMED },
  hmset: { arguments: RENAMED },
  hset: { arguments: RENAMED },
  "latency|reset": { tips: "7.2 tells proxies to add up the replies" },
  lcs: { arguments: RENAMED },
  pfmerge: { arguments: "7.2 makes the sources optional" },
  "module|loadex": { arguments: "7.2 dropped a block around the arguments of the module" },
  mset: { arguments: RENAMED },
  msetnx: { arguments: RENAMED, tips: "7.2: it cannot be split over shards and stay atomic" },
  psetex: DEPRECATED,
  psubscribe: { arguments: "7.2 dropped a block around the only argument" },
  quit: DEPRECATED,
  randomkey: { tips: "7.2: replies of several shards cannot be merged" },
  scan: { tips: "7.2: replies of several shards cannot be merged" },
  setex: DEPRECATED,
  setnx: DEPRECATED,
  sort: { arguments: RENAMED },
  sort_ro: { arguments: RENAMED },
  shutdown: { arguments: RENAMED },
  wait: IN_SCRIPTS,
  xadd: { arguments: RENAMED },
  xclaim: { arguments: RENAMED },
  "xgroup|create": { arguments: RENAMED },
  "xgroup|createconsumer": { arguments: RENAMED },
  "xgroup|delconsumer": { arguments: RENAMED },
  "xgroup|destroy": { arguments: RENAMED },
  "xgroup|setid": { arguments: RENAMED },
  "xinfo|consumers": { arguments: RENAMED, history: "7.2 tells how long a consumer has got nothing" },
  "xinfo|stream": { arguments: RENAMED, history: "7.2 tells when a consumer was active" },
  xreadgroup: { arguments: RENAMED },
  xsetid: { arguments: RENAMED },
  zadd: { arguments: RENAMED },
  zrange: { arguments: RENAMED },
  zrangebylex: { arguments: RENAMED },
  zrangebyscore: { arguments: RENAMED },
  zrangestore: { arguments: RENAMED },
  zrank: WITH_SCORE,
  zrevrangebylex: { arguments: RENAMED },
  zrevrangebyscore: { arguments: RENAMED },
  zrevrank: WITH_SCORE,
};

/** Commands that Redis 7.0 does not have. */
export const newIn72: readonly CommandName[] = ["client|no-touch", "client|setinfo", "waitaof"];
