/** Deleting entries of a node: they are marked and counted, as in Redis. */
import { replaceInteger } from "../listpack/change.ts";
import { NIL, offsetOf, windowOf } from "../memory/index.ts";
import type { Heap } from "../memory/index.ts";
import { FLAG_DELETED, livePosition, nodeDeletedCount, nodeLiveCount, pieceAfter } from "./node-layout.ts";

/**
 * Counts `count` entries of a node as deleted. Returns where the node is now; NIL without memory for a longer number, nothing changed.
 * Positions in the node are to be found anew.
 */
export function countAsDeleted(heap: Heap, node: number, count: number): number {
  const live = nodeLiveCount(windowOf(heap, node), offsetOf(node));
  const deleted = nodeDeletedCount(windowOf(heap, node), offsetOf(node));
  const deletedPosition = pieceAfter(windowOf(heap, node), livePosition(offsetOf(node)));
  const counted = replaceInteger(heap, node, deletedPosition, 0, deleted + count);
  if (counted === NIL) return NIL;
  // a smaller number needs no memory
  return replaceInteger(heap, counted, livePosition(offsetOf(counted)), 0, live - count);
}

/** Marks the entry at position, whose flags are one byte, as deleted. */
export function markDeleted(heap: Heap, node: number, position: number): void {
  windowOf(heap, node)[position] |= FLAG_DELETED;
}
