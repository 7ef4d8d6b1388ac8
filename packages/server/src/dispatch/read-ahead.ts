/**
 * Reading ahead: what the commands of a batch will read first, read for all of them at once, so that the cache misses overlap instead of
 * following each other.
 *
 *   keys       bucket of each, then the entry of each
 *   elements   where one large hash, set or sorted set is asked again and again: the bucket of each field or member, then its block
 *
 * Each kind of read has a loop of its own with nothing in between: what stands between two reads keeps them apart. Nothing is changed,
 * and nothing is remembered: a command finds its keys and elements as if nobody had looked before.
 */
import { firstElementAt } from "@sider/command-spec";
import type { ElementRange } from "@sider/command-spec";
import { findInTable, hashTableCount, NIL, touchBucket, touchEntry } from "@sider/datastructures";
import { elementTableOf } from "@sider/keyspace-engine";
import type { Keyspace } from "@sider/keyspace-engine";
import type { RequestBatch } from "@sider/resp-protocol";

/** More would not stay in the cache until it is their turn. */
const KEYS_MAXIMUM = 1024;
const ELEMENTS_MAXIMUM = 512;
const ELEMENTS_A_COMMAND = 64;
/** Smaller tables are in the cache. */
const LARGE_TABLE_ELEMENTS = 1 << 15;

export class ReadAhead {
  private readonly keyspace: Keyspace;
  private readonly keys = new Int32Array(KEYS_MAXIMUM);
  private keyCount = 0;
  private readonly elements = new Int32Array(ELEMENTS_MAXIMUM);
  private readonly tables = new Int32Array(ELEMENTS_MAXIMUM);
  private elementCount = 0;
  /** Where the elements are that are noted now. */
  private table: number = NIL;
  /** Keeps the reads alive. */
  private touched = 0;

  constructor(keyspace: Keyspace) {
    this.keyspace = keyspace;
  }

  /** Forgets the batch before. */
  clear(): void {
    this.keyCount = 0;
    this.elementCount = 0;
  }

  /** Notes the hash of a key. */
  noteKey(hash: number): void {
    if (this.keyCount < KEYS_MAXIMUM) this.keys[this.keyCount++] = hash;
  }

  /** Reads buckets and entries of the keys that were noted. */
  readKeys(entries: number): void {
    const { keys, keyCount } = this;
    const heap = this.keyspace.heap;
    let touched = 0;
    for (let index = 0; index < keyCount; index++) touched ^= touchBucket(heap, entries, keys[index]);
    if (keyCount > 1) for (let index = 0; index < keyCount; index++) touched ^= touchEntry(heap, entries, keys[index]);
    this.touched ^= touched;
  }

  /** Turns to the elements of a key, argument `key` of the batch. False where they are not worth reading ahead. O(1). */
  turnTo(entries: number, batch: RequestBatch, key: number, hash: number): boolean {
    const heap = this.keyspace.heap;
    const offset = batch.argumentOffsets[key];
    const entry = findInTable(heap, entries, batch.bytes, offset, batch.argumentLengths[key], hash);
    this.table = entry === NIL ? NIL : elementTableOf(heap, entry);
    return this.table !== NIL && hashTableCount(heap, this.table) >= LARGE_TABLE_ELEMENTS;
  }

  /** Notes the fields or members that a command of the batch names. O(elements). */
  noteElements(batch: RequestBatch, command: number, range: ElementRange): void {
    const { bytes, argumentOffsets, argumentLengths, commandStarts } = batch;
    const start = commandStarts[command];
    const end = commandStarts[command + 1];
    let at = start + firstElementAt(range, end - start);
    for (let left = range.step === 0 ? 1 : ELEMENTS_A_COMMAND; left > 0 && at < end; left--) {
      if (this.elementCount === ELEMENTS_MAXIMUM) return;
      this.tables[this.elementCount] = this.table;
      this.elements[this.elementCount++] = this.keyspace.hash(bytes, argumentOffsets[at], argumentLengths[at]);
      at += range.step;
    }
  }

  /** Reads buckets and blocks of the elements that were noted. */
  readElements(): void {
    const { elements, tables, elementCount } = this;
    const heap = this.keyspace.heap;
    let touched = 0;
    for (let index = 0; index < elementCount; index++) touched ^= touchBucket(heap, tables[index], elements[index]);
    for (let index = 0; index < elementCount; index++) touched ^= touchEntry(heap, tables[index], elements[index]);
    this.touched ^= touched;
  }
}
