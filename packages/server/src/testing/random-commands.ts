/**
 * Random commands of all types on few keys, for tests that care about what becomes of the server and not about replies. A line of the
 * list is a command; its capital letters stand for random words:
 *
 *   K   a key, nearly always of the command's own type      V   a value, member or element        N   a small integer
 *   F   one of few fields or members                        D   a number, also a fraction         I   an id of a stream
 *   T   a time to live in milliseconds                      A   a date in milliseconds, also one that has passed
 */
import type { Random } from "@sider/keyspace-engine";

/** Prefix of the keys, then commands without blocking and without a look at the clock. */
const LINES: Readonly<Record<string, readonly string[]>> = {
  s: [
    "set K V,append K V,setrange K N V,incrby K N,incrbyfloat K D,mset K V K V K V,msetnx K V K V,getset K V,set K V ex 100",
    "setbit K N 1,bitop or K K K,bitop not K K,bitfield K set u8 N 7 incrby i16 N N,getdel K,getex K persist,lcs K K,pfadd K V",
  ],
  l: [
    "lpush K V,rpush K V V V,lpush K V V V V V,rpush K V,lpop K,rpop K N,linsert K before F V,linsert K after F V,lset K N V",
    "lrem K N F,ltrim K N -2,lmove K K left right,lmove K K right left,rpoplpush K K,lmpop 2 K K left count N,lpos K F,sort K alpha store K",
  ],
  h: [
    "hset K F V,hset K F V F V F V,hset K V V,hsetnx K F V,hincrby K V N,hincrbyfloat K V D,hdel K F F,hdel K F",
    "hrandfield K N withvalues,hgetall K,hset K F N,hset K V N,hincrby K F N",
  ],
  t: [
    "sadd K F,sadd K V,sadd K N N N,sadd K V V V V,sadd K N,srem K F F N,spop K,spop K N,smove K K F,smove K K N,srandmember K -5",
    "sinterstore K K K,sunionstore K K K,sdiffstore K K K,sort K alpha desc store K,smove K K V",
  ],
  z: [
    "zadd K D F,zadd K D V,zadd K D V D V D F,zadd K gt ch D F,zincrby K D F,zincrby K D V,zadd K incr D F,zrem K F F,zpopmin K,zpopmax K N",
    "zremrangebyrank K N N,zremrangebyscore K (1 N,zremrangebylex K [a (c,zrangestore K K 0 N,zrangestore K K 0 3 byscore",
    "zunionstore K 2 K K weights D D,zinterstore K 2 K K,zdiffstore K 2 K K,zmpop 2 K K max count N,zrandmember K -4,geoadd K N N F",
    "geosearchstore K K fromlonlat 1 1 byradius 1000 km,geosearchstore K K fromlonlat 1 1 bybox 900 900 km storedist",
  ],
  x: [
    "xadd K * F V,xadd K * F V F V,xadd K maxlen 5 * F V,xadd K minid ~ I * F V,xadd K I F V,xadd K nomkstream * V V,xdel K I,xtrim K maxlen N",
    "xgroup create K F 0,xgroup create K F $ mkstream,xgroup destroy K F,xgroup setid K F I,xgroup createconsumer K F V",
    "xgroup delconsumer K F f1,xreadgroup group F F count N streams K >,xreadgroup group F F streams K 0,xack K F I I",
    "xclaim K F F 0 I I force,xclaim K F V 0 I,xautoclaim K F F 0 0 count N,xpending K F,xinfo stream K full,xsetid K I",
  ],
  p: ["pfadd K V V V,pfadd K V,pfadd K V V V V V V V,pfcount K K,pfmerge K K K,pfmerge K K,pfcount K"],
  any: [
    "del K,unlink K,rename K K,renamenx K K,copy K K replace,copy K K,expire K 100,persist K,restore K 0 P replace,type K,dump K,debug object K",
    "object encoding K,scan N count N,move K 1,flushdb async,swapdb 0 1,sort K by nosort store K,memory usage K,touch K,exists K K",
  ],
};

