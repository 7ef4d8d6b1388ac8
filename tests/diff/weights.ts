/** Which commands the random run draws, how often, and which it leaves out and why. */
import { type Command, eachCommand } from "@sider/command-spec";

import { WeightedChoice } from "../support/random.ts";

/** Not drawn at random. Where a behaviour can be compared at all, conversations.ts does it with fixed commands. */
export const leftOut: Readonly<Record<string, string>> = {
  "client|info": "describes the connection itself",
  "client|kill": "would close the connection of the run",
  "client|list": "describes the connections themselves",
  "client|no-touch": "new in 7.2",
  "client|pause": "would stop the run",
  "client|reply": "would make replies and commands lose step",
  "client|setinfo": "new in 7.2",
  "command|count": "depends on which commands exist",
  "command|docs": "depends on which commands exist",
  "command|help": "texts of help are our own",
  "command|info": "compared row by row by command-spec's own tests",
  "command|list": "depends on which commands exist",
  "config|get": "defaults differ by design",
  "config|help": "texts of help are our own",
  "config|resetstat": "would make INFO a matter of time",
  "config|rewrite": "writes the configuration file",
  "config|set": "would change the run itself",
  "client|help": "texts of help are our own",
  "memory|help": "texts of help are our own",
  "object|help": "texts of help are our own",
  "xgroup|help": "texts of help are our own",
  "xinfo|help": "texts of help are our own",
  pfdebug: "for tests of the server itself",
  pfselftest: "for tests of the server itself",
  bgrewriteaof: "writes files",
  bgsave: "writes files",
  command: "depends on which commands exist",
  debug: "disabled by default",
  info: "describes the server itself",
  lolwut: "draws what it likes",
  quit: "would close the connection of the run",
  save: "writes files",
  shutdown: "would end the run",
};

/** Commands that are rarer or more frequent than 1. */
const weights: Readonly<Record<string, number>> = {
  set: 8,
  get: 3,
  append: 2,
  setrange: 2,
  setbit: 2,
  bitfield: 3,
  bitop: 2,
  incrby: 2,
  incrbyfloat: 3,
  mset: 2,
  expire: 2,
  restore: 2,
  lcs: 0.5,
  hset: 4,
  hmset: 2,
  lpush: 3,
  rpush: 3,
  sadd: 4,
  zadd: 5,
  geoadd: 4,
  xadd: 6,
  pfadd: 4,
  "xgroup|create": 2,
  xreadgroup: 3,
  xread: 0.3,
  blpop: 0.1,
  brpop: 0.1,
  blmove: 0.1,
  blmpop: 0.1,
  brpoplpush: 0.1,
  bzpopmin: 0.1,
  bzpopmax: 0.1,
  bzmpop: 0.1,
  spop: 0.3,
  rename: 0.5,
  del: 0.5,
  unlink: 0.5,
  flushall: 0.01,
  flushdb: 0.02,
  swapdb: 0.05,
  hello: 0.05,
  reset: 0.05,
  select: 0.4,
  auth: 0.05,
  echo: 0.1,
  ping: 0.1,
  multi: 2,
  exec: 0.1,
  discard: 0.1,
  watch: 0.3,
  unwatch: 0.1,
  randomkey: 0.1,
  keys: 0.2,
  time: 0.02,
  lastsave: 0.02,
  "client|id": 0.05,
  "client|getname": 0.1,
  "client|setname": 0.1,
  "client|no-evict": 0.02,
  "client|unpause": 0.02,
  "command|getkeys": 1,
  "command|getkeysandflags": 1,
};

/** All commands that are drawn, by weight. */
export function commandChoice(only: readonly string[] = []): WeightedChoice<Command> {
  const choice = new WeightedChoice<Command>();
  for (const command of eachCommand()) {
    const wanted = only.length === 0 || only.includes(command.fullName);
    const isContainer = command.subcommands.size > 0;
    if (wanted && !isContainer && !(command.fullName in leftOut)) choice.add(command, weights[command.fullName] ?? 1);
  }
  return choice;
}
