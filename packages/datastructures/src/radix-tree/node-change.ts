/** Changing nodes without adding to them. */
import { shrinkBlock } from "../listpack/change.ts";
import { windowOf } from "../memory/index.ts";
import type { Heap } from "../memory/index.ts";
import { countEntries, FLAG_DELETED, streamNodeBytes } from "./node-layout.ts";

/** Deletes the entry at position: as in Redis, it is marked and counted. O(1). */
export function markDeleted(heap: Heap, node: number, position: number): void {
  windowOf(heap, node)[position] |= FLAG_DELETED;
  countEntries(heap, node, -1, 1);
}

/** Gives back what the node's block has too much; returns where the node is now. */
export function shrinkStreamNode(heap: Heap, node: number): number {
  return shrinkBlock(heap, node, streamNodeBytes(heap, node));
}
