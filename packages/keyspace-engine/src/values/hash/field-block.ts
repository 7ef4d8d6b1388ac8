/**
 * One field of a hash that is a table: a keyed block (`@sider/datastructures`) with the value behind the name.
 *
 * ```
 *  word 0      length of the value in bytes
 *  word 1      length of the name in bytes
 *  word 2 ...  name, padded to whole words
 *  then        value
 * ```
 */
import {
  allocate,
  copyBytes,
  keyedPrefixBytes,
  keyLengthOf,
  keyOffsetOf,
  NIL,
  offsetOf,
  usableBytes,
  windowOf,
  wordOf,
  writeKey,
} from "@sider/datastructures";
import type { Heap } from "@sider/datastructures";
import type { Slice } from "../../slice.ts";

/** A block may be this much larger than needed before a smaller one is taken. */
const SLACK_BYTES = 16;

/** Bytes in use of the block of a field. */
export function fieldBlockBytes(heap: Heap, ref: number): number {
  return keyedPrefixBytes(keyLengthOf(heap, ref)) + heap.i32[wordOf(ref)];
}

/** A block for a field, with room for its value; NIL without memory. Name and value are the caller's to write. */
export function allocateField(heap: Heap, nameLength: number, valueLength: number): number {
  const ref = allocate(heap, keyedPrefixBytes(nameLength) + valueLength);
  if (ref !== NIL) heap.i32[wordOf(ref)] = valueLength;
  return ref;
}

/** Writes name and value into a block that `allocateField` gave for their lengths. */
export function writeField(heap: Heap, ref: number, name: Slice, value: Slice): void {
  writeKey(heap, ref, 0, name.bytes, name.offset, name.length);
  copyBytes(windowOf(heap, ref), valueOffset(ref, name.length), value.bytes, value.offset, value.length);
}

/** Puts another value into the block, if it holds it without wasting much. */
export function overwriteValue(heap: Heap, ref: number, value: Slice): boolean {
  const word = wordOf(ref);
  const nameLength = keyLengthOf(heap, ref);
  if (heap.i32[word] !== value.length) {
    const bytes = keyedPrefixBytes(nameLength) + value.length;
    const usable = usableBytes(heap, ref);
    if (bytes > usable || usable - bytes > SLACK_BYTES + (bytes >> 3)) return false;
    heap.i32[word] = value.length;
  }
  copyBytes(windowOf(heap, ref), valueOffset(ref, nameLength), value.bytes, value.offset, value.length);
  return true;
}

/** Points `out` at the name. */
export function readBlockName(heap: Heap, ref: number, out: Slice): Slice {
  return out.set(windowOf(heap, ref), keyOffsetOf(ref), keyLengthOf(heap, ref));
}

/** Points `out` at the value. */
export function readBlockValue(heap: Heap, ref: number, out: Slice): Slice {
  return out.set(windowOf(heap, ref), valueOffset(ref, keyLengthOf(heap, ref)), heap.i32[wordOf(ref)]);
}

function valueOffset(ref: number, nameLength: number): number {
  return offsetOf(ref) + keyedPrefixBytes(nameLength);
}
