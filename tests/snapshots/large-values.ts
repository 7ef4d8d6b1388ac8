/** Pairs of large values of each type: what one loses the other gains. A command that changes one waits until a snapshot has saved it. */
import type { RawConnection } from "../support/connection.ts";
import type { Random } from "../support/random.ts";
import { askAll, atomically, type Command, type Invariant, sum, textsOf, upTo } from "./invariant.ts";

/** Fields and members whose numbers change; the others only make the value large. */
const hot = 500;
const perCommand = 200;

export class LargeValues implements Invariant {
  readonly name = "large values";
  readonly connections = 2;
  readonly #elements: number;

  /** @param elements of each value at the beginning */
  constructor(elements: number) {
    this.#elements = elements;
  }

  *setUp(): Generator<Command> {
    for (const which of [0, 1]) {
      for (let first = 0; first < this.#elements; first += perCommand) {
        const piece = upTo(Math.min(perCommand, this.#elements - first)).map((at) => first + at);
        yield ["HSET", `large:hash:${which}`, ...piece.flatMap((at) => [`element:${at}`, "0"])];
        yield ["ZADD", `large:zset:${which}`, ...piece.flatMap((at) => ["0", `element:${at}`])];
        yield ["RPUSH", `large:list:${which}`, ...piece.map((at) => `element:${which}:${at}`)];
        yield ["SADD", `large:set:${which}`, ...piece.map((at) => `element:${which}:${at}`)];
      }
    }
  }

  next(random: Random): Command[] {
    const from = random.integer(0, 1);
    const element = `element:${random.integer(0, Math.min(hot, this.#elements) - 1)}`;
    const amount = random.integer(1, 1000);
    const pair = (kind: string): [string, string] => [`large:${kind}:${from}`, `large:${kind}:${1 - from}`];
    switch (random.integer(0, 3)) {
      case 0: {
        const [one, other] = pair("hash");
        return atomically(["HINCRBY", one, element, String(amount)], ["HINCRBY", other, element, String(-amount)]);
      }
      case 1: {
        const [one, other] = pair("zset");
        return atomically(["ZINCRBY", one, String(amount), element], ["ZINCRBY", other, String(-amount), element]);
      }
      case 2:
        return [["LMOVE", ...pair("list"), random.pick(["LEFT", "RIGHT"]), random.pick(["LEFT", "RIGHT"])]];
      default:
        return [["SMOVE", ...pair("set"), `element:${random.integer(0, 1)}:${random.integer(0, this.#elements - 1)}`]];
    }
  }

  async fault(server: RawConnection): Promise<string | null> {
    const sizes = await askAll(
      server,
      ["HLEN hash", "ZCARD zset", "LLEN list", "SCARD set"].flatMap((question) => {
        const [name = "", kind = ""] = question.split(" ");
        return [0, 1].map((which) => [name, `large:${kind}:${which}`]);
      }),
    );
    for (const at of upTo(sizes.length / 2)) {
      const held = sizes.slice(at * 2, at * 2 + 2).map((reply) => Number(reply.text));
      if (sum(held) !== this.#elements * 2) return `sizes of pair ${at}: ${held.join(" and ")}`;
    }
    const elements = upTo(Math.min(hot, this.#elements)).map((at) => `element:${at}`);
    const numbers = await askAll(
      server,
      [0, 1].flatMap((which) => [
        ["HMGET", `large:hash:${which}`, ...elements],
        ["ZMSCORE", `large:zset:${which}`, ...elements],
      ]),
    );
    const [hash0 = [], zset0 = [], hash1 = [], zset1 = []] = numbers.map((reply) => textsOf(reply).map(Number));
    const odd = (these: number[], those: number[]): number =>
      these.findIndex((value, at) => value + (those[at] ?? NaN) !== 0);
    if (odd(hash0, hash1) >= 0) return `large hashes differ at element ${odd(hash0, hash1)}`;
    if (odd(zset0, zset1) >= 0) return `large sorted sets differ at element ${odd(zset0, zset1)}`;
    return null;
  }
}
