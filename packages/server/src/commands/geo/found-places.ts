/**
 * The members that a search has found, copied out of the set: their bytes one after the other, and beside them score, distance and
 * coordinates. One object serves all searches.
 */
import { distanceWithin, placeOfScore, searchRanges, type Coordinates, type SearchShape } from "@sider/datastructures";
import { LooseValue, openLooseValue, RankedCursor, ranksBelowScore } from "@sider/keyspace-engine";
import type { Keyspace, Slice } from "@sider/keyspace-engine";
import { partialSort } from "../partial-sort.ts";

const INITIAL_BYTES = 4096;

const set = new LooseValue();
const cursor = new RankedCursor();
const place: Coordinates = { longitude: 0, latitude: 0 };

export class FoundPlaces {
  /** Members found, in the order in which they were found. */
  count = 0;
  bytes = new Uint8Array(INITIAL_BYTES);
  /** Where each member begins in `bytes`, and behind the last one where that ends. */
  readonly offsets: number[] = [0];
  readonly scores: number[] = [];
  /** From the middle of the shape. */
  readonly meters: number[] = [];
  readonly longitudes: number[] = [];
  readonly latitudes: number[] = [];

  /** Finds the members of an entry's set inside the shape; with a `limit` (0: none) no more than so many. */
  search(keyspace: Keyspace, entry: number, shape: SearchShape, limit: number): void {
    this.clear();
    openLooseValue(keyspace.heap, entry, set);
    cursor.open(keyspace.heap, set.encoding, set.block);
    for (const { first, end } of searchRanges(shape)) {
      if (limit > 0 && this.count >= limit) return;
      this.searchRange(ranksBelowScore(keyspace, set, first, false), end, shape, limit);
    }
  }

  private searchRange(rank: number, end: number, shape: SearchShape, limit: number): void {
    for (let isThere = cursor.seek(rank); isThere; isThere = cursor.next()) {
      const score = cursor.score;
      if (!(score < end)) return;
      placeOfScore(score, place);
      const meters = distanceWithin(shape, place.longitude, place.latitude);
      // -1 lies outside; a distance that cannot be told (NaN) counts as inside.
      if (meters < 0) continue;
      this.add(cursor.member, score, meters);
      if (this.count === limit) return;
    }
  }

  private clear(): void {
    this.count = 0;
    this.offsets.length = 1;
    for (const list of [this.scores, this.meters, this.longitudes, this.latitudes]) list.length = 0;
    if (this.bytes.length > INITIAL_BYTES) this.bytes = new Uint8Array(INITIAL_BYTES);
  }

  private add(member: Slice, score: number, meters: number): void {
    const start = this.offsets[this.count];
    const end = start + member.length;
    if (end > this.bytes.length) this.grow(end);
    for (let at = 0; at < member.length; at++) this.bytes[start + at] = member.bytes[member.offset + at];
    this.scores.push(score);
    this.meters.push(meters);
    this.longitudes.push(place.longitude);
    this.latitudes.push(place.latitude);
    this.offsets.push(end);
    this.count++;
  }

  private grow(capacityBytes: number): void {
    const larger = new Uint8Array(Math.max(capacityBytes, this.bytes.length * 2));
    larger.set(this.bytes);
    this.bytes = larger;
  }

  /**
   * The members' numbers, by distance (1: nearest first, -1: farthest first) or as found (0), the first `limit` of them (0: all). Equal
   * distances stay as found, unless the limit leaves some out: then they are those that Redis takes.
   */
  ordered(direction: number, limit: number): number[] {
    const { meters } = this;
    const order = Array.from({ length: this.count }, (_, at) => at);
    const isCut = limit > 0 && limit < order.length;
    const compare = (one: number, other: number): number => direction * compareMeters(meters[one], meters[other]);
    if (direction !== 0 && isCut) partialSort(order, compare, 0, limit - 1);
    else if (direction !== 0) order.sort(compare);
    if (isCut) order.length = limit;
    return order;
  }
}

/** As Redis compares them, a distance that cannot be told (NaN) too. */
function compareMeters(one: number, other: number): number {
  return one > other ? 1 : one === other ? 0 : -1;
}
