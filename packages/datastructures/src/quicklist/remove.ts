/** Taking out of a list all entries that equal a text. */
import { NIL } from "../memory/index.ts";
import type { Heap } from "../memory/index.ts";
import { settleEnds } from "./compression.ts";
import { equalsAt, toNext, toPrevious } from "./cursor.ts";
import type { QuicklistCursor } from "./cursor.ts";
import { nodeLimitBytes } from "./limits.ts";
import type { QuicklistLimits } from "./limits.ts";
import { headNode, quicklistNodes } from "./list-block.ts";
import { isCompressedNode, nextNode, nodeBytes } from "./node.ts";
import { deleteAt, joinWithNext, makeRaw } from "./quicklist-edit.ts";

/**
 * Takes out the first `most` entries (0: all) that equal a text, from the cursor's on in the direction given; `list` is NIL for a node on
 * its own. Returns how many these were, or -1 where there was no memory to uncompress a node, with nothing taken out. Closes the
 * cursor. O(n), and the bytes of a node for each.
 */
export function removeEqual(
  heap: Heap,
  list: number,
  cursor: QuicklistCursor,
  isForward: boolean,
  most: number,
  bytes: Uint8Array,
  offset: number,
  length: number,
  limits: QuicklistLimits,
): number {
  let removed = 0;
  while (cursor.node !== NIL && (most === 0 || removed < most)) {
    if (equalsAt(cursor, bytes, offset, length)) {
      if (!makeRaw(heap, list, cursor)) return removed === 0 ? -1 : removed;
      deleteAt(heap, list, cursor, isForward);
      removed++;
    } else if (isForward) toNext(heap, cursor);
    else toPrevious(heap, cursor);
  }
  cursor.close();
  if (removed > 0 && list !== NIL) {
    joinSmallNodes(heap, list, limits.listMaxListpackSize);
    settleEnds(heap, list, limits.listCompressDepth);
  }
  return removed;
}

/** Joins neighbours that fill less than half a node together. O(nodes). */
function joinSmallNodes(heap: Heap, list: number, fill: number): void {
  const small = nodeLimitBytes(fill) >> 1;
  let node = headNode(heap, list);
  while (node !== NIL && quicklistNodes(heap, list) > 2) {
    const next = nextNode(heap, node);
    const isSmall = next !== NIL && nodeBytes(heap, node) + nodeBytes(heap, next) <= small;
    const joined = isSmall && !isCompressedNode(heap, node) ? joinWithNext(heap, list, node, fill) : node;
    node = joined === node ? next : joined;
  }
}
