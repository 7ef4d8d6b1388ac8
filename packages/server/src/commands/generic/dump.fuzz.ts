/**
 * Corrupt payloads of every type and encoding through RESTORE, with a checksum that is right: each is refused and the value that was
 * there stays, or makes a value that every command of its type can work with. When all keys are gone, all memory is back.
 */
import { createHeap, heapStatistics, verifyHeap } from "@sider/datastructures";
import type { Checks } from "@sider/datastructures";
import { seededRandom } from "@sider/keyspace-engine";
import { Crc64 } from "@sider/persistence";
import { expect, test } from "vitest";
import { fuzzScale, fuzzSeed } from "../../testing/fuzzing.ts";
import { createTestServer } from "../../testing/test-client.ts";
import type { TestClient } from "../../testing/test-client.ts";

const rounds = Math.ceil(1500 * fuzzScale);
const ROUNDS_BETWEEN_CHECKS = 50;
const SLOW_MS = 2000;
const FOOTER_BYTES = 10;
const REFUSED = "-ERR Bad data format\r\n";
const OUT_OF_MEMORY = /^-OOM /;

const many = (count: number, word: (at: number) => string): string =>
  Array.from({ length: count }, (_, at) => word(at)).join(" ");
const long = "x".repeat(100);

/** Commands that make a value under the key K; some take several. */
const SAMPLES: readonly (readonly string[])[] = [
  ["SET K 12345"],
  [`SET K ${"abc".repeat(50)}`],
  ["PFADD K a b c d"],
  [`PFADD K ${many(3000, (at) => `e${String(at)}`)}`],
  ["RPUSH K a 12 -70000 bb"],
  [`RPUSH K ${many(300, (at) => `${String(at)}${long.slice(at % 90)}`)}`],
  [`RPUSH K a ${"big".repeat(4000)} b`],
  ["SADD K 1 2 300"],
  ["SADD K 1 70000 5000000000"],
  ["SADD K a 12 bb"],
  [`SADD K ${many(200, (at) => `m${String(at)}`)}`],
  ["HSET K f v g 12 h 70000"],
  [`HSET K ${many(80, (at) => `f${String(at)} ${String(at * 1000)}`)}`, `HSET K large ${long}`],
  ["ZADD K 1 a 1.5 b inf c -7 12"],
  [`ZADD K ${many(200, (at) => `${String(at / 4)} m${String(at)}`)}`],
  ["GEOADD K 13.361389 38.115556 p 15.087269 37.502669 q"],
  ["XADD K 5-1 f 1 g two", "XADD K 5-2 f 2 g three", "XADD K 6-1 other 70000", "XDEL K 5-2"],
  [
    ...Array.from({ length: 250 }, (_, at) => `XADD K ${String(at + 1)}-0 f ${String(at)} g v`),
    "XGROUP CREATE K g 0",
    "XREADGROUP GROUP g alice COUNT 5 STREAMS K >",
    "XREADGROUP GROUP g bob COUNT 3 STREAMS K >",
    "XGROUP CREATE K h 7-0",
    "XGROUP CREATECONSUMER K h carol",
  ],
];
const ZIPLIST = "\x15\x15\0\0\0\x12\0\0\0\x04\0\0\x01a\x03\xf3\x02\x01b\x03\xf4\xff";
/** What servers before 7.0 made, without the footer. */
const OLD_PAYLOADS = [
  "\x01\x03\x01a\x0212\x01b",
  "\x03\x02\x01a\x011\x01b\xfe",
  "\x09\x0e\x02\x01a\x01\0b\x01c\x02\x01bb\0\xff",
  `\x0a${ZIPLIST}`,
  `\x0c${ZIPLIST}`,
  `\x0d${ZIPLIST}`,
  `\x0e\x02${ZIPLIST}${ZIPLIST}`,
];

