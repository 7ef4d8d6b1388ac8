/** Unions, intersections and differences of sorted sets: the results, without what becomes of them. */
import {
  addLocated,
  compactSortedSet,
  createLooseSortedSet,
  freeLooseSortedSet,
  locateMember,
  LooseValue,
  MemberPlace,
  rescoreLocated,
} from "@sider/keyspace-engine";
import type { Keyspace, Slice } from "@sider/keyspace-engine";
import type { Source } from "./sources.ts";

export type Operation = "union" | "inter" | "diff";
export type Aggregate = "sum" | "min" | "max";

const place = new MemberPlace();

/** A result of unknown size is built as a skiplist. */
const MANY = 2 ** 31;

/**
 * Builds the result of an operation; it is the caller's to place or free. A small one is a listpack where `isCompact`. Throws
 * OutOfMemoryError with nothing left behind.
 */
export function combine(
  keyspace: Keyspace,
  operation: Operation,
  sources: Source[],
  aggregate: Aggregate,
  isCompact: boolean,
): LooseValue {
  const set = new LooseValue();
  createLooseSortedSet(keyspace, set, MANY, 0);
  const result = new Result(keyspace, set);
  try {
    if (operation === "union") unite(bySize(sources), aggregate, result);
    else if (operation === "diff") subtract(sources, result);
    else intersect(bySize(sources), aggregate, (member, score) => result.add(member, score));
    if (isCompact) compactSortedSet(keyspace, set, result.longestBytes);
  } catch (error) {
    freeLooseSortedSet(keyspace, set);
    throw error;
  }
  return set;
}

/** Number of common members, `limit` at most (0: no limit). */
export function countCommon(sources: Source[], limit: number): number {
  let count = 0;
  intersect(bySize(sources), "sum", () => ++count !== limit);
  return count;
}

/** The set that grows. */
class Result {
  readonly keyspace: Keyspace;
  readonly set: LooseValue;
  longestBytes = 0;

  constructor(keyspace: Keyspace, set: LooseValue) {
    this.keyspace = keyspace;
    this.set = set;
  }

  /** Adds a member that is not there. */
  add(member: Slice, score: number): boolean {
    const { bytes, offset, length } = member;
    locateMember(this.keyspace, this.set, bytes, offset, length, place);
    this.addLocated(member, score);
    return true;
  }

  /** Adds a member, or combines the score of the one that is there with another. */
  merge(member: Slice, score: number, aggregate: Aggregate): void {
    const { bytes, offset, length } = member;
    if (!locateMember(this.keyspace, this.set, bytes, offset, length, place)) {
      this.addLocated(member, score);
      return;
    }
    const combined = combineScores(place.score, score, aggregate);
    if (!Object.is(combined, place.score))
      rescoreLocated(this.keyspace, this.set, bytes, offset, length, combined, place);
  }

  private addLocated(member: Slice, score: number): void {
    const { bytes, offset, length } = member;
    addLocated(this.keyspace, this.set, bytes, offset, length, score, place);
    if (length > this.longestBytes) this.longestBytes = length;
  }
}

/** Smallest first: the order in which scores are combined, too. */
function bySize(sources: Source[]): Source[] {
  return sources.toSorted((one, other) => one.size - other.size);
}

function unite(sources: Source[], aggregate: Aggregate, result: Result): void {
  for (const source of sources) {
    source.forEach((member, score) => {
      result.merge(member, numberOrZero(source.weight * score), aggregate);
      return true;
    });
  }
}

/** Calls `visit` with each member that all sources have, until that gives false. */
function intersect(sources: Source[], aggregate: Aggregate, visit: (member: Slice, score: number) => boolean): void {
  const [first, ...others] = sources;
  first?.forEach((member, score) => {
    let combined = numberOrZero(first.weight * score);
    for (const other of others) {
      const found = other.entry === first.entry ? score : other.scoreOf(member);
      if (Number.isNaN(found)) return true;
      combined = combineScores(combined, found * other.weight, aggregate);
    }
    return visit(member, combined);
  });
}

function subtract(sources: Source[], result: Result): void {
  const [first, ...others] = sources;
  if (first === undefined || others.some((other) => other.entry === first.entry)) return;
  first.forEach((member, score) => {
    return others.some((other) => !Number.isNaN(other.scoreOf(member))) || result.add(member, score);
  });
}

/** Infinities that cancel each other out, or meet a weight of 0, count as 0. */
function numberOrZero(score: number): number {
  return Number.isNaN(score) ? 0 : score;
}

function combineScores(score: number, other: number, aggregate: Aggregate): number {
  if (aggregate === "sum") return numberOrZero(score + other);
  if (aggregate === "min") return other < score ? other : score;
  return other > score ? other : score;
}