/** Commands that look at the clock or may wait, for tests that ask for them. */
const TIMED_LINES: Readonly<Record<string, readonly string[]>> = {
  s: [
    "set K V px T,set K V px T nx get,set K V pxat A,setex K 5 V,psetex K T V,getex K px T,getex K pxat A,set K V keepttl get,set K V get xx",
    "pfcount K,pfadd K V V,getdel K,getset K V",
  ],
  l: ["blpop K K 0,brpop K 0,blmove K K left right 0,brpoplpush K K 0,blmpop 0 2 K K left count N,blmpop 0 1 K right"],
  z: ["bzpopmin K K 0,bzpopmax K 0,bzmpop 0 2 K K min count N,bzmpop 0 1 K max,geoadd K nx ch N N F N N V"],
  x: [
    "xreadgroup group F V count N noack streams K >,xadd K maxlen ~ N * F V,xadd K minid ~ I limit N * F V,xtrim K maxlen ~ N,xtrim K minid ~ I",
    "xautoclaim K F V 0 0 count N justid,xclaim K F F T I I lastid I,xclaim K F F 0 I retrycount 7 idle T,xreadgroup group F F block 0 streams K >",
    "xgroup create K g 0 mkstream,xgroup create K g 0 mkstream,xreadgroup group g F count N streams K >,xreadgroup group g F streams K >",
    "xautoclaim K g F 0 0 count N justid,xautoclaim K g F 0 -,xclaim K g F 0 I I I force,xreadgroup group g F noack count 2 streams K >",
    "xgroup create K F I entriesread 2,xadd K I F V,xgroup create K F I,xsetid K I entriesadded 9 maxdeletedid I,xadd K 100-* F V",
  ],
  any: [
    "pexpire K T,pexpire K T nx,pexpire K T gt,expire K 1,expire K -1,pexpireat K A,pexpireat K A lt,expireat K 1,pexpire K T xx",
  ],
};

/** Types that the keys of commands of no type have. */
const PREFIXES = Object.keys(LINES).filter((prefix) => prefix !== "any");
const TEMPLATES = templatesOf(LINES);
const ALL_TEMPLATES = [...TEMPLATES, ...templatesOf(TIMED_LINES)];
const VALUES = ["", "a", "b", "12", "-7", "70000", "3.5", "\0\xff", "x".repeat(30), "y".repeat(70), "z".repeat(300)];

interface Template {
  readonly prefix: string;
  readonly words: readonly string[];
}

function templatesOf(lines: Readonly<Record<string, readonly string[]>>): Template[] {
  return Object.entries(lines).flatMap(([prefix, of]) =>
    of.flatMap((line) => line.split(",").map((template) => ({ prefix, words: template.split(" ") }))),
  );
}

export class RandomCommands {
  private readonly random: Random;
  private readonly nowMs: (() => number) | null;

  /** With a clock there are also commands that look at it, and such that wait. */
  constructor(random: Random, nowMs: (() => number) | null = null) {
    this.random = random;
    this.nowMs = nowMs;
  }

  /** The next command. */
  next(): string[] {
    const { prefix, words } = this.pick(this.nowMs === null ? TEMPLATES : ALL_TEMPLATES);
    return words.map((word) => this.word(word, this.random(40) === 0 ? "any" : prefix));
  }

  private word(word: string, prefix: string): string {
    const random = this.random;
    if (word === "K") return `${prefix === "any" ? this.pick(PREFIXES) : prefix}${String(random(4))}`;
    if (word === "V")
      return random(3) === 0 ? `v${String(random(200))}` : this.pick(VALUES).repeat(random(60) === 0 ? 30 : 1);
    if (word === "F") return `f${String(random(8))}`;
    if (word === "N") return String(random(20) - 4);
    if (word === "D") return this.pick(["0", "1", "-2.5", "3.25", "inf", "1e10", String(random(100))]);
    if (word === "T") return String(random(5) === 0 ? random(50) + 1 : random(100_000));
    if (word === "A") return String((this.nowMs?.() ?? 0) + (random(3) === 0 ? -random(1000) : random(50_000)));
    if (word === "I") return `${String(random(200))}-${String(random(3))}`;
    return word;
  }

  private pick<Item>(items: readonly Item[]): Item {
    return items[this.random(items.length)];
  }
}
