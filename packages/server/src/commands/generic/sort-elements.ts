/** The elements that SORT sorts, out of whatever holds them. */
import { ListpackText, NIL, QuicklistCursor, readAt, toNext, toPrevious } from "@sider/datastructures";
import {
  listLength,
  openListAt,
  openRankedCursor,
  openSetCursor,
  RankedCursor,
  setCardinality,
  SetCursor,
  Slice,
  sortedSetCardinality,
  TYPE_LIST,
  TYPE_SET,
  typeOf,
} from "@sider/keyspace-engine";
import type { CommandContext } from "../../dispatch/command-context.ts";
import type { SortTexts } from "./sort-texts.ts";

type Heap = CommandContext["keyspace"]["heap"];

const setCursor = new SetCursor();
const listCursor = new QuicklistCursor();
const rankedCursor = new RankedCursor();
const text = new ListpackText();
const element = new Slice();

/** Number of elements of an entry, NIL having none. O(1). */
export function countElements(heap: Heap, entry: number): number {
  if (entry === NIL) return 0;
  const type = typeOf(heap, entry);
  if (type === TYPE_SET) return setCardinality(heap, entry);
  return type === TYPE_LIST ? listLength(heap, entry) : sortedSetCardinality(heap, entry);
}

/**
 * Puts `count` elements from number `start` on into `texts`, counted from the end where `backward`. Sets give all their elements, in no
 * order: they are not counted.
 */
export function loadElements(
  heap: Heap,
  entry: number,
  start: number,
  count: number,
  backward: boolean,
  texts: SortTexts,
): void {
  texts.clear();
  if (count === 0) return;
  const type = typeOf(heap, entry);
  const first = backward ? countElements(heap, entry) - 1 - start : start;
  if (type === TYPE_SET) loadSet(heap, entry, texts);
  else if (type === TYPE_LIST) loadList(heap, entry, first, count, backward, texts);
  else loadSortedSet(heap, entry, first, count, backward, texts);
}

function loadSet(heap: Heap, entry: number, texts: SortTexts): void {
  openSetCursor(heap, entry, setCursor);
  while (setCursor.next()) texts.push(setCursor.member);
}

function loadList(heap: Heap, entry: number, first: number, count: number, backward: boolean, texts: SortTexts): void {
  openListAt(heap, entry, listCursor, first);
  for (let left = count; left > 0; left--) {
    readAt(listCursor, text);
    texts.push(element.set(text.bytes, text.offset, text.length));
    if (left === 1) return;
    if (backward) toPrevious(heap, listCursor);
    else toNext(heap, listCursor);
  }
}

function loadSortedSet(
  heap: Heap,
  entry: number,
  first: number,
  count: number,
  backward: boolean,
  texts: SortTexts,
): void {
  openRankedCursor(heap, entry, rankedCursor);
  let isThere = rankedCursor.seek(first);
  for (let left = count; left > 0 && isThere; left--) {
    texts.push(rankedCursor.member);
    isThere = backward ? rankedCursor.previous() : rankedCursor.next();
  }
}
