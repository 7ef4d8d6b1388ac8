/**
 * Walking the entries of one node of a stream, deleted ones included, in either direction. Holds views and positions: whatever changes the
 * node or may move the heap makes it invalid.
 */
import type { ListpackText } from "../listpack/read.ts";
import { readText } from "../listpack/read.ts";
import { backLengthBytes, readBackLength } from "../listpack/layout.ts";
import { offsetOf, windowOf } from "../memory/index.ts";
import type { Heap } from "../memory/index.ts";
import {
  addDifferences,
  countAt,
  FLAG_DELETED,
  FLAG_SAME_FIELDS,
  fieldCountPosition,
  streamNodeBytes,
  pieceAfter,
} from "./node-layout.ts";
import { StreamId } from "./stream-id.ts";

/** A place in a node of a stream. */
export class NodeCursor {
  /** The entry that the cursor stands on. */
  readonly id = new StreamId();
  flags = 0;
  fieldCount = 0;
  /** Position of its first piece, the flags. */
  entryPosition = 0;

  private bytes: Uint8Array = new Uint8Array(0);
  private end = 0;
  private readonly nodeId = new StreamId();
  private nodeFieldCount = 0;
  private nodeFieldsPosition = 0;
  private entriesPosition = 0;
  /** Position of the entry's first text behind the number of fields. */
  private textsPosition = 0;
  private nextField = 0;
  private nextText = 0;

  /** Points the cursor before the first entry of a node, whose id is in the heap's words from `idWord` on. O(fields). */
  open(heap: Heap, node: number, idWord: number): void {
    const bytes = windowOf(heap, node);
    const start = offsetOf(node);
    this.bytes = bytes;
    this.end = start + streamNodeBytes(heap, node);
    this.nodeId.read(heap.i32, idWord);
    let at = fieldCountPosition(start);
    this.nodeFieldCount = countAt(bytes, at);
    at = pieceAfter(bytes, at);
    this.nodeFieldsPosition = at;
    for (let left = this.nodeFieldCount; left > 0; left--) at = pieceAfter(bytes, at);
    this.entriesPosition = at;
  }

  get isDeleted(): boolean {
    return (this.flags & FLAG_DELETED) !== 0;
  }

  /** Stands on the first entry; false when there is none. */
  first(): boolean {
    return this.enter(this.entriesPosition);
  }

  /** On to the next entry. O(fields). */
  next(): boolean {
    let at = this.textsPosition;
    const texts = (this.flags & FLAG_SAME_FIELDS) !== 0 ? this.fieldCount : this.fieldCount * 2;
    for (let left = texts; left > 0; left--) at = pieceAfter(this.bytes, at);
    return this.enter(at + backLengthBytes(at - this.entryPosition));
  }

  /** Stands on the last entry; false when there is none. O(1). */
  last(): boolean {
    return this.enterBackward(this.end);
  }

  /** Back to the entry before. O(1). */
  previous(): boolean {
    return this.enterBackward(this.entryPosition);
  }

  /** The entry that ends before `end`. */
  private enterBackward(end: number): boolean {
    if (end <= this.entriesPosition) return false;
    const content = readBackLength(this.bytes, end);
    return this.enter(end - backLengthBytes(content) - content);
  }

  private enter(position: number): boolean {
    if (position === this.end) return false;
    const bytes = this.bytes;
    this.entryPosition = position;
    this.flags = countAt(bytes, position);
    this.id.copy(this.nodeId);
    const at = addDifferences(bytes, pieceAfter(bytes, position), this.id);
    if ((this.flags & FLAG_SAME_FIELDS) !== 0) {
      this.fieldCount = this.nodeFieldCount;
      this.textsPosition = at;
      this.nextField = this.nodeFieldsPosition;
    } else {
      this.fieldCount = countAt(bytes, at);
      this.textsPosition = pieceAfter(bytes, at);
      this.nextField = 0;
    }
    this.nextText = this.textsPosition;
    return true;
  }

  /** The next field and its value; to be called `fieldCount` times for an entry. O(1). */
  readPair(field: ListpackText, value: ListpackText): void {
    const bytes = this.bytes;
    if ((this.flags & FLAG_SAME_FIELDS) !== 0) {
      readText(bytes, this.nextField, field);
      this.nextField = pieceAfter(bytes, this.nextField);
    } else {
      readText(bytes, this.nextText, field);
      this.nextText = pieceAfter(bytes, this.nextText);
    }
    readText(bytes, this.nextText, value);
    this.nextText = pieceAfter(bytes, this.nextText);
  }
}
