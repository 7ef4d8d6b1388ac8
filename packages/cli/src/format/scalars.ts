/** What the formats have in common: which replies are single values, and the texts of numbers. */
import { doubleText, type Reply } from "@sider/resp-protocol";

/** Replies that hold other replies. Pushes are arrays too. */
export type Aggregate = Reply[] | Set<Reply> | Map<Reply, Reply>;

export function isAggregate(reply: Reply): reply is Aggregate {
  return Array.isArray(reply) || reply instanceof Set || reply instanceof Map;
}

/** Keys and values of a map in turn, or the elements. */
export function* flat(reply: Aggregate): Generator<Reply> {
  if (!(reply instanceof Map)) return yield* reply;
  for (const [key, value] of reply) {
    yield key;
    yield value;
  }
}

/** Whether a number came as a double. A double without a fraction cannot be told from an integer once it is a number. */
export function isDouble(value: number | bigint): boolean {
  return typeof value === "number" && !Number.isInteger(value);
}

export function numberText(value: number | bigint): string {
  return typeof value === "number" && isDouble(value) ? doubleText(value) : String(value);
}
