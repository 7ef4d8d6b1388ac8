/** Random streams against a naive model, with memory and without: entries, trims, pending messages, copies, and every byte given back. */
import {
  createHeap,
  EntryTexts,
  heapStatistics,
  ID_WORDS,
  IdCursor,
  ListpackText,
  NIL,
  NO_SLOT,
  nodeListpackBytes,
  StreamId,
  validateStreamListpack,
  verifyHeap,
  writeNodeListpack,
} from "@sider/datastructures";
import type { Heap } from "@sider/datastructures";
import { expect, it } from "vitest";
import { seededRandom } from "../../clock.ts";
import { OutOfMemoryError } from "../../errors.ts";
import { ENCODING_STREAM } from "../../keyspace/entry.ts";
import { EncodingLimits } from "../../keyspace/encoding-limits.ts";
import { Slice } from "../../slice.ts";
import { fuzzScale, fuzzSeed } from "../../testing/fuzzing.ts";
import { streamKind } from "./stream-block.ts";
import {
  acknowledge,
  addStreamNode,
  appendToStream,
  assignPending,
  consumerAt,
  consumerCount,
  createConsumer,
  createGroup,
  createStream,
  deleteConsumer,
  deleteFromStream,
  destroyGroup,
  findConsumer,
  findGroup,
  groupAt,
  groupCount,
  pendingCount,
  pendingOf,
  readFirstId,
  StreamCursor,
  streamIndexOf,
  streamLength,
  TrimOptions,
  trimStream,
} from "./stream-value.ts";

const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));
const idOf = (value: number): StreamId => new StreamId().set(0, Math.floor(value / 10), 0, value % 10);
const numberOf = (id: StreamId): number => id.msLow * 10 + id.seqLow;

function textsOf(pairs: readonly string[]): EntryTexts {
  const texts = new EntryTexts();
  texts.open(bytesOf(pairs.join("")));
  let offset = 0;
  for (const text of pairs) {
    texts.add(offset, text.length);
    offset += text.length;
  }
  return texts;
}

function entriesOf(heap: Heap, block: number, from: number, to: number, isReverse: boolean): [number, string][] {
  const cursor = new StreamCursor();
  const field = new ListpackText();
  const value = new ListpackText();
  const found: [number, string][] = [];
  const text = (one: ListpackText): string =>
    String.fromCharCode(...one.bytes.slice(one.offset, one.offset + one.length));
  cursor.open(heap, block, idOf(from), idOf(to), isReverse);
  while (cursor.next()) {
    const pairs: string[] = [];
    for (let left = cursor.fieldCount; left > 0; left--) {
      cursor.readPair(field, value);
      pairs.push(text(field), text(value));
    }
    found.push([numberOf(cursor.id), pairs.join()]);
  }
  return found;
}

/** Does it, or nothing where memory fails. */
function attempt<Result>(failureRate: number, action: () => Result): Result | undefined {
  try {
    return action();
  } catch (error) {
    if (!(error instanceof OutOfMemoryError) || failureRate === 0) throw error;
    return undefined;
  }
}

function insist<Result>(failureRate: number, action: () => Result): Result {
  for (;;) {
    const result = attempt(failureRate, action);
    if (result !== undefined) return result;
  }
}

function groupsText(heap: Heap, block: number): string {
  const cursor = new IdCursor();
  const parts: string[] = [];
  for (let place = 0; place < groupCount(heap, block); place++) {
    const group = groupAt(heap, block, place);
    let pending = 0;
    for (let number = 0; number < consumerCount(heap, group); number++) {
      const consumer = consumerAt(heap, group, number);
      pending += pendingCount(heap, consumer);
      for (let found = cursor.seekFirst(heap, pendingOf(heap, consumer)); found; found = cursor.next(heap)) {
        parts.push(
          `${String(place)}/${String(number)}/${String(numberOf(new StreamId().read(heap.i32, cursor.word)))}`,
        );
      }
    }
    expect(pendingCount(heap, group)).toBe(pending);
  }
  return parts.join();
}

