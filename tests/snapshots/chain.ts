/**
 * Counters of all types that one client increments one after the other, each with a command of its own, round and round: at any time
 * those before some point are ahead of the others by one. How far they are says which point in time a snapshot is of.
 */
import type { RawConnection } from "../support/connection.ts";
import type { Random } from "../support/random.ts";
import { askAll, type Command, type Invariant } from "./invariant.ts";

interface Link {
  /** Increments it; the number is how often that has been done before. */
  increment(key: string, before: number): Command;
  read(key: string): Command;
}

const linksByType: Readonly<Record<string, Link>> = {
  string: { increment: (key) => ["INCR", key], read: (key) => ["GET", key] },
  hash: { increment: (key) => ["HINCRBY", key, "field", "1"], read: (key) => ["HGET", key, "field"] },
  zset: { increment: (key) => ["ZINCRBY", key, "1", "member"], read: (key) => ["ZSCORE", key, "member"] },
  float: { increment: (key) => ["INCRBYFLOAT", key, "1"], read: (key) => ["GET", key] },
  text: { increment: (key) => ["APPEND", key, "x"], read: (key) => ["STRLEN", key] },
  bits: { increment: (key, before) => ["SETBIT", key, String(before), "1"], read: (key) => ["BITCOUNT", key] },
  list: { increment: (key, before) => ["RPUSH", key, `element:${before}`], read: (key) => ["LLEN", key] },
  set: { increment: (key, before) => ["SADD", key, String(before * 7)], read: (key) => ["SCARD", key] },
  fields: { increment: (key, before) => ["HSET", key, `field:${before}`, "value"], read: (key) => ["HLEN", key] },
  scores: {
    increment: (key, before) => ["ZADD", key, String(-before), `member:${before}`],
    read: (key) => ["ZCARD", key],
  },
  stream: {
    increment: (key, before) => ["XADD", key, `${before + 1}-1`, "field", "value"],
    read: (key) => ["XLEN", key],
  },
};
const copies = 3;

export class Chain implements Invariant {
  readonly name: string;
  readonly connections = 1;
  readonly #links: { key: string; link: Link }[];
  #sent = 0;
  #answered = 0;

  constructor(name: string, random: Random) {
    this.name = name;
    const all = Object.entries(linksByType).flatMap(([type, link]) =>
      Array.from({ length: copies }, (_, copy) => ({ key: `${name}:${type}:${copy}`, link })),
    );
    this.#links = random.shuffle(all);
  }

  setUp(): Command[] {
    return [];
  }

  next(): Command[] {
    const at = this.#sent++ % this.#links.length;
    const { key, link } = this.#links[at] ?? this.#nothing();
    return [link.increment(key, Math.floor((this.#sent - 1) / this.#links.length))];
  }

  answered(): void {
    this.#answered = this.#sent;
  }

  progress(): { least: number; most: number } {
    return { least: this.#answered, most: this.#sent };
  }

  async fault(server: RawConnection, least: number, most: number): Promise<string | null> {
    const replies = await askAll(
      server,
      this.#links.map(({ key, link }) => link.read(key)),
    );
    const counts = replies.map((reply) => Number(reply.type === "_" ? 0 : reply.text));
    const [first = 0] = counts;
    const behind = counts.findIndex((count) => count !== first);
    const ahead = behind < 0 ? counts.length : behind;
    const odd = counts.findIndex((count, at) => count !== (at < ahead ? first : first - 1));
    if (odd >= 0) return `${this.#links[odd]?.key} is ${counts[odd]} among ${counts.join()}`;
    const steps = (behind < 0 ? first : first - 1) * counts.length + (behind < 0 ? 0 : ahead);
    return steps >= least && steps <= most ? null : `step ${steps} is not from ${least} to ${most}`;
  }

  #nothing(): never {
    throw new Error("a chain without links");
  }
}
