/** A stream as commands: XADD for each entry, XSETID, XGROUP CREATE for each group, XCLAIM for what is pending. */
import { IdCursor, ListpackText, StreamId } from "@sider/datastructures";
import type { Heap } from "@sider/datastructures";
import {
  consumerAt,
  consumerCount,
  deliveredAtMs,
  deliveriesHigh,
  deliveriesLow,
  entriesAddedHigh,
  entriesAddedLow,
  entriesReadHigh,
  entriesReadLow,
  findPending,
  groupAt,
  groupCount,
  pendingCount,
  pendingOf,
  readBlockName,
  readGroupLastId,
  readLastId,
  readMaximalDeletedId,
  Slice,
  StreamCursor,
  streamLength,
  valueBlockOf,
} from "@sider/keyspace-engine";
import type { CommandOutput } from "./command-output.ts";

const NO_ID = new StreamId();
const SMALLEST_ID = new StreamId().set(0, 0, 0, 1);
const LARGEST_ID = new StreamId().set(-1, -1, -1, -1);

export class StreamCommands {
  private readonly output: CommandOutput;
  private readonly heap: Heap;
  private readonly cursor = new StreamCursor();
  private readonly pending = new IdCursor();
  private readonly id = new StreamId();
  private readonly field = new ListpackText();
  private readonly value = new ListpackText();
  private readonly group = new Slice();
  private readonly consumer = new Slice();
  private key = new Slice();

  constructor(output: CommandOutput, heap: Heap) {
    this.output = output;
    this.heap = heap;
  }

  /** The stream of an entry under a key. O(n). */
  write(entry: number, key: Slice): void {
    const { heap, id, output } = this;
    const block = valueBlockOf(heap, entry);
    this.key = key;
    if (streamLength(heap, block) === 0) this.emptyStream();
    else this.entries(block);
    this.command("XSETID", 5);
    output.id(readLastId(heap, block, id));
    output.text("ENTRIESADDED");
    output.int64(entriesAddedHigh(heap, block), entriesAddedLow(heap, block));
    output.text("MAXDELETEDID");
    output.id(readMaximalDeletedId(heap, block, id));
    for (let place = 0; place < groupCount(heap, block); place++) this.groupOf(groupAt(heap, block, place));
  }

  private command(name: string, words: number): void {
    this.output.command(name, words + 2);
    this.slice(this.key);
  }

  private slice(slice: { bytes: Uint8Array; offset: number; length: number }): void {
    this.output.bytes(slice.bytes, slice.offset, slice.length);
  }

  /** Only an entry makes a stream, so one is added and trimmed at once. */
  private emptyStream(): void {
    this.command("XADD", 5);
    this.output.text("MAXLEN");
    this.output.text("0");
    this.output.id(SMALLEST_ID);
    this.output.text("x");
    this.output.text("y");
  }

  private entries(block: number): void {
    const { cursor, output } = this;
    cursor.open(this.heap, block, NO_ID, LARGEST_ID, false);
    while (cursor.next()) {
      const fields = cursor.fieldCount;
      this.command("XADD", 1 + 2 * fields);
      output.id(cursor.id);
      for (let left = fields; left > 0; left--) {
        cursor.readPair(this.field, this.value);
        this.slice(this.field);
        this.slice(this.value);
      }
    }
  }

  private groupOf(group: number): void {
    const { heap, id, output } = this;
    readBlockName(heap, group, this.group);
    output.command("XGROUP", 7);
    output.text("CREATE");
    this.slice(this.key);
    this.slice(this.group);
    output.id(readGroupLastId(heap, group, id));
    output.text("ENTRIESREAD");
    output.int64(entriesReadHigh(heap, group), entriesReadLow(heap, group));
    for (let place = 0; place < consumerCount(heap, group); place++)
      this.consumerOf(group, consumerAt(heap, group, place));
  }

  private consumerOf(group: number, consumer: number): void {
    const { heap, output, pending } = this;
    readBlockName(heap, consumer, this.consumer);
    if (pendingCount(heap, consumer) === 0) {
      output.command("XGROUP", 5);
      output.text("CREATECONSUMER");
      this.slice(this.key);
      this.slice(this.group);
      this.slice(this.consumer);
      return;
    }
    let isThere = pending.seekFirst(heap, pendingOf(heap, consumer));
    for (; isThere; isThere = pending.next(heap)) this.claim(group);
  }

  private claim(group: number): void {
    const { heap, id, output } = this;
    id.read(heap.i32, this.pending.word);
    const slot = findPending(heap, group, id);
    this.command("XCLAIM", 10);
    this.slice(this.group);
    this.slice(this.consumer);
    output.text("0");
    output.id(id);
    output.text("TIME");
    output.integer(deliveredAtMs(heap, slot));
    output.text("RETRYCOUNT");
    output.int64(deliveriesHigh(heap, slot), deliveriesLow(heap, slot));
    output.text("JUSTID");
    output.text("FORCE");
  }
}
