/**
 * Walking the entries of one node of a stream, deleted ones included, in either direction. Holds views and positions: whatever changes the
 * node or may move the heap makes it invalid.
 */
import type { ListpackText } from "../listpack/read.ts";
import { previousEntry, readText } from "../listpack/read.ts";
import { listpackBytes, TERMINATOR } from "../listpack/layout.ts";
import { addDifferences, countAt, FLAG_DELETED, FLAG_SAME_FIELDS, livePosition, pieceAfter } from "./node-layout.ts";
import { StreamId } from "./stream-id.ts";

export class NodeCursor {
  /** The entry that the cursor stands on. */
  readonly id = new StreamId();
  flags = 0;
  fieldCount = 0;
  /** Position of its first piece, the flags. */
  entryPosition = 0;

  private bytes: Uint8Array = new Uint8Array(0);
  private start = 0;
  private readonly nodeId = new StreamId();
  private nodeFieldCount = 0;
  private nodeFieldsPosition = 0;
  private entriesPosition = 0;
  /** Position of the entry's first text behind the number of fields. */
  private textsPosition = 0;
  private nextField = 0;
  private nextText = 0;

  /** Points the cursor before the first entry of the node at bytes[start...], whose id is in i32[idWord...]. O(fields). */
  open(bytes: Uint8Array, start: number, i32: Int32Array, idWord: number): void {
    this.bytes = bytes;
    this.start = start;
    this.nodeId.read(i32, idWord);
    let at = pieceAfter(bytes, pieceAfter(bytes, livePosition(start)));
    this.nodeFieldCount = countAt(bytes, at);
    at = pieceAfter(bytes, at);
    this.nodeFieldsPosition = at;
    for (let left = this.nodeFieldCount; left > 0; left--) at = pieceAfter(bytes, at);
    this.entriesPosition = pieceAfter(bytes, at);
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
    return this.enter(pieceAfter(this.bytes, at));
  }

  /** Stands on the last entry; false when there is none. O(fields). */
  last(): boolean {
    return this.enterBackward(this.start + listpackBytes(this.bytes, this.start) - 1);
  }

  /** Back to the entry before. O(fields). */
  previous(): boolean {
    return this.enterBackward(this.entryPosition);
  }

  /** The entry that ends before `end`. */
  private enterBackward(end: number): boolean {
    if (end <= this.entriesPosition) return false;
    let at = previousEntry(this.bytes, this.start, end);
    for (let left = countAt(this.bytes, at); left > 0; left--) at = previousEntry(this.bytes, this.start, at);
    return this.enter(at);
  }

  private enter(position: number): boolean {
    const bytes = this.bytes;
    if (bytes[position] === TERMINATOR) return false;
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
