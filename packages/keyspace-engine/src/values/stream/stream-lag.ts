/**
 * How far a group has come: its counter of entries read, and its lag. Both are exact only as far as nothing was deleted ahead of the group;
 * the rules for when they are known, and how a counter is found again that was lost, are Redis's.
 */
import { compareIds, StreamId } from "@sider/datastructures";
import type { Heap } from "@sider/datastructures";
import { addInt64, createInt64Scratch, int64FromHalves, int64FromSafe, negateInt64 } from "../../numbers/int64.ts";
import type { Int64Scratch } from "../../numbers/int64.ts";
import { entriesReadHigh, entriesReadLow, readGroupLastId, setEntriesRead, setGroupLastId } from "./stream-groups.ts";
import {
  entriesAddedHigh,
  entriesAddedLow,
  readFirstId,
  readLastId,
  readMaximalDeletedId,
  streamLength,
} from "./stream-layout.ts";

const firstId = new StreamId();
const lastId = new StreamId();
const deletedId = new StreamId();
const groupId = new StreamId();
const term = createInt64Scratch();
const estimate = createInt64Scratch();

/** Notes that a group has delivered an entry; nothing when it had already come that far. O(1). */
export function advanceGroup(heap: Heap, block: number, group: number, id: StreamId): void {
  if (compareIds(id, readGroupLastId(heap, group, groupId)) <= 0) return;
  if (isReadKnown(heap, group) && !isBeforeFirst(heap, block, groupId) && !hasDeletedFrom(heap, block, groupId)) {
    const low = (entriesReadLow(heap, group) + 1) | 0;
    setEntriesRead(heap, group, (entriesReadHigh(heap, group) + (low === 0 ? 1 : 0)) | 0, low);
  } else if (isAnyAdded(heap, block)) {
    if (estimateRead(heap, block, id, estimate)) setEntriesRead(heap, group, estimate.high, estimate.low);
    else setEntriesRead(heap, group, -1, -1);
  }
  setGroupLastId(heap, group, id);
}

/** Puts the number of entries that a group has not got yet into `out`; false when it is not known. O(1). */
export function groupLag(heap: Heap, block: number, group: number, out: Int64Scratch): boolean {
  const length = streamLength(heap, block);
  int64FromSafe(isAnyAdded(heap, block) ? length : 0, out);
  if (length === 0 || !isAnyAdded(heap, block)) return true;
  readGroupLastId(heap, group, groupId);
  // Nothing was deleted behind the first entry, and the group has none of them.
  if (isBeforeFirst(heap, block, groupId) && isBeforeFirst(heap, block, readMaximalDeletedId(heap, block, deletedId)))
    return true;
  if (isReadKnown(heap, group) && !hasDeletedFrom(heap, block, groupId)) {
    int64FromHalves(entriesReadHigh(heap, group), entriesReadLow(heap, group), out);
  } else if (!estimateRead(heap, block, groupId, out)) return false;
  int64FromHalves(entriesAddedHigh(heap, block), entriesAddedLow(heap, block), term);
  negateInt64(out);
  addInt64(term, out, out);
  return true;
}

function isReadKnown(heap: Heap, group: number): boolean {
  return (entriesReadLow(heap, group) & entriesReadHigh(heap, group)) !== -1;
}

function isAnyAdded(heap: Heap, block: number): boolean {
  return (entriesAddedLow(heap, block) | entriesAddedHigh(heap, block)) !== 0;
}

/** Whether an entry from `id` on was deleted. */
function hasDeletedFrom(heap: Heap, block: number, id: StreamId): boolean {
  if (streamLength(heap, block) === 0 || readMaximalDeletedId(heap, block, deletedId).isZero) return false;
  return compareIds(id, deletedId) <= 0;
}

/** Whether `id` is smaller than that of the first entry; there must be one. */
function isBeforeFirst(heap: Heap, block: number, id: StreamId): boolean {
  return compareIds(id, readFirstId(heap, block, firstId)) < 0;
}

/** Puts the number of entries ever added up to `id` into `out`; false where that cannot be told. O(1). */
export function estimateRead(heap: Heap, block: number, id: StreamId, out: Int64Scratch): boolean {
  int64FromHalves(entriesAddedHigh(heap, block), entriesAddedLow(heap, block), out);
  if (!isAnyAdded(heap, block)) return true;
  const beside = compareIds(id, readLastId(heap, block, lastId));
  const length = streamLength(heap, block);
  if (beside === 0 || (length === 0 && beside < 0)) return true;
  if (beside > 0) return false;
  readFirstId(heap, block, firstId);
  const besideFirst = compareIds(id, firstId);
  readMaximalDeletedId(heap, block, deletedId);
  if (!deletedId.isZero && compareIds(deletedId, firstId) >= 0) return false;
  if (besideFirst > 0) return false;
  int64FromSafe(besideFirst === 0 ? 1 - length : -length, term);
  addInt64(out, term, out);
  return true;
}
