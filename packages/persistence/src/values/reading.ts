/**
 * What the readers of plain values are made of. A reading is a generator: it yields false where the input does not hold enough, and is
 * asked again from the same place; true between two parts.
 */
import type { RdbInput, RdbString } from "../rdb-input.ts";

/** Yields whether a part was read, or the input does not hold it yet. */
export type Reading<Result> = Generator<boolean, Result>;

/** Waits until `read` succeeds. */
export function* need(read: () => boolean): Reading<void> {
  while (!read()) yield false;
}

/** A count, then so many items. */
export function* items<Item>(input: RdbInput, item: () => Reading<Item>): Reading<Item[]> {
  yield* need(() => input.readLength());
  const result: Item[] = [];
  for (let left = input.length; left > 0; left--) {
    yield true;
    result.push(yield* item());
  }
  return result;
}

/** The bytes of a string, for keeps. */
export function bytesOf(string: Pick<RdbString, "bytes" | "offset" | "length">): Uint8Array {
  return string.bytes.slice(string.offset, string.offset + string.length);
}