/** Commands that see all of a value of a type, then some that change it. Errors of the command's own are fine. */
const WORK: Readonly<Record<string, readonly string[]>> = {
  string: [
    "GET K,STRLEN K,GETRANGE K 0 -1,BITCOUNT K,BITPOS K 1,GETBIT K 7,LCS K K LEN,PFCOUNT K,PFDEBUG GETREG K,PFMERGE L K",
    "PFADD K x y z,PFCOUNT K,APPEND K x,SETRANGE K 5 abc,INCR K",
  ],
  list: [
    "LLEN K,LRANGE K 0 -1,LRANGE K -3 -1,LINDEX K 1,LINDEX K -2,LPOS K a COUNT 0,LPOS K b RANK -1,SORT K ALPHA",
    "LINSERT K BEFORE b new,LPUSH K x,RPUSH K y,LREM K 0 a,LSET K 1 changed,LMOVE K K LEFT RIGHT,LTRIM K 1 -2,LPOP K 3,RPOP K 1000",
  ],
  set: [
    "SCARD K,SMEMBERS K,SISMEMBER K a,SMISMEMBER K 1 m5 x,SRANDMEMBER K -10,SRANDMEMBER K 5,SSCAN K 0 COUNT 1000,SORT K ALPHA",
    "SINTERCARD 2 K K,SDIFF K K,SUNION K K,SADD K new 5,SREM K a 1 m7,SPOP K 3,SPOP K 1000",
  ],
  hash: [
    "HLEN K,HGETALL K,HKEYS K,HVALS K,HGET K f,HMGET K f f5 x,HEXISTS K g,HSTRLEN K f,HRANDFIELD K -10 WITHVALUES,HSCAN K 0 COUNT 1000",
    "HRANDFIELD K 5,HSET K f new other 1,HINCRBY K n 1,HDEL K g f7,HINCRBYFLOAT K f6 1.5",
  ],
  zset: [
    "ZCARD K,ZRANGE K 0 -1 WITHSCORES,ZRANGE K 0 -1 REV,ZRANGEBYSCORE K -inf +inf,ZRANGEBYLEX K - +,ZSCORE K a,ZRANK K b,ZREVRANK K m5",
    "ZMSCORE K a m5 x,ZCOUNT K 1 (5,ZLEXCOUNT K [a (m5,ZRANDMEMBER K -10 WITHSCORES,ZSCAN K 0 COUNT 1000,ZUNION 2 K K,ZINTERCARD 2 K K",
    "GEOHASH K p q a,GEOPOS K p a,GEODIST K p q,GEOSEARCH K FROMLONLAT 15 37 BYRADIUS 9000 km WITHDIST WITHCOORD,SORT K ALPHA BY nosort",
    "ZADD K 3 new -inf a,ZINCRBY K 2 m5,ZREM K b m7,ZPOPMIN K 2,ZPOPMAX K 2,ZREMRANGEBYSCORE K 1 2,ZREMRANGEBYRANK K 0 1000",
  ],
  stream: [
    "XLEN K,XRANGE K - +,XREVRANGE K + -,XRANGE K 5 6,XINFO STREAM K,XINFO STREAM K FULL COUNT 0,XINFO GROUPS K,XINFO CONSUMERS K g",
    "XREAD STREAMS K 0,XPENDING K g,XPENDING K g - + 100,XPENDING K g - + 100 alice,XREADGROUP GROUP g alice STREAMS K 0",
    "XREADGROUP GROUP g dave COUNT 3 STREAMS K >,XCLAIM K g bob 0 1-0 5-1,XAUTOCLAIM K g bob 0 0,XACK K g 1-0 2-0,XADD K * f v",
    "XDEL K 5-1 3-0,XTRIM K MAXLEN ~ 100,XTRIM K MAXLEN 3,XGROUP DELCONSUMER K g bob,XGROUP DESTROY K g,XSETID K 99999999999999-0",
  ],
};
const WORK_OF_ALL =
  "OBJECT ENCODING K,MEMORY USAGE K SAMPLES 0,DEBUG DIGEST-VALUE K,DEBUG OBJECT K,COPY K L REPLACE,TTL K";

test.each(["yes", "no"])(
  `corrupt payloads, compression %s (SIDER_SEED=${String(fuzzSeed)})`,
  { timeout: 20_000 + 10 * rounds },
  (compression) => {
    const heap = createHeap({ capacityBytes: 2 ** 27, checks: true });
    const guard = heap.guard as Checks;
    const directives = { rdbcompression: compression, "enable-debug-command": "yes", "list-max-listpack-size": "64" };
    const { server, connect, logged } = createTestServer(directives, fuzzSeed, heap);
    const client = connect();
    const payloads = makePayloads(client);
    const mutator = new Mutator(payloads);
    const flush = (): number => {
      client.send("FLUSHALL");
      server.keyspace.lazyFree.freeAll();
      guard.drain();
      verifyHeap(heap);
      return heapStatistics(heap).allocatedBytes;
    };
    for (const payload of payloads) {
      expect(client.send("RESTORE", "old", 0, withFooter(payload), "REPLACE"), JSON.stringify(payload)).toBe("+OK\r\n");
      workWith(client, "old");
    }
    const before = flush();
    let [refused, taken] = [0, 0];
    for (let round = 0; round < rounds; round++) {
      if (round % ROUNDS_BETWEEN_CHECKS === 0) expect(flush() - before, `leak before round ${String(round)}`).toBe(0);
      client.send("RESTORE", "K", 0, withFooter(mutator.pick()), "REPLACE");
      const payload = withFooter(mutator.next());
      const what = (): string => `round ${String(round)}: ${JSON.stringify(payload)} ${logged.slice(-2).join("\n")}`;
      const digest = client.send("DEBUG", "DIGEST-VALUE", "K");
      const startMs = performance.now();
      const reply = client.send("RESTORE", "K", 0, payload, "REPLACE");
      if (reply === REFUSED) {
        refused++;
        expect(client.send("DEBUG", "DIGEST-VALUE", "K"), what()).toBe(digest);
      } else {
        taken++;
        expect(reply, what()).toBe("+OK\r\n");
        expect(workWith(client, "K"), what()).toBe("");
      }
      expect(performance.now() - startMs, what()).toBeLessThan(SLOW_MS);
    }
    expect(flush() - before, "leak at the end").toBe(0);
    expect(Math.min(refused, taken), `${String(refused)} refused, ${String(taken)} taken`).toBeGreaterThan(rounds / 20);
  },
);

