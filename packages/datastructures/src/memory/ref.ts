/**
 * Refs: what this heap has in place of pointers.
 *
 *   bits   30 29 28 | 27 ...................... 9 | 8 ......... 0
 *          window   | page of 4 KiB in the window | granule of 8 bytes in the page
 *
 * A ref counts granules of 8 bytes, so a positive int32 reaches 16 GiB. It is int32 because V8 keeps that in a register;
 * a bigger number would be boxed. Granule 0 is never handed out: 0 is NIL.
 */

declare const kindOfRef: unique symbol;

/** A reference to a block that holds a structure of one kind. A Ref<"Listpack"> is no Ref<"Intset">; both are numbers. */
export type Ref<Kind extends string> = number & { readonly [kindOfRef]: Kind };

/** The ref to nothing; assignable to a Ref of every kind. */
export const NIL = 0 as Ref<never>;

/** Size of one granule, the unit of refs, in bytes. */
export const GRANULE_BYTES = 8;
/** What a reservation can hold at most: 2^31 granules. */
export const MAXIMUM_CAPACITY_BYTES = 16 * 2 ** 30;

/**
 * Bytes are reached through windows of 2 GiB: a Uint8Array of Node 20 ends at 4 GiB, and byte offsets are to be int32, since
 * code that computes with them (`| 0`) would go wrong beyond.
 */
export const WINDOW_BYTES = 2 ** 31;
const WINDOW_SHIFT = 28;
const OFFSET_MASK = (1 << WINDOW_SHIFT) - 1;

/** Index of the block's first word in `heap.i32`. O(1). */
export function wordOf(ref: number): number {
  return ref * 2;
}

/** Index of the block's first word in `heap.f64`: the ref itself, spelled out. O(1). */
export function doubleOf(ref: number): number {
  return ref;
}

/** Byte offset of the block in its window, see windowOf. O(1). */
export function offsetOf(ref: number): number {
  return (ref & OFFSET_MASK) * GRANULE_BYTES;
}

/** Number of the window that the block is in. O(1). */
export function windowNumberOf(ref: number): number {
  return ref >> WINDOW_SHIFT;
}
