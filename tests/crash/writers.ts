/**
 * The writers. Each works on keys of its own, except those that transfer money: they share their accounts, and only all of
 * them together know what the accounts hold.
 */
import type { RawConnection } from "../support/connection.ts";
import { Bank, TransferWriter } from "./transfers.ts";
import { ask, type Expectation, numbered, randomOfStep, type Writer } from "./writer.ts";

/** Appends its numbers to a list, which is cut now and then. */
class ListWriter implements Writer {
  readonly name: string;
  readonly #seed: number;
  static readonly #cutEvery = 50;
  static readonly #kept = 100;

  constructor(name: string, seed: number) {
    this.name = name;
    this.#seed = seed;
  }

  step(index: number): string[][] {
    const push = ["RPUSH", this.name, this.#element(index)];
    if (index % ListWriter.#cutEvery !== 0) return [push];
    return [push, ["LTRIM", this.name, String(-ListWriter.#kept), "-1"]];
  }

  async held(connection: RawConnection): Promise<number> {
    const { text } = await ask(connection, "LINDEX", this.name, "-1");
    return Number.parseInt(text, 10) || 0;
  }

  expected(steps: number): Expectation[] {
    const lastCut = steps - (steps % ListWriter.#cutEvery);
    const first = Math.max(1, lastCut - ListWriter.#kept + 1);
    const elements = Array.from({ length: steps - first + 1 }, (_, at) => this.#element(first + at));
    return [{ query: ["LRANGE", this.name, "0", "-1"], answer: elements.join(" ") }];
  }

  #element(index: number): string {
    return numbered(index, randomOfStep(this.#seed, index));
  }
}

/** Sets one key after the other to its numbers, some with a time to live that no run outlasts. */
class StringWriter implements Writer {
  readonly name: string;
  readonly #seed: number;
  static readonly #keys = 200;

  constructor(name: string, seed: number) {
    this.name = name;
    this.#seed = seed;
  }

  step(index: number): string[][] {
    const expiry = index % 3 === 0 ? ["EX", "100000"] : [];
    return [["SET", this.#key(index), this.#value(index), ...expiry]];
  }

  async held(connection: RawConnection): Promise<number> {
    const keys = Array.from({ length: StringWriter.#keys }, (_, at) => this.#key(at));
    const { items } = await ask(connection, "MGET", ...keys);
    return Math.max(...(items ?? []).map((item) => Number.parseInt(item.text, 10) || 0));
  }

  expected(steps: number): Expectation[] {
    const first = Math.max(1, steps - StringWriter.#keys + 1);
    const written = Array.from({ length: steps - first + 1 }, (_, at) => first + at);
    if (written.length === 0) return [];
    const query = ["MGET", ...written.map((index) => this.#key(index))];
    return [{ query, answer: written.map((index) => this.#value(index)).join(" ") }];
  }

  #key(index: number): string {
    return `${this.name}:${index % StringWriter.#keys}`;
  }

  #value(index: number): string {
    return numbered(index, randomOfStep(this.#seed, index));
  }
}

/** Changes a hash, a set, a sorted set, a stream and a number together with the count of its steps. */
class CollectionWriter implements Writer {
  readonly name: string;
  readonly #seed: number;
  readonly #hash = new Map<string, string>();
  readonly #set = new Set<string>();
  readonly #scores = new Map<string, number>();
  readonly #stream: number[] = [];
  #applied = 0;
  static readonly #elements = 300;
  static readonly #streamLength = 50;

  constructor(name: string, seed: number) {
    this.name = name;
    this.#seed = seed;
  }

  step(index: number): string[][] {
    const { field, removed, value } = this.#draw(index);
    const { name } = this;
    return [
      ["HSET", `${name}:hash`, field, value],
      ["HDEL", `${name}:hash`, removed],
      ["SADD", `${name}:set`, field],
      ["SREM", `${name}:set`, removed],
      ["ZADD", `${name}:zset`, String(index), field],
      ["ZREM", `${name}:zset`, removed],
      ["XADD", `${name}:stream`, "MAXLEN", String(CollectionWriter.#streamLength), `${index}-1`, "field", field],
      ["INCRBYFLOAT", `${name}:float`, "0.25"],
      ["EXPIRE", `${name}:set`, "100000"],
      ["SET", `${name}:steps`, String(index)],
    ];
  }

  async held(connection: RawConnection): Promise<number> {
    return Number((await ask(connection, "GET", `${this.name}:steps`)).text) || 0;
  }

  expected(steps: number): Expectation[] {
    for (let index = this.#applied + 1; index <= steps; index++) this.#apply(index);
    this.#applied = steps;
    if (steps === 0) return [];
    const scores = [...this.#scores].sort((a, b) => a[1] - b[1]).flatMap(([field, score]) => [field, String(score)]);
    const { name } = this;
    return [
      {
        query: ["HGETALL", `${name}:hash`],
        answer: [...this.#hash]
          .map((pair) => pair.join(" "))
          .sort()
          .join(" "),
      },
      { query: ["SMEMBERS", `${name}:set`], answer: [...this.#set].sort().join(" ") },
      { query: ["ZRANGE", `${name}:zset`, "0", "-1", "WITHSCORES"], answer: scores.join(" ") },
      { query: ["XRANGE", `${name}:stream`, "-", "+"], answer: this.#stream.map((at) => this.#entry(at)).join(" ") },
      { query: ["GET", `${name}:float`], answer: String(steps * 0.25) },
    ];
  }

  #apply(index: number): void {
    const { field, removed, value } = this.#draw(index);
    this.#hash.set(field, value);
    this.#set.add(field);
    this.#scores.set(field, index);
    for (const collection of [this.#hash, this.#set, this.#scores]) collection.delete(removed);
    this.#stream.push(index);
    if (this.#stream.length > CollectionWriter.#streamLength) this.#stream.shift();
  }

  #entry(index: number): string {
    return `${index}-1 field ${this.#draw(index).field}`;
  }

  #draw(index: number): { field: string; removed: string; value: string } {
    const random = randomOfStep(this.#seed, index);
    const element = (): string => String(random.integer(1, CollectionWriter.#elements));
    return { field: element(), removed: element(), value: numbered(index, random) };
  }
}

/** Writers for one run: some of each kind. */
export function makeWriters(seed: number): Writer[] {
  const bank = new Bank();
  return [
    new ListWriter("list:1", seed + 1),
    new ListWriter("list:2", seed + 2),
    new StringWriter("string:1", seed + 3),
    new StringWriter("string:2", seed + 4),
    new CollectionWriter("mixed", seed + 5),
    ...[6, 7, 8].map((number) => new TransferWriter(`transfers:${number}`, seed + number, bank)),
  ];
}
