/**
 * Money and tokens that go from key to key. Accounts are strings, fields of hashes and members of sorted sets, in every encoding:
 * their sum stays zero. Tokens wander through lists and sets: each is there once. A stream counts the transactions.
 */
import type { RawConnection } from "../support/connection.ts";
import type { Random } from "../support/random.ts";
import { askAll, atomically, type Command, type Invariant, sum, textsOf, upTo } from "./invariant.ts";

const strings = 60;
/** Elements of each hash and sorted set: small ones, and one that is no listpack. */
const sizes = [1, 8, 8, 8, 8, 600];
const places = 6;
const tokens = 200;
const streamLength = 300;

export class Transfers implements Invariant {
  readonly name = "transfers";
  readonly connections = 4;

  *setUp(): Generator<Command> {
    for (const token of upTo(tokens)) {
      yield ["RPUSH", `transfer:list:${token % places}`, `token:${token}`];
      yield ["SADD", `transfer:set:${token % places}`, `token:${token}`];
      yield ["SADD", `transfer:numbers:${token % places}`, String(token)];
    }
  }

  next(random: Random): Command[] {
    const place = (): number => random.integer(0, places - 1);
    const token = random.integer(0, tokens - 1);
    const ends = ["LEFT", "RIGHT"] as const;
    switch (random.integer(0, 5)) {
      case 0:
        return [
          ["LMOVE", `transfer:list:${place()}`, `transfer:list:${place()}`, random.pick(ends), random.pick(ends)],
        ];
      case 1:
        return [["SMOVE", `transfer:set:${place()}`, `transfer:set:${place()}`, `token:${token}`]];
      case 2:
        return [["SMOVE", `transfer:numbers:${place()}`, `transfer:numbers:${place()}`, String(token)]];
      default:
        return transfer(random);
    }
  }

  async fault(server: RawConnection): Promise<string | null> {
    return (await faultOfSum(server)) ?? (await faultOfCount(server)) ?? (await faultOfTokens(server));
  }
}

/** From one account to another, whatever their types. */
function transfer(random: Random): Command[] {
  const amount = random.integer(1, 100_000);
  return atomically(change(random, -amount), ["INCR", "transfer:count"], change(random, amount), [
    "XADD",
    "transfer:stream",
    "MAXLEN",
    "~",
    String(streamLength),
    "*",
    "amount",
    String(amount),
  ]);
}

function change(random: Random, amount: number): Command {
  const kind = random.integer(0, 2);
  if (kind === 0) return ["INCRBY", `transfer:string:${random.integer(0, strings - 1)}`, String(amount)];
  const at = random.integer(0, sizes.length - 1);
  const element = `element:${random.integer(0, (sizes[at] ?? 1) - 1)}`;
  return kind === 1
    ? ["HINCRBY", `transfer:hash:${at}`, element, String(amount)]
    : ["ZINCRBY", `transfer:zset:${at}`, String(amount), element];
}

async function faultOfSum(server: RawConnection): Promise<string | null> {
  const [held, ...others] = await askAll(server, [
    ["MGET", ...upTo(strings).map((at) => `transfer:string:${at}`)],
    ...sizes.map((_, at) => ["HVALS", `transfer:hash:${at}`]),
    ...sizes.map((_, at) => ["ZRANGE", `transfer:zset:${at}`, "0", "-1", "WITHSCORES"]),
  ]);
  const numbers = (texts: string[]): number[] => texts.map((text) => (text === "bulk" ? 0 : Number(text)));
  const total =
    sum(held === undefined ? [] : numbers(textsOf(held))) +
    sum(others.slice(0, sizes.length).flatMap((reply) => numbers(textsOf(reply)))) +
    sum(others.slice(sizes.length).flatMap((reply) => numbers(textsOf(reply).filter((_, at) => at % 2 === 1))));
  return total === 0 ? null : `the sum of all accounts is ${total}`;
}

async function faultOfCount(server: RawConnection): Promise<string | null> {
  const [count, exists] = await askAll(server, [
    ["GET", "transfer:count"],
    ["EXISTS", "transfer:stream"],
  ]);
  if (exists?.text === "0") return count?.type === "_" ? null : "the stream is missing";
  const [stream] = await askAll(server, [["XINFO", "STREAM", "transfer:stream"]]);
  const facts = stream === undefined ? [] : textsOf(stream);
  const added = facts[facts.indexOf("entries-added") + 1];
  return added === count?.text ? null : `${count?.text} transactions, ${added} of them in the stream`;
}

async function faultOfTokens(server: RawConnection): Promise<string | null> {
  for (const [kind, ...read] of [
    ["list", "LRANGE", "0", "-1"],
    ["set", "SMEMBERS"],
    ["numbers", "SMEMBERS"],
  ] as const) {
    const [name = "", ...rest] = read;
    const replies = await askAll(
      server,
      upTo(places).map((place) => [name, `transfer:${kind}:${place}`, ...rest]),
    );
    const found = replies.flatMap(textsOf);
    if (found.length !== tokens || new Set(found).size !== tokens) {
      return `${found.length} tokens in all of ${kind}, ${new Set(found).size} different ones, not ${tokens}`;
    }
  }
  return null;
}
