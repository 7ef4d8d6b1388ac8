/** Hashes: fields and values in turn (type 4), or a listpack of them (16), or its predecessors zipmap (9) and ziplist (13). */
import {
  allocate,
  copyToBlock,
  createListpack,
  END,
  firstEntry,
  listpackBytes,
  listpackCount,
  nextEntry,
  NIL,
  offsetOf,
  readText,
  reserveTable,
  windowOf,
} from "@sider/datastructures";
import type { Heap } from "@sider/datastructures";
import {
  ENCODING_LISTPACK,
  encodingOf,
  FIELD_MISSING,
  hashLength,
  HashWalk,
  holdValue,
  prepareHash,
  readFieldName,
  readFieldValue,
  setField,
  Slice,
  TYPE_HASH,
  valueBlockOf,
} from "@sider/keyspace-engine";
import type { RdbOutput } from "../rdb-output.ts";
import { isHashListpack } from "./listpack-checks.ts";
import { ziplistToListpack, zipmapToListpack } from "./old-forms.ts";
import { BELIEVED_COUNT, type Draft, first, refuse, second, type ValueForm } from "./value-form.ts";

const RDB_TYPE_HASH = 4;
const RDB_TYPE_HASH_LISTPACK = 16;

const name = new Slice();
const value = new Slice();
const walk = new HashWalk();

export function hashType(heap: Heap, entry: number): number {
  return encodingOf(heap, entry) === ENCODING_LISTPACK ? RDB_TYPE_HASH_LISTPACK : RDB_TYPE_HASH;
}

/** Writes the hash as hashType says. O(n). */
export function writeHash(output: RdbOutput, heap: Heap, entry: number): void {
  if (encodingOf(heap, entry) === ENCODING_LISTPACK) {
    writeListpack(output, heap, valueBlockOf(heap, entry));
    return;
  }
  output.length(hashLength(heap, entry));
  walk.start(heap, entry);
  for (let field = walk.next(); field !== FIELD_MISSING; field = walk.next()) {
    readFieldName(heap, entry, field, name);
    output.string(name.bytes, name.offset, name.length);
    readFieldValue(heap, entry, field, value);
    output.string(value.bytes, value.offset, value.length);
  }
}

/** A block that is one listpack, as a string. */
export function writeListpack(output: RdbOutput, heap: Heap, block: number): void {
  const window = windowOf(heap, block);
  output.string(window, offsetOf(block), listpackBytes(window, offsetOf(block)));
}

/** A copy of bytes in a block of its own; NIL without memory. */
export function blockOf(heap: Heap, bytes: Uint8Array, offset: number, length: number): number {
  const block = allocate(heap, length);
  if (block !== NIL) copyToBlock(heap, block, 0, bytes, offset, length);
  return block;
}

function beginHash(draft: Draft, count: number): void {
  const { keyspace } = draft;
  draft.held = holdValue(keyspace.heap, TYPE_HASH, ENCODING_LISTPACK, createListpack(keyspace.heap));
  prepareHash(keyspace, draft.held, count, 0);
  if (encodingOf(keyspace.heap, draft.held) !== ENCODING_LISTPACK) {
    // where there is no memory in advance the table grows as it fills
    reserveTable(keyspace.heap, valueBlockOf(keyspace.heap, draft.held), Math.min(count, BELIEVED_COUNT));
  }
}

export const hashForm: ValueForm = {
  isCounted: true,
  begin: beginHash,
  item(draft, input) {
    if (!input.readString(first) || !input.readString(second)) return false;
    name.set(first.bytes, first.offset, first.length);
    value.set(second.bytes, second.offset, second.length);
    if (!setField(draft.keyspace, draft.held, name, value)) refuse(input, "Duplicate hash fields detected");
    return true;
  },
};

export const hashListpackForm: ValueForm = {
  isCounted: false,
  item(draft, input) {
    if (!input.readString(first)) return false;
    if (!takeHash(draft, first.bytes, first.offset, first.length))
      refuse(input, "Hash listpack integrity check failed.");
    return true;
  },
};

export const hashPreparedForm: ValueForm = {
  isCounted: false,
  item(draft, input) {
    if (!input.readString(first)) return false;
    keepHash(draft, first.bytes, first.offset, first.length, false);
    return true;
  },
};

export const hashZiplistForm: ValueForm = oldForm(ziplistToListpack, "Hash ziplist integrity check failed.", false);
/** Whoever wrote zipmaps may have had no limit for the length of a value; as Redis does, ours is applied. */
export const hashZipmapForm: ValueForm = oldForm(zipmapToListpack, "Zipmap integrity check failed.", true);

function oldForm(convert: typeof ziplistToListpack, reason: string, isMeasured: boolean): ValueForm {
  return {
    isCounted: false,
    item(draft, input) {
      if (!input.readString(first)) return false;
      const listpack = convert(first.bytes, first.offset, first.length);
      if (listpack === null || !takeHash(draft, listpack, 0, listpack.length, isMeasured)) refuse(input, reason);
      return true;
    },
  };
}

/**
 * Takes a listpack for the value: as it is where it is within the limits. False when it is no hash.
 * @param isMeasured whether that is asked of the lengths too
 */
function takeHash(draft: Draft, bytes: Uint8Array, offset: number, length: number, isMeasured = false): boolean {
  if (!isHashListpack(bytes, offset, length)) return false;
  keepHash(draft, bytes, offset, length, isMeasured);
  return true;
}

/** Makes the value of a listpack of fields and values. */
function keepHash(draft: Draft, bytes: Uint8Array, offset: number, length: number, isMeasured: boolean): void {
  const count = listpackCount(bytes, offset);
  if (count === 0) return;
  const { heap, limits } = draft.keyspace;
  const isShort = !isMeasured || longestText(bytes, offset) <= limits.hashMaxListpackValue;
  if (count >> 1 <= limits.hashMaxListpackEntries && isShort) {
    draft.held = holdValue(heap, TYPE_HASH, ENCODING_LISTPACK, blockOf(heap, bytes, offset, length));
    return;
  }
  beginHash(draft, count >> 1);
  for (let at = firstEntry(bytes, offset); at !== END; at = nextEntry(bytes, at)) {
    readText(bytes, at, name);
    at = nextEntry(bytes, at);
    readText(bytes, at, value);
    setField(draft.keyspace, draft.held, name, value);
  }
}

function longestText(bytes: Uint8Array, offset: number): number {
  let longest = 0;
  for (let at = firstEntry(bytes, offset); at !== END; at = nextEntry(bytes, at)) {
    readText(bytes, at, value);
    longest = Math.max(longest, value.length);
  }
  return longest;
}
