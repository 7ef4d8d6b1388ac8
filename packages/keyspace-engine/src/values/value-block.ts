/**
 * What every value has in common inside an entry: a part of known size, and possibly a block of its own.
 *
 * ```
 *  integer            word 0 low, word 1 high
 *  inline string      word 0 length in bytes, then the bytes
 *  anything outside   word 0 the type's own (a string's length), word 1 ref of the block
 * ```
 */
import { free } from "@sider/datastructures";
import type { Heap } from "@sider/datastructures";
import { encodingOf, ENCODING_INT, isValueOutside, valueWord } from "../keyspace/entry.ts";

/** Bytes of an integer, and of a value outside. */
export const FIXED_PART_BYTES = 8;
/** Bytes before the text of an inline string. */
export const LENGTH_BYTES = 4;

/** Size in bytes of the value's part inside the entry. */
export function valuePartBytes(heap: Heap, entry: number): number {
  if (isValueOutside(heap, entry) || encodingOf(heap, entry) === ENCODING_INT) return FIXED_PART_BYTES;
  return LENGTH_BYTES + heap.i32[valueWord(heap, entry)];
}

/** Ref of the block of a value outside. */
export function valueBlockOf(heap: Heap, entry: number): number {
  return heap.i32[valueWord(heap, entry) + 1];
}

/** Frees the block of a value outside; nothing for a value inside. */
export function freeValueBlock(heap: Heap, entry: number): void {
  if (isValueOutside(heap, entry)) free(heap, valueBlockOf(heap, entry));
}
