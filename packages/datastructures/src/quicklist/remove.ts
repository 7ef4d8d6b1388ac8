/** Taking out of a list all entries that equal a text. */
import { NIL } from "../memory/index.ts";
import type { Heap } from "../memory/index.ts";
import { END, findEntry, firstEntry } from "../listpack/index.ts";
import { rawNode, settleEnds, settleNode } from "./compression.ts";
import { openNode, QuicklistCursor, toFirstOf, toLastOf } from "./cursor.ts";
import { nodeLimitBytes } from "./limits.ts";
import type { QuicklistLimits } from "./limits.ts";
import { headNode, quicklistNodes, tailNode } from "./list-block.ts";
import { isCompressedNode, nextNode, nodeBytes } from "./node.ts";
import { deleteAt, joinWithNext } from "./quicklist-edit.ts";
import { toEqual, toEqualBack } from "./search.ts";

/** For a look into compressed nodes. */
const inspected = new QuicklistCursor();

/**
 * Takes out the first `most` entries (0: all) that equal a text, seen from the head or the tail; `only` is the node where there is no list
 * (NIL). The cursor is anybody's that has nothing to keep. Returns how many these were, or -1 where there was no memory to uncompress a node, with nothing taken out. Closes the
 * cursor. O(n), and the bytes of a node for each.
 */
export function removeEqual(
  heap: Heap,
  list: number,
  only: number,
  cursor: QuicklistCursor,
  isForward: boolean,
  most: number,
  bytes: Uint8Array,
  offset: number,
  length: number,
  limits: QuicklistLimits,
): number {
  if (list !== NIL && !prepareMatches(heap, list, bytes, offset, length)) {
    cursor.close();
    return -1;
  }
  if (isForward) toFirstOf(heap, cursor, list === NIL ? only : headNode(heap, list));
  else toLastOf(heap, cursor, list === NIL ? only : tailNode(heap, list));
  let removed = 0;
  while (most === 0 || removed < most) {
    if (!(isForward ? toEqual : toEqualBack)(heap, cursor, bytes, offset, length)) break;
    deleteAt(heap, list, cursor, isForward);
    removed++;
  }
  cursor.close();
  if (removed > 0 && list !== NIL) {
    joinSmallNodes(heap, list, limits.listMaxListpackSize);
    settleAll(heap, list, limits.listCompressDepth);
  }
  return removed;
}

/** Uncompresses the nodes that have such an entry, so that no memory is needed once the first is gone. False: no memory. O(n). */
function prepareMatches(heap: Heap, list: number, bytes: Uint8Array, offset: number, length: number): boolean {
  let node = headNode(heap, list);
  while (node !== NIL) {
    if (isCompressedNode(heap, node)) {
      openNode(heap, inspected, node);
      const first = firstEntry(inspected.bytes, inspected.start);
      const isHere = findEntry(inspected.bytes, first, bytes, offset, length, 0) !== END;
      node = isHere ? rawNode(heap, list, node) : node;
      if (node === NIL) return false;
    }
    node = nextNode(heap, node);
  }
  return true;
}

/** Compresses the nodes that lie deep enough, and uncompresses the others. O(nodes). */
function settleAll(heap: Heap, list: number, depth: number): void {
  if (depth === 0) return;
  settleEnds(heap, list, depth);
  let node = headNode(heap, list);
  while (node !== NIL) {
    const next = nextNode(heap, node);
    settleNode(heap, list, node, depth);
    node = next;
  }
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