/** The payloads of all samples, without their footers. */
function makePayloads(client: TestClient): string[] {
  const payloads = [...OLD_PAYLOADS];
  for (const version of ["11", "10"]) {
    client.send("CONFIG", "SET", "rdb-version", version);
    for (const commands of SAMPLES) {
      client.send("DEL", "K");
      for (const command of commands) expect(client.send(...command.split(" "))).not.toMatch(/^-/);
      payloads.push(dumped(client, "K"));
    }
  }
  return payloads;
}

function dumped(client: TestClient, key: string): string {
  const reply = client.send("DUMP", key);
  return reply.slice(reply.indexOf("\r\n") + 2, -2 - FOOTER_BYTES);
}

/** Runs all commands of the value's type, and says which broke. What it dumps is taken back, to the same value. */
function workWith(client: TestClient, key: string): string {
  const again = client.send("RESTORE", "again", 0, withFooter(dumped(client, key)), "REPLACE");
  if (again !== "+OK\r\n") return `its own payload: ${again}`;
  if (client.send("DEBUG", "DIGEST-VALUE", "again") !== client.send("DEBUG", "DIGEST-VALUE", key)) return "digest";
  const type = client.send("TYPE", key).slice(1, -2);
  for (const command of [WORK_OF_ALL, ...(WORK[type] ?? [])].flatMap((line) => line.split(","))) {
    const words = command.split(" ").map((word) => (word === "K" ? key : word));
    const reply = client.send(...words);
    if (reply === "" || reply.includes("-ERR internal error") || OUT_OF_MEMORY.test(reply)) {
      return `${command}: ${reply.slice(0, 200)}`;
    }
  }
  return "";
}

/** A payload with the version and a checksum that is right. */
function withFooter(payload: string): string {
  const bytes = new Uint8Array(payload.length + FOOTER_BYTES);
  for (let at = 0; at < payload.length; at++) bytes[at] = payload.charCodeAt(at);
  bytes[payload.length] = 11;
  const crc = new Crc64();
  crc.update(bytes, 0, payload.length + 2);
  crc.store(bytes, payload.length + 2);
  return Buffer.from(bytes).toString("latin1");
}

class Mutator {
  private readonly payloads: readonly string[];
  private readonly random = seededRandom(fuzzSeed);

  constructor(payloads: readonly string[]) {
    this.payloads = payloads;
  }

  /** A sound payload. */
  pick(): string {
    return this.payloads[this.random(this.payloads.length)];
  }

  /** A payload with one to three things wrong. */
  next(): string {
    let payload = this.pick();
    for (let times = 1 + this.random(3); times > 0; times--) payload = this.mutate(payload);
    return payload;
  }

  private mutate(payload: string): string {
    const random = this.random;
    // Most of what matters stands at the beginning; the end has what is read last.
    const at = [
      random(payload.length),
      random(Math.min(payload.length, 40)),
      payload.length - 1 - random(Math.min(payload.length, 12)),
    ][random(3)];
    const span = 1 + random(random(4) === 0 ? 100 : 8);
    const [head, piece, tail] = [payload.slice(0, at), payload.slice(at, at + span), payload.slice(at + span)];
    const code = payload.charCodeAt(at);
    switch (random(9)) {
      case 0:
        return replaced(payload, at, code ^ (1 << random(8)));
      case 1:
        return replaced(payload, at, random(256));
      case 2:
        return replaced(payload, at, code + random(7) - 3);
      case 3:
        return head + ["\xff".repeat(4), "\0".repeat(4), "\x80\xff\xff\xff\xff", "\x81\x7f", "\xfe"][random(5)] + tail;
      case 4:
        return payload.length > 1 ? payload.slice(0, Math.max(1, at)) : payload;
      case 5:
        return head === "" ? payload : head + tail;
      case 6:
        return head + piece + piece + tail;
      case 7:
        return this.swapped(payload, at, span);
      default:
        return random(4) === 0 ? this.pick()[0] + payload.slice(1) : this.patched(payload, at, span);
    }
  }

  /** Two pieces of one length change places. */
  private swapped(payload: string, at: number, span: number): string {
    const first = Math.max(1, Math.min(at, payload.length - 2 * span));
    const second = first + span + this.random(Math.max(1, payload.length - first - 2 * span));
    const [one, between] = [payload.slice(first, first + span), payload.slice(first + span, second)];
    return (
      payload.slice(0, first) + payload.slice(second, second + span) + between + one + payload.slice(second + span)
    );
  }

  /** A piece comes from another payload. */
  private patched(payload: string, at: number, span: number): string {
    const other = this.pick();
    const from = this.random(other.length);
    return payload.slice(0, at) + other.slice(from, from + span) + payload.slice(at + span);
  }
}

function replaced(text: string, at: number, code: number): string {
  return text.slice(0, at) + String.fromCharCode(code & 255) + text.slice(at + 1);
}
