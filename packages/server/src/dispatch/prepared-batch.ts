/**
 * A batch of requests, with all that can be known of them before the first is executed: which commands they are, and the hashes of their
 * keys. What they will read is read ahead here (each key's bucket, then its entry, then elements of large values), so that the cache
 * misses of the batch overlap instead of following each other.
 *
 *     commands            SET k v       GET k
 *     batch.commandStarts 0             3           5      (of their first arguments)
 *     numbers             SET's         GET's              (in the table; -1: no such command)
 *     hashedLast          1             1                  (index of the last argument that is a hashed key; -1: none)
 *     hashes              . h(k) .      . h(k)             (beside the arguments)
 */
import type { ElementRange } from "@sider/command-spec";
import type { Keyspace } from "@sider/keyspace-engine";
import { RequestBatch } from "@sider/resp-protocol";
import type { CommandTable } from "./command-table.ts";
import { ReadAhead } from "./read-ahead.ts";

/** Keys of one command that are hashed ahead; a longer MGET finds the rest as it goes. */
const PREPARED_KEYS_A_COMMAND = 64;
const NO_ELEMENTS: ElementRange = { first: 0, step: 0, groupStart: 0 };

export class PreparedBatch {
  readonly batch: RequestBatch;
  readonly numbers: Int32Array;
  readonly hashedLast: Int32Array;
  hashes = new Int32Array(4096);
  private readonly keyspace: Keyspace;
  private readonly table: CommandTable;
  private readonly readAhead: ReadAhead;

  /** @param capacity how many commands a batch has at most */
  constructor(keyspace: Keyspace, table: CommandTable, capacity: number) {
    this.keyspace = keyspace;
    this.table = table;
    this.batch = new RequestBatch(capacity);
    this.numbers = new Int32Array(capacity);
    this.hashedLast = new Int32Array(capacity);
    this.readAhead = new ReadAhead(keyspace);
  }

  /** Finds the first `count` commands of the batch and hashes their keys; then reads ahead in the database that they are for. O(arguments). */
  prepare(databaseIndex: number, count: number): void {
    const { batch } = this;
    const { bytes, argumentOffsets, argumentLengths, commandStarts } = batch;
    if (this.hashes.length < argumentOffsets.length) this.hashes = new Int32Array(argumentOffsets.length);
    const { table, hashes, numbers, hashedLast, keyspace, readAhead } = this;
    let number = -1;
    // The argument of the key that was hashed last: pipelines often repeat name and key, and comparing them is cheaper.
    let hashed = -1;
    let repeats = 0;
    readAhead.clear();
    for (let command = 0; command < count; command++) {
      const start = commandStarts[command];
      if (command === 0 || !isSameArgument(batch, commandStarts[command - 1], start)) {
        number = table.find(bytes, argumentOffsets[start], argumentLengths[start]);
      }
      numbers[command] = number;
      hashedLast[command] = -1;
      if (number < 0 || table.firstKey[number] === 0) continue;
      const last = this.lastPreparedKey(number, commandStarts[command + 1] - start);
      hashedLast[command] = last;
      for (let index = table.firstKey[number]; index <= last; index += table.keyStep[number]) {
        const at = start + index;
        if (hashed >= 0 && isSameArgument(batch, hashed, at)) {
          hashes[at] = hashes[hashed];
          repeats++;
        } else {
          hashes[at] = keyspace.hash(bytes, argumentOffsets[at], argumentLengths[at]);
          readAhead.noteKey(hashes[at]);
          hashed = at;
        }
      }
    }
    const { entries } = keyspace.databases[databaseIndex];
    readAhead.readKeys(entries);
    if (repeats > 0) this.readElementsAhead(entries, count);
  }

  /** Reads the elements of commands that follow each other with the same key. */
  private readElementsAhead(entries: number, count: number): void {
    const { batch, hashes, hashedLast, numbers, readAhead, table } = this;
    let key = -1;
    let first = -1;
    let firstRange = NO_ELEMENTS;
    let isWorthIt = false;
    for (let command = 0; command < count; command++) {
      const range = hashedLast[command] < 1 ? null : table.elements[numbers[command]];
      if (range === null) continue;
      const own = batch.commandStarts[command] + 1;
      if (key < 0 || hashes[own] !== hashes[key]) {
        key = own;
        first = command;
        firstRange = range;
        continue;
      }
      if (first >= 0) {
        isWorthIt = readAhead.turnTo(entries, batch, key, hashes[key]);
        if (isWorthIt) readAhead.noteElements(batch, first, firstRange);
        first = -1;
      }
      if (isWorthIt) readAhead.noteElements(batch, command, range);
    }
    readAhead.readElements();
  }

  private lastPreparedKey(number: number, count: number): number {
    const { firstKey, lastKey, keyStep } = this.table;
    const last = lastKey[number] < 0 ? count + lastKey[number] : lastKey[number];
    const bound = Math.min(count - 1, firstKey[number] + (PREPARED_KEYS_A_COMMAND - 1) * keyStep[number]);
    return last < bound ? last : bound;
  }
}

/** Whether two arguments of a batch have the same bytes. From the end on, where keys of one kind differ first. */
function isSameArgument(batch: RequestBatch, one: number, other: number): boolean {
  const { bytes, argumentOffsets, argumentLengths } = batch;
  const length = argumentLengths[one];
  if (argumentLengths[other] !== length) return false;
  const start = argumentOffsets[one];
  const distance = argumentOffsets[other] - start;
  for (let at = start + length - 1; at >= start; at--) if (bytes[at] !== bytes[at + distance]) return false;
  return true;
}
