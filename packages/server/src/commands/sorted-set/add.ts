/** ZADD and ZINCRBY: one body. */
import { NIL } from "@sider/datastructures";
import {
  addLocated,
  closeLooseValue,
  createLooseSortedSet,
  expectScored,
  freeLooseSortedSet,
  locateMember,
  LooseValue,
  MemberPlace,
  openLooseValue,
  rescoreLocated,
  TYPE_SORTED_SET,
} from "@sider/keyspace-engine";
import type { Key, Slice } from "@sider/keyspace-engine";
import type { CommandContext } from "../../dispatch/command-context.ts";
import { SYNTAX_ERROR } from "../../dispatch/error-texts.ts";
import { readDouble, replyScore } from "./scores.ts";
import { placeOrFree } from "./store.ts";

const NX = 1;
const XX = 2;
const GT = 4;
const LT = 8;
const CH = 16;
const INCR = 32;

const set = new LooseValue();
const place = new MemberPlace();
/** The scores of a command, in order; a typed array so that none is boxed. */
let scores = new Float64Array(64);
/** What the elements have come to. */
const outcome = { added: 0, changed: 0, processed: 0, score: 0.5 };

/** ZADD key [NX | XX] [GT | LT] [CH] [INCR] score member [score member ...] */
export function zadd(context: CommandContext): void {
  add(context, 0);
}

/** ZINCRBY key increment member */
export function zincrby(context: CommandContext): void {
  add(context, INCR);
}

function add(context: CommandContext, givenFlags: number): void {
  let first = 2;
  let flags = givenFlags;
  for (let flag = flagAt(context, first); flag !== 0; flag = flagAt(context, first)) {
    flags |= flag;
    first++;
  }
  const count = (context.count - first) >> 1;
  checkOptions(context, flags, context.count - first);
  if (context.error === null) readScores(context, first, count);
  if (context.error !== null) return;
  const key = context.key(1);
  const entry = context.writeTyped(key, TYPE_SORTED_SET);
  if (context.error !== null) return;
  outcome.added = 0;
  outcome.changed = 0;
  outcome.processed = 0;
  if (entry !== NIL) addToEntry(context, key, entry, first, count, flags);
  else if ((flags & XX) === 0) addToNew(context, key, first, count, flags);
  if (context.error === null) replyOutcome(context, flags);
}

function flagAt(context: CommandContext, index: number): number {
  if (index >= context.count || context.lengthOf(index) > 4) return 0;
  if (context.is(index, "nx")) return NX;
  if (context.is(index, "xx")) return XX;
  if (context.is(index, "gt")) return GT;
  if (context.is(index, "lt")) return LT;
  if (context.is(index, "ch")) return CH;
  return context.is(index, "incr") ? INCR : 0;
}

function checkOptions(context: CommandContext, flags: number, rest: number): void {
  const order = flags & (NX | GT | LT);
  if (rest === 0 || (rest & 1) !== 0) context.refuse(SYNTAX_ERROR);
  else if ((flags & NX) !== 0 && (flags & XX) !== 0) {
    context.refuse("ERR XX and NX options at the same time are not compatible");
  } else if ((order & (order - 1)) !== 0) {
    context.refuse("ERR GT, LT, and/or NX options at the same time are not compatible");
  } else if ((flags & INCR) !== 0 && rest > 2) {
    context.refuse("ERR INCR option supports a single increment-element pair");
  }
}

function readScores(context: CommandContext, first: number, count: number): void {
  if (scores.length < count) scores = new Float64Array(count * 2);
  for (let element = 0; element < count; element++) {
    scores[element] = readDouble(context, first + element * 2);
    if (context.error !== null) return;
  }
}

function addToNew(context: CommandContext, key: Key, first: number, count: number, flags: number): void {
  const { keyspace, database } = context;
  createLooseSortedSet(keyspace, set, count, context.lengthOf(first + 1));
  try {
    addAll(context, first, count, flags);
  } catch (error) {
    freeLooseSortedSet(keyspace, set);
    throw error;
  }
  placeOrFree(context, key, NIL, set);
  keyspace.changed(database, key, "z", (flags & INCR) === 0 ? "zadd" : "zincr");
  keyspace.dirty += outcome.added + outcome.changed - 1;
}

function addToEntry(
  context: CommandContext,
  key: Key,
  entry: number,
  first: number,
  count: number,
  flags: number,
): void {
  const { keyspace, database } = context;
  openLooseValue(keyspace.heap, entry, set);
  try {
    expectScored(keyspace, set, count);
    addAll(context, first, count, flags);
  } finally {
    // What was done before memory ran out stays done.
    const changes = outcome.added + outcome.changed;
    closeLooseValue(keyspace.heap, entry, set);
    if (changes > 0) {
      keyspace.changed(database, key, "z", (flags & INCR) === 0 ? "zadd" : "zincr");
      keyspace.dirty += changes - 1;
    }
  }
}

function addAll(context: CommandContext, first: number, count: number, flags: number): void {
  for (let element = 0; element < count; element++) {
    addOne(context, context.value(first + element * 2 + 1), element, flags);
    if (context.error !== null) return;
  }
}

function addOne(context: CommandContext, member: Slice, element: number, flags: number): void {
  const keyspace = context.keyspace;
  const { bytes, offset, length } = member;
  let score = scores[element];
  if (!locateMember(keyspace, set, bytes, offset, length, place)) {
    if ((flags & XX) !== 0) return;
    addLocated(keyspace, set, bytes, offset, length, score, place);
    outcome.added++;
  } else {
    if ((flags & NX) !== 0) return;
    const old = place.score;
    if ((flags & INCR) !== 0) score += old;
    if (Number.isNaN(score)) {
      context.refuse("ERR resulting score is not a number (NaN)");
      return;
    }
    if (((flags & LT) !== 0 && score >= old) || ((flags & GT) !== 0 && score <= old)) return;
    if (score !== old) {
      rescoreLocated(keyspace, set, bytes, offset, length, score, place);
      outcome.changed++;
    }
  }
  outcome.processed++;
  outcome.score = score;
}

function replyOutcome(context: CommandContext, flags: number): void {
  const { added, changed, processed } = outcome;
  if ((flags & INCR) === 0) context.reply.integer((flags & CH) !== 0 ? added + changed : added);
  else if (processed > 0) replyScore(context, outcome.score);
  else context.reply.nullBulk();
}
