/**
 * Walking an id tree in either direction. A cursor is made once and pointed at one tree after the other; it stands on a slot or nowhere
 * (`word` is NO_SLOT), and ids that are inserted or removed make it invalid: seek again.
 */
import { NIL, wordOf } from "../memory/index.ts";
import type { Heap } from "../memory/index.ts";
import { NO_SLOT } from "./id-tree.ts";
import { FIRST, LAST, leafOf, leafStride, lowerBound, NEXT, NODE_COUNT, PREVIOUS, slotWord } from "./layout.ts";
import { compareIdAt } from "./stream-id.ts";
import type { StreamId } from "./stream-id.ts";

/** A place in an id tree; to seek one is O(log n). */
export class IdCursor {
  /** Word in `heap.i32` of the slot: the id's four words, then its payload. NO_SLOT when the cursor stands nowhere. */
  word = NO_SLOT;
  private leaf = NIL as number;
  private position = 0;
  private stride = 0;

  /** Stands on the first id. O(1). */
  seekFirst(heap: Heap, tree: number): boolean {
    this.stride = leafStride(heap, tree);
    return this.enter(heap, heap.i32[wordOf(tree) + FIRST], 0);
  }

  /** Stands on the last id. O(1). */
  seekLast(heap: Heap, tree: number): boolean {
    this.stride = leafStride(heap, tree);
    return this.enterFromEnd(heap, heap.i32[wordOf(tree) + LAST]);
  }

  /** Stands on the first id that is not below `id`. O(log n). */
  seekAtLeast(heap: Heap, tree: number, id: StreamId): boolean {
    const leaf = leafOf(heap, tree, id);
    this.stride = leafStride(heap, tree);
    if (leaf === NIL) return this.leave();
    return this.enter(heap, leaf, lowerBound(heap.i32, leaf, this.stride, id));
  }

  /** Stands on the last id that is not above `id`. O(log n). */
  seekAtMost(heap: Heap, tree: number, id: StreamId): boolean {
    if (!this.seekAtLeast(heap, tree, id)) return this.seekLast(heap, tree);
    return compareIdAt(heap.i32, this.word, id) === 0 || this.previous(heap);
  }

  /** On to the next id. O(1). */
  next(heap: Heap): boolean {
    return this.enter(heap, this.leaf, this.position + 1);
  }

  /** Back to the id before. O(1). */
  previous(heap: Heap): boolean {
    if (this.position === 0) return this.enterFromEnd(heap, heap.i32[wordOf(this.leaf) + PREVIOUS]);
    return this.enter(heap, this.leaf, this.position - 1);
  }

  /** Stands on a slot of a leaf, or on the first of the next leaf when there are not so many: no leaf is empty. */
  private enter(heap: Heap, leaf: number, position: number): boolean {
    if (leaf === NIL) return this.leave();
    if (position === heap.i32[wordOf(leaf) + NODE_COUNT]) {
      return this.enter(heap, heap.i32[wordOf(leaf) + NEXT], 0);
    }
    this.leaf = leaf;
    this.position = position;
    this.word = slotWord(leaf, position, this.stride);
    return true;
  }

  private enterFromEnd(heap: Heap, leaf: number): boolean {
    return leaf === NIL ? this.leave() : this.enter(heap, leaf, heap.i32[wordOf(leaf) + NODE_COUNT] - 1);
  }

  private leave(): boolean {
    this.word = NO_SLOT;
    this.leaf = NIL;
    return false;
  }
}
