/**
 * What the writers of the crash rig have in common. A writer is a fixed sequence of numbered steps, drawn from a seed: a server
 * that has been killed must hold the effect of the steps 1 to n, for one n, and of nothing else. How large n has to be is for
 * the policy to say (`policies.ts`).
 */
import type { RawConnection } from "../support/connection.ts";
import { readFrame, type Reply } from "../support/reply-frames.ts";
import { Random } from "../support/random.ts";

/** A command and what a server must answer to it, as `shown` makes it. */
export interface Expectation {
  query: readonly string[];
  answer: string;
}

export interface Writer {
  readonly name: string;
  /** The commands of a step (from 1); more than one are sent as a transaction. */
  step(index: number): string[][];
  /** How many steps the server has, by what it holds of them. */
  held(connection: RawConnection): Promise<number>;
  /** What the server must hold after this many steps. The number never falls from one call to the next. */
  expected(steps: number): Expectation[];
}

/** The randomness of one step, the same whenever it is asked for. */
export function randomOfStep(seed: number, index: number): Random {
  return new Random(Math.imul(seed, 0x9e3779b1) ^ Math.imul(index, 0x85ebca6b));
}

/** A text that begins with the number of the step; mostly short, now and then some KB, so that files end amid it. */
export function numbered(index: number, random: Random): string {
  const length = random.chance(0.03) ? random.integer(1000, 20_000) : random.integer(0, 40);
  return `${index}:${"x".repeat(length)}`;
}

/** Asks one question. */
export async function ask(connection: RawConnection, ...query: string[]): Promise<Reply> {
  const frame = readFrame(await connection.call(...query), 0);
  if (frame === null) throw new Error(`no whole reply to ${query.join(" ")}`);
  return frame.reply;
}

/** A reply as text: items with blanks between them, those of a set or a hash in order (what comes first is not said). */
export function shown(query: readonly string[], reply: Reply): string {
  if (reply.items === null) return reply.text;
  const items = reply.items.map((item) => shown(query, item));
  const isUnordered = ["SMEMBERS", "HGETALL"].includes(query[0] ?? "");
  return (isUnordered ? inOrder(items, query[0] === "HGETALL" ? 2 : 1) : items).join(" ");
}

function inOrder(items: readonly string[], perElement: number): string[] {
  const elements = Array.from({ length: items.length / perElement }, (_, at) =>
    items.slice(at * perElement, (at + 1) * perElement).join(" "),
  );
  return elements.sort();
}
