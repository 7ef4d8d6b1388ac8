/**
 * Walking the entries of a stream in a range of ids, in either direction, without allocation. One cursor is made once and opened again and
 * again. Entries must not be added, deleted or trimmed meanwhile; groups and pending messages may change, and the heap may grow.
 */
import { compareIds, ID_WORDS, IdCursor, NIL, NodeCursor, StreamId } from "@sider/datastructures";
import type { Heap, ListpackText } from "@sider/datastructures";
import { streamIndexOf } from "./stream-layout.ts";

/** Reads the entries of a range of ids, first or last first. */
export class StreamCursor {
  /** The id of the entry, and its number of fields. */
  readonly id: StreamId;
  /** Whether deleted entries are walked over as well. */
  withDeleted = false;
  private readonly entry = new NodeCursor();
  private readonly index = new IdCursor();
  private readonly start = new StreamId();
  private readonly end = new StreamId();
  private heap: Heap | null = null;
  private isReverse = false;
  private isInNode = false;
  private hasNode = false;

  constructor() {
    this.id = this.entry.id;
  }

  get fieldCount(): number {
    return this.entry.fieldCount;
  }

  /** Opens the range [start, end], to be walked from its end if `isReverse`. `next` goes to the first entry. O(log nodes). */
  open(heap: Heap, block: number, start: StreamId, end: StreamId, isReverse: boolean): void {
    this.heap = heap;
    this.isReverse = isReverse;
    this.isInNode = false;
    this.start.copy(start);
    this.end.copy(end);
    const tree = streamIndexOf(heap, block);
    this.hasNode = this.index.seekAtMost(heap, tree, isReverse ? end : start);
    if (!this.hasNode && !isReverse) this.hasNode = this.index.seekFirst(heap, tree);
  }

  /** On to the next entry of the range; false when there is none. O(fields), and O(entries of a node) for the first. */
  next(): boolean {
    while (this.step()) {
      if (!this.withDeleted && this.entry.isDeleted) continue;
      const isBelow = compareIds(this.id, this.start) < 0;
      const isAbove = compareIds(this.id, this.end) > 0;
      if (this.isReverse ? isBelow : isAbove) return false;
      if (!isBelow && !isAbove) return true;
    }
    return false;
  }

  /** The next field of the entry and its value; to be called `fieldCount` times. */
  readPair(field: ListpackText, value: ListpackText): void {
    this.entry.readPair(field, value);
  }

  /** One entry further, whatever it is. */
  private step(): boolean {
    if (this.isInNode) {
      this.isInNode = this.isReverse ? this.entry.previous() : this.entry.next();
      if (this.isInNode) return true;
      this.hasNode =
        this.heap !== null && (this.isReverse ? this.index.previous(this.heap) : this.index.next(this.heap));
    }
    while (this.hasNode && this.heap !== null) {
      this.enterNode(this.heap);
      if (this.isInNode) return true;
      this.hasNode = this.isReverse ? this.index.previous(this.heap) : this.index.next(this.heap);
    }
    return false;
  }

  private enterNode(heap: Heap): void {
    const word = this.index.word;
    const node = heap.i32[word + ID_WORDS];
    if (node === NIL) return;
    this.entry.open(heap, node, word);
    this.isInNode = this.isReverse ? this.entry.last() : this.entry.first();
  }
}
