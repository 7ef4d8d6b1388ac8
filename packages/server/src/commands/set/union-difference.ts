/** Sets added up and taken from each other: SUNION, SUNIONSTORE, SDIFF, SDIFFSTORE. The result is made as a set of its own first. */
import { NIL } from "@sider/datastructures";
import {
  addToSet,
  createLooseSet,
  ENCODING_INTSET,
  freeLooseSet,
  LooseValue,
  openSetCursor,
  removeFromSet,
  setCardinality,
  setContains,
  SetCursor,
  sizeOfSet,
  type Slice,
} from "@sider/keyspace-engine";
import type { CommandContext } from "../../dispatch/command-context.ts";
import { operands, readOperands, sortOperands, storeResult } from "./operands.ts";

type Fill = (context: CommandContext) => void;

const cursor = new SetCursor();
const result = new LooseValue();

/** SUNION key [key ...] */
export function sunion(context: CommandContext): void {
  if (readOperands(context, 1, context.count - 1)) replyResult(context, fillWithUnion);
}

/** SUNIONSTORE destination key [key ...] */
export function sunionstore(context: CommandContext): void {
  if (!readOperands(context, 2, context.count - 1)) return;
  makeResult(context, fillWithUnion);
  storeResult(context, result, "sunionstore");
}

/** SDIFF key [key ...] */
export function sdiff(context: CommandContext): void {
  if (readOperands(context, 1, context.count - 1)) replyResult(context, fillWithDifference);
}

/** SDIFFSTORE destination key [key ...] */
export function sdiffstore(context: CommandContext): void {
  if (!readOperands(context, 2, context.count - 1)) return;
  makeResult(context, fillWithDifference);
  storeResult(context, result, "sdiffstore");
}

function replyResult(context: CommandContext, fill: Fill): void {
  const { keyspace, reply } = context;
  makeResult(context, fill);
  reply.setHeader(sizeOfSet(keyspace.heap, result.encoding, result.block));
  cursor.open(keyspace.heap, result.encoding, result.block);
  while (cursor.next()) context.replyBulk(cursor.member);
  freeLooseSet(keyspace, result);
}

/** Makes `result`, which begins as an intset, as in Redis. */
function makeResult(context: CommandContext, fill: Fill): void {
  createLooseSet(context.keyspace, result, ENCODING_INTSET, 0);
  try {
    fill(context);
  } catch (error) {
    freeLooseSet(context.keyspace, result);
    throw error;
  }
}

function fillWithUnion(context: CommandContext): void {
  for (let at = 0; at < operands.count; at++) addAll(context, operands.refs[at]);
}

function addAll(context: CommandContext, entry: number): void {
  const keyspace = context.keyspace;
  if (entry === NIL) return;
  openSetCursor(keyspace.heap, entry, cursor);
  while (cursor.next()) addToSet(keyspace, result, cursor.member.bytes, cursor.member.offset, cursor.member.length);
}

/** By whichever of the two ways looks like less work, as Redis chooses. */
function fillWithDifference(context: CommandContext): void {
  const first = operands.refs[0];
  if (first === NIL) return;
  for (let at = 1; at < operands.count; at++) if (operands.refs[at] === first) return;
  if (isLookingUpCheaper(context)) {
    sortOperands(context, 1, -1);
    addUnlessInOthers(context);
    return;
  }
  addAll(context, first);
  for (let at = 1; at < operands.count; at++) {
    if (sizeOfSet(context.keyspace.heap, result.encoding, result.block) === 0) return;
    removeAll(context, operands.refs[at]);
  }
}

/** Looking each member of the first set up in all others, against adding it and removing what the others have. */
function isLookingUpCheaper(context: CommandContext): boolean {
  const heap = context.keyspace.heap;
  const firstSize = setCardinality(heap, operands.refs[0]);
  let lookUps = 0;
  let changes = 0;
  for (let at = 0; at < operands.count; at++) {
    if (operands.refs[at] === NIL) continue;
    lookUps += firstSize;
    changes += setCardinality(heap, operands.refs[at]);
  }
  return Math.floor(lookUps / 2) <= changes;
}

function addUnlessInOthers(context: CommandContext): void {
  const keyspace = context.keyspace;
  openSetCursor(keyspace.heap, operands.refs[0], cursor);
  while (cursor.next()) {
    const member = cursor.member;
    if (!isInOthers(context, member)) addToSet(keyspace, result, member.bytes, member.offset, member.length);
  }
}

function isInOthers(context: CommandContext, { bytes, offset, length }: Slice): boolean {
  for (let at = 1; at < operands.count; at++) {
    const entry = operands.refs[at];
    if (entry !== NIL && setContains(context.keyspace, entry, bytes, offset, length)) return true;
  }
  return false;
}

function removeAll(context: CommandContext, entry: number): void {
  const keyspace = context.keyspace;
  if (entry === NIL) return;
  openSetCursor(keyspace.heap, entry, cursor);
  while (cursor.next()) {
    removeFromSet(keyspace, result, cursor.member.bytes, cursor.member.offset, cursor.member.length);
  }
}
