/**
 * Sorting a part: afterwards the places `first` to `last` of an order hold what they hold in the sorted whole, and the others whatever is
 * left. O(n + k log k) for k places.
 *
 * Quicksort with three parts, after J. L. Bentley and M. D. McIlroy, "Engineering a Sort Function" (1993), that leaves out the parts where
 * no wanted place lies. Redis answers GEOSEARCH COUNT and SORT BY LIMIT with the same method, and it shows: of elements that compare as
 * equal its choice is this one.
 *
 *     | like the pivot | less | not seen yet | greater | like the pivot |
 *     from             a      b              c         d                end        a, b, c, d: the first place behind, the last one before
 */

/** Negative, 0 or positive as the first element is before, like or after the second. */
export type Compare = (one: number, other: number) => number;

export type Order = number[] | Int32Array;

/** Fewer are sorted by insertion. */
const FEW = 7;
/** Of more the pivot is the middle one of three middle ones. */
const MANY = 40;

/** Sorts the places from `first` to `last`, which lie in the order. */
export function partialSort(order: Order, compare: Compare, first: number, last: number): void {
  sortPart(order, compare, first, last, 0, order.length);
}

/** Parts are independent of each other: the smaller one is sorted by a call, so that calls are at most log n deep whatever the order. */
function sortPart(order: Order, compare: Compare, first: number, last: number, from: number, count: number): void {
  while (count >= FEW) {
    swap(order, from, pivotPlace(order, compare, from, count));
    const { lessCount, greaterCount } = partition(order, compare, from, count);
    const greaterFrom = from + count - greaterCount;
    const isLessWanted = isWanted(first, last, from, lessCount);
    const isGreaterWanted = isWanted(first, last, greaterFrom, greaterCount);
    if (!isLessWanted && !isGreaterWanted) return;
    const isLessNext = isLessWanted && (!isGreaterWanted || lessCount >= greaterCount);
    if (isLessNext && isGreaterWanted) sortPart(order, compare, first, last, greaterFrom, greaterCount);
    if (!isLessNext && isLessWanted) sortPart(order, compare, first, last, from, lessCount);
    if (!isLessNext) from = greaterFrom;
    count = isLessNext ? lessCount : greaterCount;
  }
  sortByInsertion(order, compare, from, count);
}

/** Whether a wanted place lies in the part, and there is something to sort. */
function isWanted(first: number, last: number, from: number, count: number): boolean {
  return count > 1 && last >= from && first < from + count;
}

function sortByInsertion(order: Order, compare: Compare, from: number, count: number): void {
  for (let next = from + 1; next < from + count; next++) {
    for (let at = next; at > from && compare(order[at - 1], order[at]) > 0; at--) swap(order, at, at - 1);
  }
}

function pivotPlace(order: Order, compare: Compare, from: number, count: number): number {
  const middle = from + (count >> 1);
  if (count === FEW) return middle;
  const end = from + count - 1;
  if (count <= MANY) return middleOf(order, compare, from, middle, end);
  const step = count >> 3;
  return middleOf(
    order,
    compare,
    middleOf(order, compare, from, from + step, from + 2 * step),
    middleOf(order, compare, middle - step, middle, middle + step),
    middleOf(order, compare, end - 2 * step, end - step, end),
  );
}

/** The place of the middle one of three elements. */
function middleOf(order: Order, compare: Compare, one: number, two: number, three: number): number {
  const isAscending = compare(order[one], order[two]) < 0;
  const isThreeOutermost = isAscending ? compare(order[two], order[three]) < 0 : compare(order[two], order[three]) > 0;
  if (isThreeOutermost) return two;
  return compare(order[one], order[three]) < 0 === isAscending ? three : one;
}

/** Parts the elements by the first one of them: less, like it, greater. */
function partition(
  order: Order,
  compare: Compare,
  from: number,
  count: number,
): { lessCount: number; greaterCount: number } {
  const end = from + count;
  let a = from + 1;
  let b = a;
  let c = end - 1;
  let d = c;
  for (;;) {
    for (let result = 0; b <= c && (result = compare(order[b], order[from])) <= 0; b++) {
      if (result === 0) swap(order, a++, b);
    }
    for (let result = 0; b <= c && (result = compare(order[c], order[from])) >= 0; c--) {
      if (result === 0) swap(order, c, d--);
    }
    if (b > c) break;
    swap(order, b++, c--);
  }
  swapRuns(order, from, b, Math.min(a - from, b - a));
  swapRuns(order, b, end, Math.min(d - c, end - 1 - d));
  return { lessCount: b - a, greaterCount: d - c };
}

/** Swaps `count` elements from a place on with the `count` ones before another. */
function swapRuns(order: Order, from: number, end: number, count: number): void {
  for (let at = 0; at < count; at++) swap(order, from + at, end - count + at);
}

function swap(order: Order, one: number, other: number): void {
  const kept = order[one];
  order[one] = order[other];
  order[other] = kept;
}
