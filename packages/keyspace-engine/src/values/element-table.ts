/** The hash table that the elements of a value are found in: one for the fields of a hash, the members of a set or of a sorted set. */
import { memberTableOf, NIL } from "@sider/datastructures";
import type { Heap } from "@sider/datastructures";
import { ENCODING_HASHTABLE, ENCODING_SKIPLIST, encodingOf } from "../keyspace/entry.ts";
import { valueBlockOf } from "./value-block.ts";

/** The table of an entry's elements; NIL where its value has none. Its hashes are the keyspace's. O(1). */
export function elementTableOf(heap: Heap, entry: number): number {
  const encoding = encodingOf(heap, entry);
  if (encoding === ENCODING_HASHTABLE) return valueBlockOf(heap, entry);
  return encoding === ENCODING_SKIPLIST ? memberTableOf(heap, valueBlockOf(heap, entry)) : NIL;
}
