/**
 * What clients do to a server whose snapshots are looked at. An invariant is some keys, an endless stream of changes to them, and what
 * must hold between every two commands: so it must hold in a snapshot, which is of one point in time, and nowhere else.
 */
import type { RawConnection } from "../support/connection.ts";
import type { Random } from "../support/random.ts";
import { readFrame, type Reply } from "../support/reply-frames.ts";

export type Command = readonly string[];

export interface Invariant {
  readonly name: string;
  /** How many connections change its keys at the same time. */
  readonly connections: number;
  /** Makes its keys, in any order with those of others. */
  setUp(): Iterable<Command>;
  /** The next changes, to be sent on one connection in this order. */
  next(random: Random): Command[];
  /** Called when all that `next` gave to one connection has been answered. */
  answered?(): void;
  /** How many of its changes have been answered, and how many sent: what a snapshot begun now must hold, and may hold. */
  progress?(): { least: number; most: number };
  /** What is wrong with what a server holds, in words; null if nothing. */
  fault(server: RawConnection, least: number, most: number): Promise<string | null>;
}

/** Commands as one transaction. */
export function atomically(...commands: Command[]): Command[] {
  return [["MULTI"], ...commands, ["EXEC"]];
}

/** The answers to some questions, asked at once. */
export async function askAll(server: RawConnection, questions: readonly Command[]): Promise<Reply[]> {
  const replies = await server.pipeline(questions);
  return replies.map((bytes, at) => {
    const frame = readFrame(bytes, 0);
    if (frame === null || frame.reply.type === "-") {
      throw new Error(`${(questions[at] ?? []).join(" ").slice(0, 80)}: ${bytes.toString("latin1")}`);
    }
    return frame.reply;
  });
}

/** The texts of an array reply. */
export function textsOf(reply: Reply): string[] {
  return (reply.items ?? []).map((item) => item.text);
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** The numbers from 0, as many as there are to be. */
export function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, at) => at);
}
