/**
 * Values that go from key to key and from database to database as a whole, some of them large: each is at one place. Beside them pairs of
 * keys that expire at the same time, and keys that come and expire.
 */
import type { RawConnection } from "../support/connection.ts";
import type { Random } from "../support/random.ts";
import { askAll, atomically, type Command, type Invariant, upTo } from "./invariant.ts";

const wanderers = 30;
const slots = 100;
const otherDatabase = 3;
const fields = 20;
/** Every so manieth is large. */
const largeEvery = 6;
const largeBytes = 60_000;
const pairs = 50;
const shortLived = 500;
const hourMs = 3_600_000;

export class Wanderers implements Invariant {
  readonly name = "wanderers";
  readonly connections = 1;
  /** Who is where: slots of database 0, then those of the other one. */
  readonly #held: (number | null)[] = upTo(slots * 2).map((slot) => (slot < wanderers ? slot : null));

  *setUp(): Generator<Command> {
    for (const id of upTo(wanderers)) {
      const text = "x".repeat(id % largeEvery === 0 ? largeBytes : 10);
      yield ["HSET", `wander:${id}`, "id", String(id), ...upTo(fields).flatMap((at) => [`field:${at}`, text])];
    }
    for (const pair of upTo(pairs)) yield ["MSET", `pair:${pair}:a`, "a", `pair:${pair}:b`, "b"];
  }

  next(random: Random): Command[] {
    if (random.chance(0.4)) return [this.#comeAndGo(random)];
    if (random.chance(0.4)) return expiry(random);
    const from = random.pick(this.#occupied());
    return random.chance(0.3) ? this.#move(from) : this.#rename(from, random);
  }

  async fault(server: RawConnection): Promise<string | null> {
    const found: string[] = [];
    for (const database of [0, otherDatabase]) {
      const replies = await askAll(server, [
        ["SELECT", String(database)],
        ...upTo(slots).flatMap((slot) => [
          ["HGET", `wander:${slot}`, "id"],
          ["HLEN", `wander:${slot}`],
        ]),
        ["SELECT", "0"],
      ]);
      for (const slot of upTo(slots)) {
        const id = replies[slot * 2 + 1];
        const size = replies[slot * 2 + 2];
        if (id === undefined || id.type === "_") continue;
        found.push(id.text);
        if (Number(size?.text) !== fields + 1) return `wanderer ${id.text} has ${size?.text} fields`;
      }
    }
    if (found.length !== wanderers || new Set(found).size !== wanderers) return `wanderers: ${found.sort().join()}`;
    return faultOfPairs(server);
  }

  #occupied(): number[] {
    return this.#held.flatMap((id, slot) => (id === null ? [] : [slot]));
  }

  #rename(from: number, random: Random): Command[] {
    const base = from < slots ? 0 : slots;
    const free = upTo(slots).filter((slot) => this.#held[base + slot] === null);
    const to = random.pick(free);
    this.#held[base + to] = this.#held[from] ?? null;
    this.#held[from] = null;
    const names = [`wander:${from - base}`, `wander:${to}`] as const;
    const rename = random.chance(0.3)
      ? [
          ["COPY", ...names],
          ["UNLINK", names[0]],
        ]
      : [["RENAME", ...names]];
    return [["SELECT", base === 0 ? "0" : String(otherDatabase)], ...atomically(...rename), ["SELECT", "0"]];
  }

  /** To the same slot of the other database, if it is free. */
  #move(from: number): Command[] {
    const to = (from + slots) % (slots * 2);
    if (this.#held[to] !== null) return [];
    this.#held[to] = this.#held[from] ?? null;
    this.#held[from] = null;
    const [here, there] = from < slots ? [0, otherDatabase] : [otherDatabase, 0];
    return [
      ["SELECT", String(here)],
      ["MOVE", `wander:${from % slots}`, String(there)],
      ["SELECT", "0"],
    ];
  }

  #comeAndGo(random: Random): Command {
    const number = random.integer(0, shortLived - 1);
    const ttlMs = String(random.integer(1, 40));
    return random.chance(0.5)
      ? ["SET", `short:${number}`, "value", "PX", ttlMs]
      : ["PEXPIRE", `short:${number}`, ttlMs];
  }
}

function expiry(random: Random): Command[] {
  const pair = random.integer(0, pairs - 1);
  const atMs = String(Date.now() + hourMs + random.integer(0, hourMs));
  return random.chance(0.2)
    ? atomically(["PERSIST", `pair:${pair}:a`], ["PERSIST", `pair:${pair}:b`])
    : atomically(["PEXPIREAT", `pair:${pair}:a`, atMs], ["PEXPIREAT", `pair:${pair}:b`, atMs]);
}

async function faultOfPairs(server: RawConnection): Promise<string | null> {
  const times = await askAll(
    server,
    upTo(pairs).flatMap((pair) => ["a", "b"].map((which) => ["PEXPIRETIME", `pair:${pair}:${which}`])),
  );
  const odd = upTo(pairs).find((pair) => times[pair * 2]?.text !== times[pair * 2 + 1]?.text);
  return odd === undefined ? null : `pair ${odd}: ${times[odd * 2]?.text} and ${times[odd * 2 + 1]?.text}`;
}
