/** The block of a stream value: see `ValueKind`. `stream-layout.ts` has the picture of it. */
import {
  allocate,
  copyBlock,
  destroyIdTree,
  free,
  ID_WORDS,
  IdCursor,
  idTreeBytes,
  idTreeCount,
  insertId,
  NIL,
  NO_SLOT,
  removeId,
  StreamId,
  streamNodeBytes,
  nodeLiveCount,
  usableBytes,
  wordOf,
} from "@sider/datastructures";
import type { Heap } from "@sider/datastructures";
import { OutOfMemoryError } from "../../errors.ts";
import { Slice } from "../../slice.ts";
import type { ValueKind } from "../value-kind.ts";
import { createStream } from "./stream-entries.ts";
import {
  activeAtMs,
  assignPending,
  consumerAt,
  consumerCount,
  consumersOf,
  createConsumer,
  createGroup,
  entriesReadHigh,
  entriesReadLow,
  findPending,
  freeGroups,
  groupAt,
  groupCount,
  groupsOf,
  pendingOf,
  readBlockName,
  readGroupLastId,
  seenAtMs,
  setActiveAtMs,
} from "./stream-groups.ts";
import { ADDED, INDEX, streamIndexOf, LENGTH, STREAM_WORDS, streamLength, TAIL } from "./stream-layout.ts";

const cursor = new IdCursor();
const id = new StreamId();
const name = new Slice();

function freeBlock(heap: Heap, block: number): void {
  let isFound = cursor.seekFirst(heap, streamIndexOf(heap, block));
  while (isFound) {
    free(heap, heap.i32[cursor.word + ID_WORDS]);
    isFound = cursor.next(heap);
  }
  freeGroups(heap, block);
  destroyIdTree(heap, streamIndexOf(heap, block));
  free(heap, block);
}

/** Nodes first; what is left when there are none goes at once. */
function freeSome(heap: Heap, block: number, budget: number): number {
  let left = budget;
  const tree = streamIndexOf(heap, block);
  while (left > 0 && cursor.seekFirst(heap, tree)) {
    const node = heap.i32[cursor.word + ID_WORDS];
    left -= nodeLiveCount(heap, node) + 1;
    removeId(heap, tree, id.read(heap.i32, cursor.word));
    free(heap, node);
  }
  if (left <= 0) return 0;
  freeBlock(heap, block);
  return left;
}

function copyStream(heap: Heap, block: number): number {
  const copy = createStream(heap);
  try {
    copyNodes(heap, block, copy);
    for (let place = 0; place < groupCount(heap, block); place++) copyGroup(heap, groupAt(heap, block, place), copy);
  } catch (error) {
    freeBlock(heap, copy);
    throw error;
  }
  const from = wordOf(block);
  heap.i32[wordOf(copy) + LENGTH] = heap.i32[from + LENGTH];
  heap.i32.copyWithin(wordOf(copy) + ADDED, from + ADDED, from + STREAM_WORDS);
  return copy;
}

function copyNodes(heap: Heap, block: number, copy: number): void {
  let isFound = cursor.seekFirst(heap, streamIndexOf(heap, block));
  while (isFound) {
    const node = heap.i32[cursor.word + ID_WORDS];
    const bytes = streamNodeBytes(heap, node);
    const copied = allocate(heap, bytes);
    if (copied === NIL) throw new OutOfMemoryError();
    copyBlock(heap, copied, 0, node, 0, bytes);
    const slot = insertId(heap, heap.i32[wordOf(copy) + INDEX], id.read(heap.i32, cursor.word));
    if (slot === NO_SLOT) {
      free(heap, copied);
      throw new OutOfMemoryError();
    }
    heap.i32[slot + ID_WORDS] = copied;
    heap.i32[wordOf(copy) + TAIL] = copied;
    isFound = cursor.next(heap);
  }
}

function copyGroup(heap: Heap, group: number, copy: number): void {
  const read = [entriesReadHigh(heap, group), entriesReadLow(heap, group)] as const;
  const groupName = readBlockName(heap, group, name);
  const copied = createGroup(heap, copy, groupName, readGroupLastId(heap, group, id), read[0], read[1]);
  for (let place = 0; place < consumerCount(heap, group); place++) {
    copyConsumer(heap, group, consumerAt(heap, group, place), copied);
  }
}

function copyConsumer(heap: Heap, group: number, consumer: number, copiedGroup: number): void {
  const copied = createConsumer(heap, copiedGroup, readBlockName(heap, consumer, name), seenAtMs(heap, consumer));
  setActiveAtMs(heap, copied, activeAtMs(heap, consumer));
  let isFound = cursor.seekFirst(heap, pendingOf(heap, consumer));
  while (isFound) {
    id.read(heap.i32, cursor.word);
    const slot = assignPending(heap, copiedGroup, copied, id);
    if (slot === NO_SLOT) throw new OutOfMemoryError();
    const from = findPending(heap, group, id) + ID_WORDS + 1;
    heap.i32.copyWithin(slot + ID_WORDS + 1, from, from + TIME_AND_DELIVERIES_WORDS);
    isFound = cursor.next(heap);
  }
}

const TIME_AND_DELIVERIES_WORDS = 4;

/** Nodes are estimated from the first `samples`, 0 meaning all; the last one, which is not full, is counted apart. */
function memoryBytes(heap: Heap, block: number, samples: number): number {
  const tree = streamIndexOf(heap, block);
  let bytes = usableBytes(heap, block) + idTreeBytes(heap, tree) + groupsBytes(heap, block);
  const nodes = idTreeCount(heap, tree);
  let sampled = 0;
  let sampledBytes = 0;
  let isFound = cursor.seekFirst(heap, tree);
  while (isFound && sampled < nodes - 1 && (samples === 0 || sampled < samples)) {
    sampledBytes += usableBytes(heap, heap.i32[cursor.word + ID_WORDS]);
    sampled++;
    isFound = cursor.next(heap);
  }
  if (sampled > 0) bytes += Math.round((sampledBytes / sampled) * (nodes - 1));
  return nodes === 0 ? bytes : bytes + usableBytes(heap, heap.i32[wordOf(block) + TAIL]);
}

function groupsBytes(heap: Heap, block: number): number {
  let bytes = usableBytes(heap, groupsOf(heap, block));
  for (let place = 0; place < groupCount(heap, block); place++) {
    const group = groupAt(heap, block, place);
    bytes += usableBytes(heap, group) + idTreeBytes(heap, pendingOf(heap, group));
    bytes += usableBytes(heap, consumersOf(heap, group));
    for (let number = 0; number < consumerCount(heap, group); number++) {
      const consumer = consumerAt(heap, group, number);
      bytes += usableBytes(heap, consumer) + idTreeBytes(heap, pendingOf(heap, consumer));
    }
  }
  return bytes;
}

export const streamKind: ValueKind = {
  size: (heap, _encoding, block) => streamLength(heap, block),
  free: (heap, _encoding, block) => {
    freeBlock(heap, block);
  },
  freeSome: (heap, _encoding, block, budget) => freeSome(heap, block, budget),
  copy: (heap, _encoding, block) => copyStream(heap, block),
  memoryBytes: (heap, _encoding, block, samples) => memoryBytes(heap, block, samples),
};
