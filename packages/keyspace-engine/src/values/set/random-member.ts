/** A random member of a set. */
import { offsetOf, randomEntry, seekEntry, windowOf } from "@sider/datastructures";
import { ENCODING_HASHTABLE, ENCODING_INTSET } from "../../keyspace/entry.ts";
import type { Keyspace } from "../../keyspace/keyspace.ts";
import { sizeOfSet } from "./set-block.ts";

/**
 * The position (see `SetCursor`) of a random member of a set that is not empty, each equally likely. O(1); of a listpack O(n),
 * which is short.
 */
export function randomPosition(keyspace: Keyspace, encoding: number, block: number): number {
  const heap = keyspace.heap;
  if (encoding === ENCODING_HASHTABLE) return randomEntry(heap, block, keyspace.random);
  const index = keyspace.random(sizeOfSet(heap, encoding, block));
  return encoding === ENCODING_INTSET ? index : seekEntry(windowOf(heap, block), offsetOf(block), index);
}
