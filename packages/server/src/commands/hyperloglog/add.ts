/** PFADD and PFMERGE. */
import {
  addToDense,
  CORRUPT,
  draftAdd,
  draftCopy,
  draftDense,
  draftEmpty,
  dropCardinality,
  hashElement,
  isDenseHyperLogLog,
  mergeRegisters,
  NIL,
  REGISTER_BITS,
  REGISTER_COUNT,
  wouldRaise,
} from "@sider/datastructures";
import { Slice } from "@sider/keyspace-engine";
import type { CommandContext } from "../../dispatch/command-context.ts";
import { CORRUPTED, draft, openHyperLogLog, readHyperLogLog, storeDraft } from "./stored.ts";

const FIRST_ELEMENT = 2;

const found = new Slice();
const registers = new Uint8Array(REGISTER_COUNT);

/** PFADD key [element ...] */
export function pfadd(context: CommandContext): void {
  const key = context.key(1);
  const entry = openHyperLogLog(context, key, found);
  if (context.error !== null) return;
  let updates: number;
  if (entry === NIL) {
    draftEmpty(draft);
    updates = 1 + addToDraft(context, FIRST_ELEMENT);
    dropCardinality(draft.bytes, 0);
    storeDraft(context, key, NIL);
  } else if (isDenseHyperLogLog(found.bytes, found.offset)) {
    updates = addInPlace(context);
  } else {
    updates = addToSparse(context, entry);
  }
  if (context.error !== null) return;
  if (updates > 0) {
    context.keyspace.changed(context.database, key, "$", "pfadd");
    context.keyspace.dirty += updates - 1;
  }
  context.reply.integer(updates > 0 ? 1 : 0);
}

function hashArgument(context: CommandContext, index: number): number {
  const element = context.value(index);
  return hashElement(element.bytes, element.offset, element.length);
}

/** Adds all elements to the dense one that was found; gives how many changed it. */
function addInPlace(context: CommandContext): number {
  let updates = 0;
  for (let index = FIRST_ELEMENT; index < context.count; index++) {
    if (addToDense(found.bytes, found.offset, hashArgument(context, index))) updates++;
  }
  return updates;
}

/** Adds all elements to the sparse one that was found. It is copied only when there is one that changes it. */
function addToSparse(context: CommandContext, entry: number): number {
  const { bytes, offset, length } = found;
  for (let index = FIRST_ELEMENT; index < context.count; index++) {
    const raises = wouldRaise(bytes, offset, length, hashArgument(context, index));
    if (raises === 0) continue;
    draftCopy(draft, bytes, offset, length);
    const updates = addToDraft(context, index);
    if (context.error === null) storeDraft(context, context.key(1), entry);
    return updates;
  }
  return 0;
}

/** Adds the elements from argument `first` on to the draft; refuses when it turns out to be corrupt. */
function addToDraft(context: CommandContext, first: number): number {
  const { hllSparseMaxBytes } = context.keyspace.limits;
  let updates = 0;
  for (let index = first; index < context.count; index++) {
    const added = draftAdd(draft, hashArgument(context, index), hllSparseMaxBytes);
    if (added === CORRUPT) context.refuse(CORRUPTED);
    if (added === 1) updates++;
  }
  return updates;
}

/** PFMERGE destination [source ...] */
export function pfmerge(context: CommandContext): void {
  registers.fill(0);
  let isAnyDense = false;
  for (let index = 1; index < context.count; index++) {
    if (readHyperLogLog(context, context.readString(index), found)) {
      if (isDenseHyperLogLog(found.bytes, found.offset)) isAnyDense = true;
      if (!mergeRegisters(found.bytes, found.offset, found.length, registers)) context.refuse(CORRUPTED);
    }
    if (context.error !== null) return;
  }
  const key = context.key(1);
  const entry = context.writeString(key);
  if (readHyperLogLog(context, entry, found)) draftCopy(draft, found.bytes, found.offset, found.length);
  else draftEmpty(draft);
  if (isAnyDense) draftDense(draft);
  raiseDraft(context.keyspace.limits.hllSparseMaxBytes);
  dropCardinality(draft.bytes, 0);
  storeDraft(context, key, entry);
  context.keyspace.changed(context.database, key, "$", "pfadd");
  context.reply.ok();
}

/** Raises all registers of the draft to `registers`. */
function raiseDraft(sparseMaxBytes: number): void {
  for (let register = 0; register < REGISTER_COUNT; register++) {
    if (registers[register] > 0) draftAdd(draft, (registers[register] << REGISTER_BITS) | register, sparseMaxBytes);
  }
}
