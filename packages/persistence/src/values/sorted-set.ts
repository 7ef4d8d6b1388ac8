/**
 * Sorted sets: members and scores, as binary doubles (type 5) or as text (3), or a listpack of them (17), or its predecessor, a
 * ziplist (12). Redis writes a skiplist from its highest member down, and so does this: a dump is then the same bytes.
 */
import {
  END,
  firstEntry,
  listpackCount,
  ListpackText,
  nextEntry,
  readText,
  reserveMembers,
} from "@sider/datastructures";
import type { Heap } from "@sider/datastructures";
import {
  createLooseSortedSet,
  ENCODING_LISTPACK,
  encodingOf,
  holdValue,
  LooseValue,
  MEMBER_ADDED,
  openRankedCursor,
  parseDouble,
  RankedCursor,
  sortedSetCardinality,
  sortedSetPut,
  TYPE_SORTED_SET,
  valueBlockOf,
} from "@sider/keyspace-engine";
import type { RdbInput } from "../rdb-input.ts";
import type { RdbOutput } from "../rdb-output.ts";
import { blockOf, writeListpack } from "./hash.ts";
import { isHashListpack, NO_SCORES, orderOf, scoreAt, SORTED } from "./listpack-checks.ts";
import { ziplistToListpack } from "./old-forms.ts";
import { BELIEVED_COUNT, type Draft, first, refuse, type ValueForm } from "./value-form.ts";

const RDB_TYPE_SORTED_SET = 5;
const RDB_TYPE_SORTED_SET_LISTPACK = 17;
const TEXT_NAN = 253;
const TEXT_PLUS_INFINITY = 254;
const TEXT_MINUS_INFINITY = 255;

const cursor = new RankedCursor();
const loose = new LooseValue();
const text = new ListpackText();

export function sortedSetType(heap: Heap, entry: number): number {
  return encodingOf(heap, entry) === ENCODING_LISTPACK ? RDB_TYPE_SORTED_SET_LISTPACK : RDB_TYPE_SORTED_SET;
}

/** Writes the sorted set as sortedSetType says. O(n). */
export function writeSortedSet(output: RdbOutput, heap: Heap, entry: number): void {
  if (encodingOf(heap, entry) === ENCODING_LISTPACK) {
    writeListpack(output, heap, valueBlockOf(heap, entry));
    return;
  }
  const count = sortedSetCardinality(heap, entry);
  output.length(count);
  openRankedCursor(heap, entry, cursor);
  for (let isThere = cursor.seek(count - 1); isThere; isThere = cursor.previous()) {
    output.string(cursor.member.bytes, cursor.member.offset, cursor.member.length);
    output.double(cursor.score);
  }
}

function beginSortedSet(draft: Draft, count: number): void {
  createLooseSortedSet(draft.keyspace, loose, count, 0);
  const { heap } = draft.keyspace;
  draft.held = holdValue(heap, TYPE_SORTED_SET, loose.encoding, loose.block);
  if (loose.encoding !== ENCODING_LISTPACK) reserveMembers(heap, loose.block, Math.min(count, BELIEVED_COUNT));
}

function takeMember(draft: Draft, input: RdbInput, score: number): boolean {
  if (Number.isNaN(score)) refuse(input, "Zset with NAN score detected");
  const { bytes, offset, length } = first;
  if (sortedSetPut(draft.keyspace, draft.held, bytes, offset, length, score) !== MEMBER_ADDED) {
    refuse(input, "Duplicate zset fields detected");
  }
  return true;
}

export const sortedSetForm: ValueForm = {
  isCounted: true,
  begin: beginSortedSet,
  item(draft, input) {
    return input.readString(first) && input.readDouble() && takeMember(draft, input, input.double);
  },
};

export const sortedSetTextForm: ValueForm = {
  isCounted: true,
  begin: beginSortedSet,
  item(draft, input) {
    if (!input.readString(first) || !input.readByte()) return false;
    const length = input.byte;
    if (length === TEXT_NAN) return takeMember(draft, input, NaN);
    if (length === TEXT_PLUS_INFINITY) return takeMember(draft, input, Infinity);
    if (length === TEXT_MINUS_INFINITY) return takeMember(draft, input, -Infinity);
    if (!input.has(length)) return false;
    const score = parseDouble(input.bytes, input.position, length);
    input.position += length;
    return takeMember(draft, input, score);
  },
};

export const sortedSetListpackForm: ValueForm = {
  isCounted: false,
  item(draft, input) {
    if (!input.readString(first)) return false;
    if (!takeSortedSet(draft, first.bytes, first.offset, first.length))
      refuse(input, "Zset listpack integrity check failed.");
    return true;
  },
};

export const sortedSetPreparedForm: ValueForm = {
  isCounted: false,
  item(draft, input) {
    if (!input.readString(first)) return false;
    keepSortedSet(draft, first.bytes, first.offset, first.length, true);
    return true;
  },
};

export const sortedSetZiplistForm: ValueForm = {
  isCounted: false,
  item(draft, input) {
    if (!input.readString(first)) return false;
    const listpack = ziplistToListpack(first.bytes, first.offset, first.length);
    if (listpack === null || !takeSortedSet(draft, listpack, 0, listpack.length)) {
      refuse(input, "Zset ziplist integrity check failed.");
    }
    return true;
  },
};

/** Takes a listpack for the value: as it is where it is in order and within the limits. False when it is no sorted set. */
function takeSortedSet(draft: Draft, bytes: Uint8Array, offset: number, length: number): boolean {
  if (!isHashListpack(bytes, offset, length)) return false;
  const order = orderOf(bytes, offset);
  if (order !== NO_SCORES) keepSortedSet(draft, bytes, offset, length, order === SORTED);
  return order !== NO_SCORES;
}

/** Makes the value of a listpack of members and scores. */
function keepSortedSet(draft: Draft, bytes: Uint8Array, offset: number, length: number, isSorted: boolean): void {
  const count = listpackCount(bytes, offset);
  if (count === 0) return;
  const { heap, limits } = draft.keyspace;
  if (isSorted && count >> 1 <= limits.zsetMaxListpackEntries) {
    draft.held = holdValue(heap, TYPE_SORTED_SET, ENCODING_LISTPACK, blockOf(heap, bytes, offset, length));
    return;
  }
  beginSortedSet(draft, count >> 1);
  for (let at = firstEntry(bytes, offset); at !== END; at = nextEntry(bytes, at)) {
    readText(bytes, at, text);
    at = nextEntry(bytes, at);
    sortedSetPut(draft.keyspace, draft.held, text.bytes, text.offset, text.length, scoreAt(bytes, at));
  }
}
