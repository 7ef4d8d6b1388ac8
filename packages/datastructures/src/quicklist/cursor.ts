/**
 * A place in a list, for reading and as the place of a change. It stands at an entry, or at none. Changes of the list by other means, and
 * any call that may allocate, end its use; the functions of quicklist-edit.ts bring it along.
 *
 * A compressed node is read from the cursor's own copy.
 */
import {
  END,
  entryEquals,
  entryOrEnd,
  firstEntry,
  lastEntry,
  nextEntry,
  previousEntry,
  readText,
  seekEntry,
} from "../listpack/index.ts";
import type { TextTarget } from "../listpack/read.ts";
import { NIL, offsetOf, windowOf } from "../memory/index.ts";
import type { Heap } from "../memory/index.ts";
import { uncompress } from "./compression.ts";
import { quicklistCount } from "./list-block.ts";
import { foundIndex, nodeAt } from "./node-at.ts";
import {
  isCompressedNode,
  isPlainNode,
  nextNode,
  nodeBytes,
  nodeCount,
  plainOffset,
  previousNode,
  startOf,
} from "./node.ts";

const NO_BYTES = new Uint8Array(0);

export class QuicklistCursor {
  /** The node that it stands in; NIL: beyond either end. */
  node: number = NIL;
  /** Where the node's listpack is, and the entry's position in `bytes`; for a plain node where its text is. */
  bytes: Uint8Array = NO_BYTES;
  start = 0;
  position = 0;
  /** Length of the text of a plain node, -1 in a listpack. */
  plainLength = -1;
  /** Room for the listpack of a compressed node. */
  scratch: Uint8Array = NO_BYTES;

  /** Ends its use. */
  close(): void {
    this.node = NIL;
  }
}

/** Stands the cursor at the first entry of the node. False, and nowhere, where there is no node. */
export function toFirstOf(heap: Heap, cursor: QuicklistCursor, node: number): boolean {
  if (!openNode(heap, cursor, node)) return false;
  if (cursor.plainLength < 0) cursor.position = firstEntry(cursor.bytes, cursor.start);
  return true;
}

/** Stands the cursor at the last entry of the node. */
export function toLastOf(heap: Heap, cursor: QuicklistCursor, node: number): boolean {
  if (!openNode(heap, cursor, node)) return false;
  if (cursor.plainLength < 0) cursor.position = lastEntry(cursor.bytes, cursor.start);
  return true;
}

/** Stands the cursor at entry `index` of the node, which has it. O(distance from the nearer end of the node). */
function toIndexOf(heap: Heap, cursor: QuicklistCursor, node: number, index: number): boolean {
  if (!openNode(heap, cursor, node)) return false;
  if (cursor.plainLength < 0) cursor.position = seekEntry(cursor.bytes, cursor.start, index);
  return true;
}

/**
 * Stands the cursor at entry `index`, from 0 on, of a list; `only` is the node where there is no list (NIL). False when there is none.
 * O(log nodes) where `nodeAt` can do that, and within one node.
 */
export function seek(heap: Heap, cursor: QuicklistCursor, list: number, only: number, index: number): boolean {
  if (index < 0 || index >= (list === NIL ? nodeCount(heap, only) : quicklistCount(heap, list))) {
    cursor.close();
    return false;
  }
  if (list === NIL) return toIndexOf(heap, cursor, only, index);
  const node = nodeAt(heap, list, index);
  return toIndexOf(heap, cursor, node, foundIndex());
}

/** Goes to the next entry; false, and nowhere, after the last. O(1). */
export function toNext(heap: Heap, cursor: QuicklistCursor): boolean {
  if (cursor.plainLength < 0) {
    const position = nextEntry(cursor.bytes, cursor.position);
    if (position !== END) {
      cursor.position = position;
      return true;
    }
  }
  return toFirstOf(heap, cursor, nextNode(heap, cursor.node));
}

/** Goes to the entry before; false, and nowhere, before the first. O(1). */
export function toPrevious(heap: Heap, cursor: QuicklistCursor): boolean {
  if (cursor.plainLength < 0) {
    const position = previousEntry(cursor.bytes, cursor.start, cursor.position);
    if (position !== END) {
      cursor.position = position;
      return true;
    }
  }
  return toLastOf(heap, cursor, previousNode(heap, cursor.node));
}

/**
 * Goes on from a position in the cursor's listpack that a caller has walked to by itself: that of an entry, or of the terminator, which
 * means the next node's first entry. False, and nowhere, after the last. O(1).
 */
export function goOn(heap: Heap, cursor: QuicklistCursor, position: number): boolean {
  cursor.position = entryOrEnd(cursor.bytes, position);
  return cursor.position !== END || toFirstOf(heap, cursor, nextNode(heap, cursor.node));
}

/** The entry as text. O(1). */
export function readAt(cursor: QuicklistCursor, out: TextTarget): void {
  if (cursor.plainLength < 0) {
    readText(cursor.bytes, cursor.position, out);
    return;
  }
  out.bytes = cursor.bytes;
  out.offset = cursor.position;
  out.length = cursor.plainLength;
}

/** Whether the entry is this text. O(length). */
export function equalsAt(cursor: QuicklistCursor, bytes: Uint8Array, offset: number, length: number): boolean {
  if (cursor.plainLength < 0) return entryEquals(cursor.bytes, cursor.position, bytes, offset, length);
  if (cursor.plainLength !== length) return false;
  for (let index = 0; index < length; index++) {
    if (cursor.bytes[cursor.position + index] !== bytes[offset + index]) return false;
  }
  return true;
}

/** Points the cursor at the node's listpack or text, at no entry yet. */
export function openNode(heap: Heap, cursor: QuicklistCursor, node: number): boolean {
  cursor.node = node;
  if (node === NIL) return false;
  cursor.plainLength = -1;
  if (isPlainNode(heap, node)) {
    cursor.bytes = windowOf(heap, node);
    cursor.position = plainOffset(node);
    cursor.plainLength = nodeBytes(heap, node);
  } else if (isCompressedNode(heap, node)) {
    if (cursor.scratch.length < nodeBytes(heap, node)) cursor.scratch = new Uint8Array(nodeBytes(heap, node));
    uncompress(heap, node, cursor.scratch, 0);
    cursor.bytes = cursor.scratch;
    cursor.start = 0;
  } else {
    cursor.bytes = windowOf(heap, node);
    cursor.start = (offsetOf(node) + startOf(heap, node)) | 0;
  }
  return true;
}
