/**
 * What every value has in common inside an entry: a part of known size, and possibly a block of its own.
 *
 * ```
 *  integer            word 0 low, word 1 high
 *  inline string      word 0 length in bytes, then the bytes
 *  outside            word 0 ref of the block; a string's word 1: length in bytes
 * ```
 */
import { free } from "@sider/datastructures";
import type { Heap } from "@sider/datastructures";
import { encodingOf, ENCODING_INT, isValueOutside, TYPE_STRING, typeOf, valueWord } from "../keyspace/entry.ts";
import { hashKind } from "./hash/hash-block.ts";
import { listKind } from "./list/list-block.ts";
import { setKind } from "./set/set-block.ts";
import { sortedSetKind } from "./sorted-set/sorted-set-block.ts";
import { streamKind } from "./stream/stream-block.ts";
import type { ValueKind } from "./value-kind.ts";

/** By type number. */
const VALUE_KINDS: readonly (ValueKind | null)[] = [null, listKind, setKind, sortedSetKind, hashKind, null, streamKind];

/** Bytes of an integer, and of a string outside. */
export const FIXED_PART_BYTES = 8;
/** Bytes of any other value outside. */
export const REF_PART_BYTES = 4;
/** Bytes before the text of an inline string. */
export const LENGTH_BYTES = 4;

/** Size in bytes of the value's part inside the entry. */
export function valuePartBytes(heap: Heap, entry: number): number {
  if (typeOf(heap, entry) !== TYPE_STRING) return REF_PART_BYTES;
  if (isValueOutside(heap, entry) || encodingOf(heap, entry) === ENCODING_INT) return FIXED_PART_BYTES;
  return LENGTH_BYTES + heap.i32[valueWord(heap, entry)];
}

/** Ref of the block of a value outside. */
export function valueBlockOf(heap: Heap, entry: number): number {
  return heap.i32[valueWord(heap, entry)];
}

/** Points an entry whose value is outside at another block: a value that grew, or changed its encoding. */
export function setValueBlock(heap: Heap, entry: number, block: number): void {
  heap.i32[valueWord(heap, entry)] = block;
}

/** What the engine can do with the block of a value of this type; null for strings, whose block is nothing but bytes. */
export function valueKindOf(type: number): ValueKind | null {
  return VALUE_KINDS[type] ?? null;
}

/** Frees the block of a value outside and all that hangs off it; nothing for a value inside. */
export function freeValueBlock(heap: Heap, entry: number): void {
  if (!isValueOutside(heap, entry)) return;
  const kind = valueKindOf(typeOf(heap, entry));
  if (kind === null) free(heap, valueBlockOf(heap, entry));
  else kind.free(heap, encodingOf(heap, entry), valueBlockOf(heap, entry));
}
