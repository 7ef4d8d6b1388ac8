/**
 * Reading the members of a sorted set in order, either way, whatever the encoding.
 *
 *     cursor.open(heap, encoding, block);
 *     for (let isThere = cursor.seek(0); isThere; isThere = cursor.next()) use(cursor.member, cursor.score);
 *
 * The set must not change meanwhile.
 */
import {
  END,
  keyLengthOf,
  keyOffsetOf,
  NIL,
  nextMember,
  offsetOf,
  previousEntry,
  previousMember,
  readText,
  scoreAtCursor,
  seekEntry,
  seekRank,
  SortedSetCursor,
  windowOf,
} from "@sider/datastructures";
import type { Heap } from "@sider/datastructures";
import { ENCODING_SKIPLIST } from "../../keyspace/entry.ts";
import { Slice } from "../../slice.ts";
import { nextPair, readScore } from "./sorted-set-listpack.ts";

/** Reads members with their scores in order. `seek` is O(log n), in a listpack O(n); a step is O(1). */
export class RankedCursor {
  /** The member that the cursor is at. Valid until the heap may move. */
  readonly member = new Slice();

  private heap!: Heap;
  private encoding = 0;
  private block = 0;
  /** Of a listpack: the position of the member. */
  private position = 0;
  private readonly place = new SortedSetCursor();

  /** Points the cursor at a set; `seek` then goes to a member. */
  open(heap: Heap, encoding: number, block: number): void {
    this.heap = heap;
    this.encoding = encoding;
    this.block = block;
  }

  /** The score of the member that the cursor is at. */
  get score(): number {
    if (this.encoding === ENCODING_SKIPLIST) return scoreAtCursor(this.heap, this.place);
    return readScore(windowOf(this.heap, this.block), this.position);
  }

  /** Goes to the member of a rank; false when there is none. O(log n), of a listpack O(n). */
  seek(rank: number): boolean {
    if (this.encoding === ENCODING_SKIPLIST) return this.take(seekRank(this.heap, this.block, this.place, rank));
    if (rank < 0) return false;
    return this.takeEntry(seekEntry(windowOf(this.heap, this.block), offsetOf(this.block), rank * 2));
  }

  /** Goes to the next member; false at the end. O(1). */
  next(): boolean {
    if (this.encoding === ENCODING_SKIPLIST) return this.take(nextMember(this.heap, this.place));
    return this.takeEntry(nextPair(windowOf(this.heap, this.block), this.position));
  }

  /** Goes to the member before; false at the beginning. O(1). */
  previous(): boolean {
    if (this.encoding === ENCODING_SKIPLIST) return this.take(previousMember(this.heap, this.place));
    const window = windowOf(this.heap, this.block);
    const start = offsetOf(this.block);
    const scoreBefore = previousEntry(window, start, this.position);
    return this.takeEntry(scoreBefore === END ? END : previousEntry(window, start, scoreBefore));
  }

  private take(ref: number): boolean {
    if (ref === NIL) return false;
    this.member.set(windowOf(this.heap, ref), keyOffsetOf(ref), keyLengthOf(this.heap, ref));
    return true;
  }

  private takeEntry(position: number): boolean {
    if (position === END) return false;
    this.position = position;
    readText(windowOf(this.heap, this.block), position, this.member);
    return true;
  }
}
