/**
 * The commands that a session has queued since MULTI: all arguments one after the other in memory that grows by doubling, and where they
 * are. It has the shape of a batch, so that a context can be pointed at it.
 *
 *   bytes             SETkeyvalueGETkey
 *   argumentOffsets   0 3 6 11 14
 *   argumentLengths   3 3 5 3  3
 *   commandStarts     0 3 5                  argument that each command begins with, and the end
 *   commandNumbers    SET GET                in the command table
 */
import { copyBytes } from "@sider/datastructures";

/** Bytes of arguments that one transaction may have. */
const BYTES_MAXIMUM = 2 ** 30;
const SMALLEST_BYTES = 128;
const SMALLEST_COUNT = 8;

export class Transaction {
  bytes = new Uint8Array(SMALLEST_BYTES);
  argumentOffsets = new Int32Array(SMALLEST_COUNT);
  argumentLengths = new Int32Array(SMALLEST_COUNT);
  commandStarts = new Int32Array(SMALLEST_COUNT);
  commandNumbers = new Int16Array(SMALLEST_COUNT);
  /** Commands. */
  count = 0;
  /** FLAG_* that any of them has. */
  flags = 0;
  /** A command could not be queued: EXEC is refused. */
  isBroken = false;
  private byteCount = 0;

  /**
   * Queues a copy of the command whose arguments are [first .. first + count) of a batch. Gives false when that would be too much, and has
   * done nothing then. O(bytes).
   */
  add(
    number: number,
    flags: number,
    bytes: Uint8Array,
    offsets: Int32Array,
    lengths: Int32Array,
    first: number,
    count: number,
  ): boolean {
    let needed = this.byteCount;
    for (let at = first; at < first + count; at++) needed += lengths[at];
    if (needed > BYTES_MAXIMUM) return false;
    const start = this.commandStarts[this.count];
    this.reserve(needed, start + count);
    for (let index = 0; index < count; index++) {
      const length = lengths[first + index];
      copyBytes(this.bytes, this.byteCount, bytes, offsets[first + index], length);
      this.argumentOffsets[start + index] = this.byteCount;
      this.argumentLengths[start + index] = length;
      this.byteCount += length;
    }
    this.commandNumbers[this.count++] = number;
    this.commandStarts[this.count] = start + count;
    this.flags |= flags;
    return true;
  }

  clear(): void {
    this.count = 0;
    this.flags = 0;
    this.isBroken = false;
    this.byteCount = 0;
  }

  private reserve(byteCount: number, argumentCount: number): void {
    if (byteCount > this.bytes.length) {
      const larger = new Uint8Array(Math.min(Math.max(byteCount, this.bytes.length * 2), BYTES_MAXIMUM));
      larger.set(this.bytes.subarray(0, this.byteCount));
      this.bytes = larger;
    }
    if (argumentCount > this.argumentOffsets.length) {
      this.argumentOffsets = enlarged(this.argumentOffsets, argumentCount);
      this.argumentLengths = enlarged(this.argumentLengths, argumentCount);
    }
    if (this.count + 2 > this.commandStarts.length) {
      this.commandStarts = enlarged(this.commandStarts, this.count + 2);
      const numbers = new Int16Array(this.commandStarts.length);
      numbers.set(this.commandNumbers);
      this.commandNumbers = numbers;
    }
  }

  /** Bytes of memory that the queue takes. */
  get memoryBytes(): number {
    const { argumentOffsets, argumentLengths, commandStarts, commandNumbers } = this;
    const places = argumentOffsets.byteLength + argumentLengths.byteLength;
    return this.bytes.length + places + commandStarts.byteLength + commandNumbers.byteLength;
  }
}

/** What a spare transaction may take. */
const SPARE_BYTES_MAXIMUM = 16 * 1024;
/** The last one that has ended, if it was small: the next one has its memory. Making that anew costs as much as a short transaction. */
let spare: Transaction | null = null;

/** An empty transaction. */
export function openTransaction(): Transaction {
  const transaction = spare ?? new Transaction();
  spare = null;
  transaction.clear();
  return transaction;
}

/** The transaction is over. It may still be read until the next is opened. */
export function closeTransaction(transaction: Transaction): void {
  if (transaction.memoryBytes <= SPARE_BYTES_MAXIMUM) spare = transaction;
}

function enlarged(array: Int32Array<ArrayBuffer>, needed: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(Math.max(needed, array.length * 2));
  larger.set(array);
  return larger;
}
