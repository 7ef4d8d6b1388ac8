/**
 * Reading streams: types 15, 19 (with *) and 21 (with * and **).
 *
 *   nodes { 16 bytes of id as a string, listpack }  length  last id  *first id  *largest deleted id  *entries added
 *   groups { name  last id  *entries read
 *            pending { id, delivered at: int64, deliveries }
 *            consumers { name  seen at: int64  **active at: int64  pending { id } } }
 *
 * { } is a number and so many of them; an id is two lengths, a pending one 16 bytes, big endian. What is pending in a group is kept here
 * until its consumers say whose it is.
 */
import { compareIds, firstEntry, NIL, NO_SLOT, StreamId, validateStreamListpack } from "@sider/datastructures";
import {
  addStreamNode,
  assignPending,
  createConsumer,
  createGroup,
  createInt64Scratch,
  createStream,
  ENCODING_STREAM,
  estimateRead,
  findConsumer,
  findGroup,
  findPending,
  holdValue,
  OutOfMemoryError,
  readLastEntryId,
  setActiveAtMs,
  setDeliveredAtMs,
  setDeliveries,
  setEntriesAdded,
  setFirstId,
  setLastId,
  setMaximalDeletedId,
  Slice,
  streamLength,
  TYPE_STREAM,
  valueBlockOf,
} from "@sider/keyspace-engine";
import type { RdbInput } from "../rdb-input.ts";
import { PendingTable } from "./pending-table.ts";
import { type Draft, first, refuse, second } from "./value-form.ts";

const RDB_TYPE_STREAM_2 = 19;
const RDB_TYPE_STREAM_3 = 21;
const ID_BYTES = 16;
const UNKNOWN_READ = -1;

const estimate = createInt64Scratch();

type Step = "begin" | "node" | "totals" | "group" | "pending" | "consumers" | "consumer" | "owned" | "done";

export class StreamReader {
  isComplete = false;
  #draft: Draft | null = null;
  #type = 0;
  #step: Step = "begin";
  #nodesLeft = 0;
  #groupsLeft = 0;
  #pendingLeft = 0;
  #consumersLeft = 0;
  #ownedLeft = 0;
  #group = NIL as number;
  #consumer = NIL as number;
  readonly #pending = new PendingTable();
  readonly #id = new StreamId();
  readonly #lastId = new StreamId();
  readonly #firstId = new StreamId();
  readonly #deletedId = new StreamId();
  readonly #name = new Slice();

  begin(draft: Draft, type: number): void {
    this.#draft = draft;
    this.#type = type;
    this.#step = "begin";
    this.isComplete = false;
  }

  /** Reads the next part; false, and nothing has changed, when the input does not hold it yet. */
  step(input: RdbInput): boolean {
    const draft = this.#draft;
    if (draft === null) return false;
    switch (this.#step) {
      case "begin":
        return this.#readBegin(draft, input);
      case "node":
        return this.#readNode(draft, input);
      case "totals":
        return this.#readTotals(draft, input);
      case "group":
        return this.#readGroup(draft, input);
      case "pending":
        return this.#readPending(input);
      case "consumers":
        return this.#readConsumers(input);
      case "consumer":
        return this.#readConsumer(draft, input);
      case "owned":
        return this.#readOwned(draft, input);
      case "done":
        return true;
    }
  }

