/** Sets: members (type 2), an intset (11), or a listpack (20, which Redis knows from 7.2 on). */
import {
  END,
  firstEntry,
  intsetAt,
  intsetBytes,
  intsetCount,
  listpackCount,
  ListpackText,
  nextEntry,
  offsetOf,
  readText,
  validateIntset,
  validateListpack,
  windowOf,
} from "@sider/datastructures";
import type { Heap } from "@sider/datastructures";
import {
  createLooseSet,
  ENCODING_HASHTABLE,
  ENCODING_INTSET,
  ENCODING_LISTPACK,
  encodingOf,
  holdValue,
  INT64_MAX_TEXT_LENGTH,
  LooseValue,
  openSetCursor,
  setAdd,
  setCardinality,
  SetCursor,
  TYPE_SET,
  valueBlockOf,
  writeInt64,
} from "@sider/keyspace-engine";
import type { RdbOutput } from "../rdb-output.ts";
import { blockOf, writeListpack } from "./hash.ts";
import { hasDuplicates } from "./listpack-checks.ts";
import { type Draft, first, refuse, type ValueForm } from "./value-form.ts";

const RDB_TYPE_SET = 2;
const RDB_TYPE_SET_INTSET = 11;
const RDB_TYPE_SET_LISTPACK = 20;
const FIRST_VERSION_WITH_LISTPACKS = 11;
/** A count from outside is believed so far when a table is made. */
const BELIEVED_COUNT = 65536;

const cursor = new SetCursor();
const loose = new LooseValue();
const text = new ListpackText();
const member = { high: 0, low: 0 };
const digits = new Uint8Array(INT64_MAX_TEXT_LENGTH);

export function setType(heap: Heap, entry: number, version: number): number {
  const encoding = encodingOf(heap, entry);
  if (encoding === ENCODING_INTSET) return RDB_TYPE_SET_INTSET;
  const hasListpack = encoding === ENCODING_LISTPACK && version >= FIRST_VERSION_WITH_LISTPACKS;
  return hasListpack ? RDB_TYPE_SET_LISTPACK : RDB_TYPE_SET;
}

/** Writes the set as setType says. O(n). */
export function writeSet(output: RdbOutput, heap: Heap, entry: number, version: number): void {
  const type = setType(heap, entry, version);
  const block = valueBlockOf(heap, entry);
  if (type === RDB_TYPE_SET_LISTPACK) writeListpack(output, heap, block);
  else if (type === RDB_TYPE_SET_INTSET) {
    const window = windowOf(heap, block);
    output.string(window, offsetOf(block), intsetBytes(window, offsetOf(block)));
  } else {
    output.length(setCardinality(heap, entry));
    openSetCursor(heap, entry, cursor);
    while (cursor.next()) output.string(cursor.member.bytes, cursor.member.offset, cursor.member.length);
  }
}

function beginSet(draft: Draft, count: number, encoding: number): void {
  createLooseSet(draft.keyspace, loose, encoding, Math.min(count, BELIEVED_COUNT));
  draft.held = holdValue(draft.keyspace.heap, TYPE_SET, loose.encoding, loose.block);
}

export const setForm: ValueForm = {
  isCounted: true,
  begin(draft, count) {
    const limits = draft.keyspace.limits;
    const isSmall = count <= limits.setMaxListpackEntries;
    const encoding =
      count <= limits.setMaxIntsetEntries ? ENCODING_INTSET : isSmall ? ENCODING_LISTPACK : ENCODING_HASHTABLE;
    beginSet(draft, count, encoding);
  },
  item(draft, input) {
    if (!input.readString(first)) return false;
    if (!setAdd(draft.keyspace, draft.held, first.bytes, first.offset, first.length)) {
      refuse(input, "Duplicate set members detected");
    }
    return true;
  },
};

export const setIntsetForm: ValueForm = {
  isCounted: false,
  item(draft, input) {
    if (!input.readString(first)) return false;
    const { bytes, offset, length } = first;
    if (!validateIntset(bytes, offset, length, true)) refuse(input, "Intset integrity check failed.");
    const { heap, limits } = draft.keyspace;
    const count = intsetCount(bytes, offset);
    if (count <= limits.setMaxIntsetEntries) {
      draft.held = holdValue(heap, TYPE_SET, ENCODING_INTSET, blockOf(heap, bytes, offset, length));
      return true;
    }
    beginSet(draft, count, ENCODING_HASHTABLE);
    for (let index = 0; index < count; index++) {
      intsetAt(bytes, offset, index, member);
      setAdd(draft.keyspace, draft.held, digits, 0, writeInt64(digits, 0, member.high, member.low));
    }
    return true;
  },
};

export const setListpackForm: ValueForm = {
  isCounted: false,
  item(draft, input) {
    if (!input.readString(first)) return false;
    if (!takeSet(draft, first.bytes, first.offset, first.length)) refuse(input, "Set listpack integrity check failed.");
    return true;
  },
};

/** Takes a listpack for the value: as it is where it is within the limits. False when it is no set. */
function takeSet(draft: Draft, bytes: Uint8Array, offset: number, length: number): boolean {
  if (!validateListpack(bytes, offset, length, true)) return false;
  const count = listpackCount(bytes, offset);
  if (hasDuplicates(bytes, offset, count, 0)) return false;
  if (count === 0) return true;
  const { heap, limits } = draft.keyspace;
  if (count <= limits.setMaxListpackEntries) {
    draft.held = holdValue(heap, TYPE_SET, ENCODING_LISTPACK, blockOf(heap, bytes, offset, length));
    return true;
  }
  beginSet(draft, count, ENCODING_HASHTABLE);
  for (let at = firstEntry(bytes, offset); at !== END; at = nextEntry(bytes, at)) {
    readText(bytes, at, text);
    setAdd(draft.keyspace, draft.held, text.bytes, text.offset, text.length);
  }
  return true;
}
