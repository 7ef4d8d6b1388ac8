/** Sets: members (type 2), an intset (11), or a listpack (20, which Redis knows from 7.2 on). */
import {
  createInt64Scratch,
  END,
  firstEntry,
  intsetAt,
  intsetBytes,
  intsetCount,
  listpackCount,
  ListpackText,
  nextEntry,
  NIL,
  offsetOf,
  parseInt64,
  readText,
  validateIntset,
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
import type { RdbInput } from "../rdb-input.ts";
import type { RdbOutput } from "../rdb-output.ts";
import { blockOf, writeListpack } from "./hash.ts";
import { hasDuplicates, isSetListpack } from "./listpack-checks.ts";
import { BELIEVED_COUNT, type Draft, first, refuse, type ValueForm } from "./value-form.ts";

const RDB_TYPE_SET = 2;
const RDB_TYPE_SET_INTSET = 11;
const RDB_TYPE_SET_LISTPACK = 20;
const FIRST_VERSION_WITH_LISTPACKS = 11;

/** Sets beyond these are not gathered, whatever the limits of listpacks. */
const MOST_GATHERED = 1024;
const LONGEST_GATHERED = 4096;
const DUPLICATE = "Duplicate set members detected";

const cursor = new SetCursor();
const loose = new LooseValue();
const text = new ListpackText();
const member = createInt64Scratch();
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

/** The encoding that a set begins with, of so many members of which the first may be an integer. */
function encodingFor(draft: Draft, count: number): number {
  const limits = draft.keyspace.limits;
  if (count <= limits.setMaxIntsetEntries) return ENCODING_INTSET;
  return count <= limits.setMaxListpackEntries ? ENCODING_LISTPACK : ENCODING_HASHTABLE;
}

function addMember(draft: Draft, input: RdbInput, bytes: Uint8Array, offset: number, length: number): void {
  if (!setAdd(draft.keyspace, draft.held, bytes, offset, length)) refuse(input, DUPLICATE);
}

/** A small set that begins with a text will be a listpack: it is gathered, until a member is too long for that. */
function gatherMember(draft: Draft, input: RdbInput): void {
  const { bytes, offset, length } = first;
  const { listpack } = draft;
  const isFirst = listpack.count === 0;
  const isFit = length <= draft.keyspace.limits.setMaxListpackValue && length <= LONGEST_GATHERED;
  if (isFit && !(isFirst && parseInt64(bytes, offset, length, member))) {
    listpack.text(bytes, offset, length);
    return;
  }
  beginSet(draft, draft.count, encodingFor(draft, draft.count));
  if (!isFirst) spill(draft, input);
  addMember(draft, input, bytes, offset, length);
}

/** What was gathered goes into the set, member by member. */
function spill(draft: Draft, input: RdbInput): void {
  const { listpack } = draft;
  listpack.close();
  for (let at = firstEntry(listpack.bytes, 0); at !== END; at = nextEntry(listpack.bytes, at)) {
    readText(listpack.bytes, at, text);
    addMember(draft, input, text.bytes, text.offset, text.length);
  }
}

export const setForm: ValueForm = {
  isCounted: true,
  begin(draft, count) {
    draft.listpack.beginAgain();
    if (count > draft.keyspace.limits.setMaxListpackEntries || count > MOST_GATHERED) {
      beginSet(draft, count, encodingFor(draft, count));
    }
  },
  item(draft, input) {
    if (!input.readString(first)) return false;
    if (draft.held === NIL) gatherMember(draft, input);
    else addMember(draft, input, first.bytes, first.offset, first.length);
    return true;
  },
  end(draft, input) {
    if (draft.held !== NIL) return;
    const { count, listpack } = draft;
    listpack.close();
    if (hasDuplicates(listpack.bytes, 0, count, 0)) refuse(input, DUPLICATE);
    const { heap } = draft.keyspace;
    const block = blockOf(heap, listpack.bytes, 0, listpack.byteLength);
    draft.held = holdValue(heap, TYPE_SET, ENCODING_LISTPACK, block);
  },
};

export const setIntsetForm: ValueForm = {
  isCounted: false,
  item(draft, input) {
    if (!input.readString(first)) return false;
    const { bytes, offset, length } = first;
    if (!validateIntset(bytes, offset, length, true)) refuse(input, "Intset integrity check failed.");
    keepIntset(draft, bytes, offset, length);
    return true;
  },
};

export const setPreparedIntsetForm: ValueForm = {
  isCounted: false,
  item(draft, input) {
    if (!input.readString(first)) return false;
    keepIntset(draft, first.bytes, first.offset, first.length);
    return true;
  },
};

/** Makes the value of an intset. */
function keepIntset(draft: Draft, bytes: Uint8Array, offset: number, length: number): void {
  const { heap, limits } = draft.keyspace;
  const count = intsetCount(bytes, offset);
  if (count <= limits.setMaxIntsetEntries) {
    draft.held = holdValue(heap, TYPE_SET, ENCODING_INTSET, blockOf(heap, bytes, offset, length));
    return;
  }
  beginSet(draft, count, ENCODING_HASHTABLE);
  for (let index = 0; index < count; index++) {
    intsetAt(bytes, offset, index, member);
    setAdd(draft.keyspace, draft.held, digits, 0, writeInt64(digits, 0, member.high, member.low));
  }
}

export const setListpackForm: ValueForm = {
  isCounted: false,
  item(draft, input) {
    if (!input.readString(first)) return false;
    if (!isSetListpack(first.bytes, first.offset, first.length)) refuse(input, "Set listpack integrity check failed.");
    keepSet(draft, first.bytes, first.offset, first.length);
    return true;
  },
};

export const setPreparedForm: ValueForm = {
  isCounted: false,
  item(draft, input) {
    if (!input.readString(first)) return false;
    keepSet(draft, first.bytes, first.offset, first.length);
    return true;
  },
};

/** Makes the value of a listpack of members: it is taken as it is where it is within the limits. */
function keepSet(draft: Draft, bytes: Uint8Array, offset: number, length: number): void {
  const count = listpackCount(bytes, offset);
  if (count === 0) return;
  const { heap, limits } = draft.keyspace;
  if (count <= limits.setMaxListpackEntries) {
    draft.held = holdValue(heap, TYPE_SET, ENCODING_LISTPACK, blockOf(heap, bytes, offset, length));
    return;
  }
  beginSet(draft, count, ENCODING_HASHTABLE);
  for (let at = firstEntry(bytes, offset); at !== END; at = nextEntry(bytes, at)) {
    readText(bytes, at, text);
    setAdd(draft.keyspace, draft.held, text.bytes, text.offset, text.length);
  }
}