  #readBegin(draft: Draft, input: RdbInput): boolean {
    if (!input.readLength()) return false;
    this.#nodesLeft = input.length;
    const heap = draft.keyspace.heap;
    draft.held = holdValue(heap, TYPE_STREAM, ENCODING_STREAM, createStream(heap));
    this.#step = this.#nodesLeft > 0 ? "node" : "totals";
    return true;
  }

  #readNode(draft: Draft, input: RdbInput): boolean {
    if (!input.readString(first)) return false;
    if (first.length !== ID_BYTES) refuse(input, "Stream node key entry is not the size of a stream ID");
    this.#readRawId(first.bytes, first.offset);
    if (!input.readString(second)) return false;
    const { bytes, offset, length } = second;
    if (!validateStreamListpack(bytes, offset, length) || firstEntry(bytes, offset) < 0) {
      refuse(input, "Stream listpack integrity check failed.");
    }
    const heap = draft.keyspace.heap;
    const block = valueBlockOf(heap, draft.held);
    const before = streamLength(heap, block);
    if (!addStreamNode(heap, block, this.#id, bytes, offset, length))
      refuse(input, "Listpack re-added with existing key");
    if (streamLength(heap, block) === before) refuse(input, "Empty listpack inside stream");
    if (--this.#nodesLeft === 0) this.#step = "totals";
    return true;
  }

  #readTotals(draft: Draft, input: RdbInput): boolean {
    if (!input.readLength()) return false;
    const length = input.length;
    if (!this.#readId(input, this.#lastId)) return false;
    const heap = draft.keyspace.heap;
    const block = valueBlockOf(heap, draft.held);
    let addedHigh = Math.floor(length / 2 ** 32);
    let addedLow = length | 0;
    const hasMore = this.#type >= RDB_TYPE_STREAM_2;
    if (hasMore) {
      if (!this.#readId(input, this.#firstId) || !this.#readId(input, this.#deletedId)) return false;
      if (!input.readLength()) return false;
      addedHigh = input.lengthHigh;
      addedLow = input.lengthLow;
    }
    if (!input.readLength()) return false;
    if (streamLength(heap, block) !== length) refuse(input, "the length of a stream is not that of its nodes");
    if (readLastEntryId(heap, block, this.#id) && compareIds(this.#id, this.#lastId) > 0) {
      refuse(input, "a stream has an entry beyond its last id");
    }
    setLastId(heap, block, this.#lastId);
    setEntriesAdded(heap, block, addedHigh, addedLow);
    if (hasMore) {
      setFirstId(heap, block, this.#firstId);
      setMaximalDeletedId(heap, block, this.#deletedId);
    }
    this.#groupsLeft = input.length;
    this.#nextGroup();
    return true;
  }

  #nextGroup(): void {
    this.isComplete = this.#groupsLeft === 0;
    this.#step = this.isComplete ? "done" : "group";
  }

  #readGroup(draft: Draft, input: RdbInput): boolean {
    if (!input.readString(first) || !this.#readId(input, this.#id)) return false;
    let readHigh = UNKNOWN_READ;
    let readLow = UNKNOWN_READ;
    if (this.#type >= RDB_TYPE_STREAM_2) {
      if (!input.readLength()) return false;
      readHigh = input.lengthHigh;
      readLow = input.lengthLow;
    }
    if (!input.readLength()) return false;
    const heap = draft.keyspace.heap;
    const block = valueBlockOf(heap, draft.held);
    // files from before the counter: as far as it can be told from the stream
    if (this.#type < RDB_TYPE_STREAM_2 && estimateRead(heap, block, this.#id, estimate)) {
      readHigh = estimate.high;
      readLow = estimate.low;
    }
    this.#name.set(first.bytes, first.offset, first.length);
    if (findGroup(heap, block, this.#name) !== NIL) refuse(input, "Duplicated consumer group name detected");
    this.#group = createGroup(heap, block, this.#name, this.#id, readHigh, readLow);
    this.#pendingLeft = input.length;
    this.#pending.clear();
    this.#step = this.#pendingLeft > 0 ? "pending" : "consumers";
    return true;
  }

  #readPending(input: RdbInput): boolean {
    if (!this.#readRaw(input) || !input.readInt64()) return false;
    const deliveredAt = input.int64;
    if (!input.readLength()) return false;
    if (!this.#pending.add(this.#id, deliveredAt, input.lengthHigh, input.lengthLow)) {
      refuse(input, "what is pending in a group is out of order");
    }
    if (--this.#pendingLeft === 0) this.#step = "consumers";
    return true;
  }

  #readConsumers(input: RdbInput): boolean {
    if (!input.readLength()) return false;
    this.#consumersLeft = input.length;
    this.#nextConsumer(input);
    return true;
  }

  #nextConsumer(input: RdbInput): void {
    if (this.#consumersLeft > 0) {
      this.#step = "consumer";
      return;
    }
    if (!this.#pending.allTaken) refuse(input, "something pending in a group has no consumer");
    this.#groupsLeft--;
    this.#nextGroup();
  }

  #readConsumer(draft: Draft, input: RdbInput): boolean {
    if (!input.readString(first) || !input.readInt64()) return false;
    const seenAt = input.int64;
    let activeAt = seenAt;
    if (this.#type >= RDB_TYPE_STREAM_3) {
      if (!input.readInt64()) return false;
      activeAt = input.int64;
    }
    if (!input.readLength()) return false;
    const heap = draft.keyspace.heap;
    this.#name.set(first.bytes, first.offset, first.length);
    if (findConsumer(heap, this.#group, this.#name) !== NIL) refuse(input, "Duplicate stream consumer detected");
    this.#consumer = createConsumer(heap, this.#group, this.#name, seenAt);
    setActiveAtMs(heap, this.#consumer, activeAt);
    this.#ownedLeft = input.length;
    this.#consumersLeft--;
    if (this.#ownedLeft > 0) this.#step = "owned";
    else this.#nextConsumer(input);
    return true;
  }

  #readOwned(draft: Draft, input: RdbInput): boolean {
    if (!this.#readRaw(input)) return false;
    const heap = draft.keyspace.heap;
    const at = this.#pending.take(this.#id);
    if (at < 0 || findPending(heap, this.#group, this.#id) !== NO_SLOT) {
      refuse(input, "a consumer has something pending that its group has not, or another one has");
    }
    const slot = assignPending(heap, this.#group, this.#consumer, this.#id);
    if (slot === NO_SLOT) throw new OutOfMemoryError();
    setDeliveredAtMs(heap, slot, this.#pending.deliveredAtMs(at));
    setDeliveries(heap, slot, this.#pending.deliveriesHigh(at), this.#pending.deliveriesLow(at));
    if (--this.#ownedLeft === 0) this.#nextConsumer(input);
    return true;
  }

  #readId(input: RdbInput, into: StreamId): boolean {
    if (!input.readLength()) return false;
    const high = input.lengthHigh;
    const low = input.lengthLow;
    if (!input.readLength()) return false;
    into.set(high, low, input.lengthHigh, input.lengthLow);
    return true;
  }

  #readRaw(input: RdbInput): boolean {
    if (!input.has(ID_BYTES)) return false;
    this.#readRawId(input.bytes, input.position);
    input.position += ID_BYTES;
    return true;
  }

  #readRawId(bytes: Uint8Array, at: number): void {
    this.#id.set(wordAt(bytes, at), wordAt(bytes, at + 4), wordAt(bytes, at + 8), wordAt(bytes, at + 12));
  }
}

function wordAt(bytes: Uint8Array, at: number): number {
  return (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
}
