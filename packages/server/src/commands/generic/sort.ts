/**
 * SORT and SORT_RO: the elements of a list, set or sorted set in order, or what they stand for.
 *
 * The elements are copied out of the heap first, then what they are compared by, then an array of their numbers is sorted.
 */
import { NIL } from "@sider/datastructures";
import { lookupRead, parseDouble, Slice, TYPE_LIST, TYPE_SET, TYPE_SORTED_SET, typeOf } from "@sider/keyspace-engine";
import type { CommandContext } from "../../dispatch/command-context.ts";
import { WRONG_TYPE } from "../../dispatch/error-texts.ts";
import { type Compare, partialSort } from "../partial-sort.ts";
import { countElements, loadElements } from "./sort-elements.ts";
import { readSortOptions, sortOptions } from "./sort-options.ts";
import { lookupByPattern } from "./sort-pattern.ts";
import { storeSorted } from "./sort-store.ts";
import { SortTexts } from "./sort-texts.ts";

const NOT_A_NUMBER = "ERR One or more scores can't be converted into double";
const SPACE = 32;
const TAB = 9;
const CARRIAGE_RETURN = 13;

const elements = new SortTexts();
/** What BY gives for each element. */
const weights = new SortTexts();
/** What is to be stored. */
const results = new SortTexts();
const nothing = new Slice();
const element = new Slice();
const weight = new Slice();
let scores = new Float64Array(0);

/** SORT key [BY pattern] [LIMIT offset count] [GET pattern ...] [ASC | DESC] [ALPHA] [STORE destination] */
export function sort(context: CommandContext): void {
  if (readSortOptions(context, true)) sortKey(context);
}

/** SORT_RO: as SORT, without STORE */
export function sortRo(context: CommandContext): void {
  if (readSortOptions(context, false)) sortKey(context);
}

function sortKey(context: CommandContext): void {
  const heap = context.keyspace.heap;
  const entry = lookupSortable(context);
  if (context.error !== null) return;
  sortWholeSets(context, entry);
  const length = countElements(heap, entry);
  const { descending, keepsOrder, limit } = sortOptions;
  const start = Math.min(Math.max(sortOptions.offset, 0), length);
  const count = limit < 0 ? length - start : Math.min(length - start, limit);
  const isRange = keepsOrder && entry !== NIL && typeOf(heap, entry) !== TYPE_SET;
  if (isRange) loadElements(heap, entry, start, count, descending, elements);
  else loadElements(heap, entry, 0, length, false, elements);
  const order = new Int32Array(elements.count).map((_, index) => index);
  if (!keepsOrder) sortOrder(context, order, start, count);
  if (context.error === null) giveResult(context, isRange ? order : order.subarray(start, start + count));
  elements.clear();
  weights.clear();
  results.clear();
}

function lookupSortable(context: CommandContext): number {
  const entry = lookupRead(context.keyspace, context.database, context.key(1));
  if (entry === NIL) return NIL;
  const type = typeOf(context.keyspace.heap, entry);
  if (type !== TYPE_LIST && type !== TYPE_SET && type !== TYPE_SORTED_SET) context.refuse(WRONG_TYPE);
  return entry;
}

/** A set has no order of its own: what is stored of one is sorted even where nothing was to be sorted. */
function sortWholeSets(context: CommandContext, entry: number): void {
  if (!sortOptions.keepsOrder || sortOptions.storeIndex === 0) return;
  if (entry === NIL || typeOf(context.keyspace.heap, entry) !== TYPE_SET) return;
  sortOptions.keepsOrder = false;
  sortOptions.alphabetical = true;
  sortOptions.byIndex = 0;
}

/** Sorts the numbers of the elements, at least `count` of them from `start` on; refuses where one has no score. */
function sortOrder(context: CommandContext, order: Int32Array, start: number, count: number): void {
  const { alphabetical, byIndex, storeIndex } = sortOptions;
  if (byIndex !== 0) loadWeights(context);
  const compared = byIndex === 0 ? elements : weights;
  const sign = sortOptions.descending ? -1 : 1;
  const compareTexts: Compare = (one, other) => sign * compared.compare(one, other, storeIndex === 0);
  const compareNumbers: Compare = (one, other) =>
    sign * (compareScores(one, other) || elements.compare(one, other, false));
  if (!alphabetical && !readScores(compared)) return context.refuse(NOT_A_NUMBER);
  const compare = alphabetical ? compareTexts : compareNumbers;
  // With BY elements can be equal, and which of them a LIMIT leaves out is as in Redis.
  if (byIndex !== 0 && count > 0 && count < order.length) partialSort(order, compare, start, start + count - 1);
  else order.sort(compare);
}

/** 0 too where both are the same infinity, whose difference is no number. */
function compareScores(one: number, other: number): number {
  return scores[one] < scores[other] ? -1 : scores[one] > scores[other] ? 1 : 0;
}

function loadWeights(context: CommandContext): void {
  for (let index = 0; index < elements.count; index++) {
    elements.read(index, element);
    weights.push(lookupByPattern(context, context.value(sortOptions.byIndex), element, weight));
  }
}

/** Reads all texts as numbers, 0 for those that are missing; false when one is none. */
function readScores(texts: SortTexts): boolean {
  scores = new Float64Array(texts.count);
  for (let index = 0; index < texts.count; index++) {
    if (texts.lengths[index] < 0) continue;
    const score = readScore(texts.read(index, weight));
    if (Number.isNaN(score)) return false;
    scores[index] = score;
  }
  return true;
}

/** A number as C reads it from a C text: white space may go before it, and no text at all is 0. */
function readScore({ bytes, offset, length }: Slice): number {
  // Not indexOf, which would look through the texts of all elements behind this one.
  let end = offset;
  while (end < offset + length && bytes[end] !== 0) end++;
  if (end === offset) return 0;
  let start = offset;
  while (start < end && isSpace(bytes[start])) start++;
  return parseDouble(bytes, start, end - start);
}

function isSpace(byte: number): boolean {
  return byte === SPACE || (byte >= TAB && byte <= CARRIAGE_RETURN);
}

function giveResult(context: CommandContext, order: Int32Array): void {
  const gets = sortOptions.getIndexes;
  const stores = sortOptions.storeIndex !== 0;
  if (!stores) context.reply.arrayHeader(order.length * Math.max(1, gets.count));
  for (const index of order) {
    elements.read(index, element);
    if (gets.count === 0) give(context, element, stores);
    for (let at = 0; at < gets.count; at++) {
      give(context, lookupByPattern(context, context.value(gets.refs[at]), element, weight), stores);
    }
  }
  if (stores) storeSorted(context, sortOptions.storeIndex, results);
}

/** Replies with one value or keeps it to be stored; what is missing is null in a reply and empty in a list. */
function give(context: CommandContext, value: Slice | null, stores: boolean): void {
  if (stores) results.push(value ?? nothing);
  else if (value === null) context.reply.nullBulk();
  else context.replyBulk(value);
}
