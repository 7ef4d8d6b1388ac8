/**
 * Keys that have been read and are not in the keyspace yet. A store of millions of keys is bound by cache misses, and those that are
 * started together overlap: so first all keys of the batch are hashed and their buckets read, then they are put in, one after the other.
 *
 *     bytes    | key | value | key | key | value ...          copies: the reader's window moves on
 *     rows     where they are, or which held value (see holdValue) belongs to the key; expiry, idle time, frequency
 */
import { copyBytes, NIL, touchBucket } from "@sider/datastructures";
import { dropHeldValue } from "@sider/keyspace-engine";
import type { Database, Keyspace } from "@sider/keyspace-engine";

const BATCH_KEYS = 64;
const BATCH_BYTES = 64 * 1024;
/** A key with its string must leave room for others: copying a long one would cost more than the misses that it saves. */
const LONGEST_BATCHED_BYTES = 2048;

export class KeyspaceLoadBatch {
  /** Keys that wait; those before `first` are in the keyspace. */
  count = 0;
  first = 0;
  readonly bytes = new Uint8Array(BATCH_BYTES);
  readonly keyOffsets = new Int32Array(BATCH_KEYS);
  readonly keyLengths = new Int32Array(BATCH_KEYS);
  readonly valueLengths = new Int32Array(BATCH_KEYS);
  readonly hashes = new Int32Array(BATCH_KEYS);
  /** NIL: the value is the string behind the key. */
  readonly held = new Int32Array(BATCH_KEYS);
  readonly expiresAtMs = new Float64Array(BATCH_KEYS);
  readonly idleSeconds = new Float64Array(BATCH_KEYS);
  readonly frequencies = new Int32Array(BATCH_KEYS);
  private usedBytes = 0;
  /** Keeps the reads of buckets alive. */
  touched = 0;

  /** Whether a key with a value of so many bytes belongs into a batch, if it has room. */
  static takes(byteLength: number): boolean {
    return byteLength <= LONGEST_BATCHED_BYTES;
  }

  /** Whether a key with a value of so many bytes (that `takes` it) can be added now. */
  hasRoom(byteLength: number): boolean {
    return this.count < BATCH_KEYS && this.usedBytes + byteLength <= BATCH_BYTES;
  }

  /** Adds a key. Its value follows: `addString` or `addHeld`. */
  addKey(
    bytes: Uint8Array,
    offset: number,
    length: number,
    expiresAtMs: number,
    idleSeconds: number,
    frequency: number,
  ): void {
    const at = this.count;
    this.keyOffsets[at] = this.usedBytes;
    this.keyLengths[at] = length;
    this.expiresAtMs[at] = expiresAtMs;
    this.idleSeconds[at] = idleSeconds;
    this.frequencies[at] = frequency;
    this.append(bytes, offset, length);
  }

  addString(bytes: Uint8Array, offset: number, length: number): void {
    const at = this.count++;
    this.held[at] = NIL;
    this.valueLengths[at] = length;
    this.append(bytes, offset, length);
  }

  /** The value is the batch's from now on. */
  addHeld(held: number): void {
    this.held[this.count++] = held;
  }

  /** Hashes all keys and reads their buckets, so that they are on their way. */
  prepare(keyspace: Keyspace, database: Database): void {
    const { heap } = keyspace;
    const { bytes, keyOffsets, keyLengths, hashes, count } = this;
    for (let at = 0; at < count; at++) hashes[at] = keyspace.hash(bytes, keyOffsets[at], keyLengths[at]);
    let touched = 0;
    for (let at = 0; at < count; at++) touched ^= touchBucket(heap, database.entries, hashes[at]);
    this.touched = touched;
  }

  clear(): void {
    this.count = 0;
    this.first = 0;
    this.usedBytes = 0;
  }

  /** Frees the values that did not get to their keys. */
  abandon(keyspace: Keyspace): void {
    for (let at = this.first; at < this.count; at++) {
      if (this.held[at] !== NIL) dropHeldValue(keyspace.heap, this.held[at]);
    }
    this.clear();
  }

  private append(bytes: Uint8Array, offset: number, length: number): void {
    copyBytes(this.bytes, this.usedBytes, bytes, offset, length);
    this.usedBytes += length;
  }
}