function run(failureRate: number, runSeed: number, steps: number): void {
  const random = seededRandom(runSeed);
  const heap = createHeap({ capacityBytes: 16 * 2 ** 20, failureRate, failureSeed: runSeed, checks: true });
  const limits = new EncodingLimits();
  limits.streamNodeMaxEntries = [0, 5, 100, 300][random(4)];
  limits.streamNodeMaxBytes = [0, 200, 4096][random(3)];
  let block = insist(failureRate, () => createStream(heap));
  let model: [number, string][] = [];
  let top = 0;
  const name = new Slice();
  const named = (text: string): Slice => name.set(bytesOf(text), 0, text.length);
  for (let step = 0; step < steps; step++) {
    const action = random(20);
    if (action < 11) {
      const next = top + 1 + random(12);
      const pairs =
        random(3) > 0 ? ["a", String(random(1e6)), "b", "text"] : [`f${String(random(9))}`, "x".repeat(random(90))];
      const isDone = attempt(failureRate, () => {
        appendToStream(heap, limits, block, idOf(next), textsOf(pairs));
        return true;
      });
      if (isDone === true) {
        model.push([next, pairs.join()]);
        top = next;
      }
    } else if (action < 13 && model.length > 0) {
      const target = random(4) === 0 ? random(top + 2) : model[random(model.length)][0];
      const isThere = model.some(([id]) => id === target);
      const isDeleted = attempt(failureRate, () => deleteFromStream(heap, block, idOf(target)));
      if (isDeleted !== undefined) expect(isDeleted).toBe(isThere);
      if (isDeleted === true) model = model.filter(([id]) => id !== target);
    } else if (action === 13) {
      const options = new TrimOptions();
      const isByLength = random(2) === 0;
      options.mostEntries = isByLength ? Math.max(0, model.length - random(40)) : -1;
      options.isApproximate = random(3) === 0;
      options.lowestId.copy(idOf(Math.max(0, (model[0]?.[0] ?? 0) + random(120))));
      const keep = isByLength
        ? model.slice(model.length - options.mostEntries)
        : model.filter(([id]) => id >= numberOf(options.lowestId));
      const deleted = trimStream(heap, block, options);
      expect(deleted).toBeLessThanOrEqual(model.length - keep.length);
      if (!options.isApproximate) expect(deleted).toBe(model.length - keep.length);
      model = model.slice(deleted);
    } else if (action === 14) {
      const group = named(`g${String(random(4))}`);
      const ref = findGroup(heap, block, group);
      if (ref === NIL) attempt(failureRate, () => createGroup(heap, block, group, idOf(0), 0, 0));
      else if (random(6) === 0) destroyGroup(heap, block, ref);
    } else if (action < 18 && groupCount(heap, block) > 0) {
      const group = groupAt(heap, block, random(groupCount(heap, block)));
      const consumerName = named(`consumer ${String(random(5))}`);
      const consumer = findConsumer(heap, group, consumerName);
      const id = idOf(random(top + 1));
      const before = groupsText(heap, block);
      if (consumer === NIL) attempt(failureRate, () => createConsumer(heap, group, consumerName, 5));
      else if (random(12) === 0) deleteConsumer(heap, group, consumer);
      else if (random(3) === 0) acknowledge(heap, group, id);
      else if (assignPending(heap, group, consumer, id) === NO_SLOT) expect(groupsText(heap, block)).toBe(before);
    } else if (action === 18 && random(8) === 0) {
      const copy = attempt(failureRate, () => streamKind.copy(heap, ENCODING_STREAM, block));
      if (copy !== undefined) {
        expect(groupsText(heap, copy)).toBe(groupsText(heap, block));
        while (streamKind.freeSome(heap, ENCODING_STREAM, block, 1 + random(50)) === 0) verifyHeap(heap);
        block = copy;
      }
    }
    if (step % 20 === 0) {
      const from = random(top + 2);
      const to = random(top + 2);
      const expected = model.filter(([id]) => id >= from && id <= to);
      expect(entriesOf(heap, block, from, to, false)).toEqual(expected);
      expect(entriesOf(heap, block, from, to, true)).toEqual(expected.reverse());
      expect(entriesOf(heap, block, 0, top + 1, false)).toEqual(model);
      expect(streamLength(heap, block)).toBe(model.length);
      expect(numberOf(readFirstId(heap, block, new StreamId()))).toBe(model[0]?.[0] ?? 0);
    }
  }
  expectReloadable(heap, block, failureRate, model);
  streamKind.free(heap, ENCODING_STREAM, block);
  verifyHeap(heap);
  expect(heapStatistics(heap).allocatedBytes).toBe(0);
}

/** Each node is sound, and a stream made from copies of the nodes is the same. */
function expectReloadable(heap: Heap, block: number, failureRate: number, model: readonly [number, string][]): void {
  const loaded = insist(failureRate, () => createStream(heap));
  const cursor = new IdCursor();
  for (let found = cursor.seekFirst(heap, streamIndexOf(heap, block)); found; found = cursor.next(heap)) {
    const node = heap.i32[cursor.word + ID_WORDS];
    const bytes = new Uint8Array(nodeListpackBytes(heap, node));
    writeNodeListpack(heap, node, bytes);
    expect(validateStreamListpack(bytes, 0, bytes.length)).toBe(true);
    const id = new StreamId().read(heap.i32, cursor.word);
    insist(failureRate, () => addStreamNode(heap, loaded, id, bytes, 0, bytes.length));
  }
  expect(entriesOf(heap, loaded, 0, 2 ** 30, false)).toEqual(model);
  expect(entriesOf(heap, loaded, 0, 2 ** 30, true)).toEqual(model.toReversed());
  streamKind.free(heap, ENCODING_STREAM, loaded);
}

it(`streams hold what lists of entries hold (SIDER_SEED=${String(fuzzSeed)})`, { timeout: 60_000 * fuzzScale }, () => {
  for (let round = 0; round < 4 * fuzzScale; round++) {
    run(0, fuzzSeed + round * 7919, 900);
    run(0.04, fuzzSeed + round * 104729, 900);
  }
});
