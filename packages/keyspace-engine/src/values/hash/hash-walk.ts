/** All fields of a hash one after the other, and fields drawn at random. */
import {
  collectPosition,
  END,
  firstEntry,
  nextEntry,
  offsetOf,
  positionCount,
  randomEntry,
  RefList,
  seekEntry,
  windowOf,
} from "@sider/datastructures";
import type { Heap } from "@sider/datastructures";
import { ENCODING_LISTPACK, encodingOf } from "../../keyspace/entry.ts";
import type { Keyspace } from "../../keyspace/keyspace.ts";
import { valueBlockOf } from "../value-block.ts";
import { hashKind } from "./hash-block.ts";

/**
 * Goes through the fields of a hash that does not change meanwhile. Made once and used for one hash after the other:
 *
 *     walk.start(heap, entry);
 *     for (let field = walk.next(); field !== FIELD_MISSING; field = walk.next()) readFieldName(heap, entry, field, name);
 */
export class HashWalk {
  private heap: Heap | null = null;
  private block = 0;
  private isListpack = false;
  /** Listpack: the next field. Table: the next position. */
  private at = END as number;
  private readonly found = new RefList();
  private taken = 0;

  /** Begins with the first field. */
  start(heap: Heap, entry: number): void {
    this.heap = heap;
    this.block = valueBlockOf(heap, entry);
    this.isListpack = encodingOf(heap, entry) === ENCODING_LISTPACK;
    this.at = this.isListpack ? firstEntry(windowOf(heap, this.block), offsetOf(this.block)) : 0;
    this.found.count = 0;
    this.taken = 0;
  }

  /** The next field, or FIELD_MISSING. Amortised O(1). */
  next(): number {
    const heap = this.heap;
    if (heap === null) return END;
    if (!this.isListpack) return this.nextOfTable(heap);
    const field = this.at;
    if (field === END) return END;
    const bytes = windowOf(heap, this.block);
    this.at = nextEntry(bytes, nextEntry(bytes, field));
    return field;
  }

  private nextOfTable(heap: Heap): number {
    while (this.taken === this.found.count) {
      if (this.at === positionCount(heap, this.block)) return END;
      this.found.count = 0;
      this.taken = 0;
      collectPosition(heap, this.block, this.at++, this.found);
    }
    return this.found.refs[this.taken++];
  }
}

/** A field of a hash that is not empty, each equally likely. O(1), O(n) in a listpack. */
export function randomField(keyspace: Keyspace, entry: number): number {
  const heap = keyspace.heap;
  const block = valueBlockOf(heap, entry);
  if (encodingOf(heap, entry) !== ENCODING_LISTPACK) return randomEntry(heap, block, keyspace.random);
  return seekEntry(
    windowOf(heap, block),
    offsetOf(block),
    keyspace.random(hashKind.size(heap, ENCODING_LISTPACK, block)) * 2,
  );
}
