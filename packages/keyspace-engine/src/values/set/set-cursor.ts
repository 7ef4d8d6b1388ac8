/**
 * Reading the members of a set one after the other, whatever the encoding.
 *
 *     cursor.open(heap, encoding, block);
 *     while (cursor.next()) use(cursor.member);
 *
 * The set must not change meanwhile. `position` says where the member is (the index in an intset, the offset of a listpack's entry, the ref
 * of a member's block); `readMember` finds it there again. A position is good until the set changes.
 */
import {
  collectPosition,
  END,
  firstEntry,
  intsetAt,
  intsetCount,
  keyLengthOf,
  keyOffsetOf,
  nextEntry,
  offsetOf,
  positionCount,
  readText,
  RefList,
  windowOf,
} from "@sider/datastructures";
import type { Heap } from "@sider/datastructures";
import { ENCODING_HASHTABLE, ENCODING_INTSET } from "../../keyspace/entry.ts";
import { createInt64Scratch, writeInt64 } from "../../numbers/int64.ts";
import { Slice } from "../../slice.ts";

/** Reads the members of a set, each once. A step is O(1). */
export class SetCursor {
  /** The member that `next` came to. Valid until the heap may move. */
  readonly member = new Slice();
  position = 0;

  private heap!: Heap;
  private encoding = 0;
  private block = 0;
  private upcoming = 0;
  /** Of a table: the chain that is being read. */
  private readonly chain = new RefList();
  private chainAt = 0;

  /** Begins before the first member. */
  open(heap: Heap, encoding: number, block: number): void {
    this.heap = heap;
    this.encoding = encoding;
    this.block = block;
    this.chain.count = 0;
    this.chainAt = 0;
    this.upcoming = 0;
    if (encoding !== ENCODING_HASHTABLE && encoding !== ENCODING_INTSET) {
      this.upcoming = firstEntry(windowOf(heap, block), offsetOf(block));
    }
  }

  /** Goes on to the next member; false when there is none. Amortised O(1). */
  next(): boolean {
    if (!this.advance()) return false;
    readMember(this.heap, this.encoding, this.block, this.position, this.member);
    return true;
  }

  private advance(): boolean {
    if (this.encoding === ENCODING_HASHTABLE) return this.nextInTable();
    const window = windowOf(this.heap, this.block);
    const position = this.upcoming;
    if (this.encoding === ENCODING_INTSET) {
      if (position === intsetCount(window, offsetOf(this.block))) return false;
      this.upcoming++;
    } else {
      if (position === END) return false;
      this.upcoming = nextEntry(window, position);
    }
    this.position = position;
    return true;
  }

  private nextInTable(): boolean {
    const chain = this.chain;
    while (this.chainAt === chain.count) {
      if (this.upcoming === positionCount(this.heap, this.block)) return false;
      chain.count = 0;
      this.chainAt = 0;
      collectPosition(this.heap, this.block, this.upcoming++, chain);
    }
    this.position = chain.refs[this.chainAt++];
    return true;
  }
}

const number = createInt64Scratch();

/** Points `out` at the member at a position. The text of an integer is in `out` itself. */
export function readMember(heap: Heap, encoding: number, block: number, position: number, out: Slice): Slice {
  if (encoding === ENCODING_HASHTABLE) {
    return out.set(windowOf(heap, position), keyOffsetOf(position), keyLengthOf(heap, position));
  }
  if (encoding === ENCODING_INTSET) {
    intsetAt(windowOf(heap, block), offsetOf(block), position, number);
    return out.set(out.digits, 0, writeInt64(out.digits, 0, number.high, number.low));
  }
  readText(windowOf(heap, block), position, out);
  return out;
}
