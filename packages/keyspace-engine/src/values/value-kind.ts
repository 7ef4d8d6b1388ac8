/**
 * What the engine must be able to do with the block of any value, whatever its type: free it (at once, or in slices), copy it, say
 * what it takes. One object of this shape per type, in `<type>/<type>-block.ts`; `value-block.ts` finds it by type number.
 *
 * These modules know blocks and encodings, not entries: the store needs them, and they may not need the store.
 */
import type { Heap } from "@sider/datastructures";

export interface ValueKind {
  /** Number of elements: what COPY, DUMP and a lazy free have to walk. O(1). */
  size(heap: Heap, encoding: number, block: number): number;
  /** Frees the block and all that hangs off it. O(n). */
  free(heap: Heap, encoding: number, block: number): void;
  /**
   * Frees up to about `budget` elements of a value that nobody can see any more. Returns what is left of the budget, 0 when the
   * value is not gone yet: call it again. Afterwards the block is only good for that.
   */
  freeSome(heap: Heap, encoding: number, block: number, budget: number): number;
  /** A copy of the block and all that hangs off it. Throws OutOfMemoryError with nothing left behind. O(n). */
  copy(heap: Heap, encoding: number, block: number): number;
  /** Bytes that the block and all that hangs off it take; estimated from `samples` elements, 0 meaning all. */
  memoryBytes(heap: Heap, encoding: number, block: number, samples: number): number;
}
