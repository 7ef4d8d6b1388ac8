/** Questions about a listpack from outside: whether it can be a hash, a set or a sorted set. */
import {
  END,
  entryEquals,
  firstEntry,
  listpackCount,
  ListpackText,
  ListpackValue,
  nextEntry,
  readEntry,
  readText,
  validateListpack,
} from "@sider/datastructures";
import { int64ToNumber, parseDouble } from "@sider/keyspace-engine";
import { int32At } from "../crc64.ts";

const FEW_ENTRIES = 16;

/** What orderOf says. */
export const NO_SCORES = 0;
export const UNSORTED = 1;
export const SORTED = 2;

const text = new ListpackText();
const before = new ListpackText();
const value = new ListpackValue();
let slots = new Int32Array(1024);

/**
 * Whether an entry comes twice, of all (skip 0) or of every other one (skip 1). `count` is the number of all entries. O(count): a table of
 * places by a cheap hash, which cannot be flooded to more than one comparison of all with all of a listpack.
 */
export function hasDuplicates(bytes: Uint8Array, start: number, count: number, skip: number): boolean {
  let size = FEW_ENTRIES;
  while (size < count * 2) size *= 2;
  if (slots.length < size) slots = new Int32Array(size);
  slots.fill(0, 0, size);
  let at = firstEntry(bytes, start);
  while (at !== END) {
    readText(bytes, at, text);
    let slot = hashOf(text) & (size - 1);
    while (slots[slot] !== 0) {
      if (entryEquals(bytes, slots[slot], text.bytes, text.offset, text.length)) return true;
      slot = (slot + 1) & (size - 1);
    }
    slots[slot] = at;
    at = nextEntry(bytes, at);
    if (skip === 1 && at !== END) at = nextEntry(bytes, at);
  }
  return false;
}

/** Whether the bytes are a listpack of fields and values, none of the fields twice. */
export function isHashListpack(bytes: Uint8Array, start: number, length: number): boolean {
  if (!validateListpack(bytes, start, length, true)) return false;
  const count = listpackCount(bytes, start);
  return (count & 1) === 0 && !hasDuplicates(bytes, start, count, 1);
}

/** Whether the bytes are a listpack of members, none of them twice. */
export function isSetListpack(bytes: Uint8Array, start: number, length: number): boolean {
  return validateListpack(bytes, start, length, true) && !hasDuplicates(bytes, start, listpackCount(bytes, start), 0);
}

/** Whether the bytes are a listpack of members and scores in order, none of the members twice. */
export function isSortedSetListpack(bytes: Uint8Array, start: number, length: number): boolean {
  return isHashListpack(bytes, start, length) && orderOf(bytes, start) === SORTED;
}

/** Whether members and scores ascend; NO_SCORES when an entry that should be a score is none. */
export function orderOf(bytes: Uint8Array, offset: number): number {
  let order = SORTED;
  let last = -Infinity;
  let lastAt = END;
  for (let at = firstEntry(bytes, offset); at !== END; at = nextEntry(bytes, at)) {
    const memberAt = at;
    at = nextEntry(bytes, at);
    const score = scoreAt(bytes, at);
    if (Number.isNaN(score)) return NO_SCORES;
    if (score < last || (score === last && lastAt !== END && !isBefore(bytes, lastAt, memberAt))) order = UNSORTED;
    last = score;
    lastAt = memberAt;
  }
  return order;
}

function isBefore(bytes: Uint8Array, one: number, other: number): boolean {
  readText(bytes, one, before);
  readText(bytes, other, text);
  return compareTexts(before, text) < 0;
}

export function scoreAt(bytes: Uint8Array, position: number): number {
  readEntry(bytes, position, value);
  if (value.isInteger) return int64ToNumber(value.high, value.low);
  return parseDouble(value.bytes, value.offset, value.length);
}

function compareTexts(a: ListpackText, b: ListpackText): number {
  const shorter = a.length < b.length ? a.length : b.length;
  for (let index = 0; index < shorter; index++) {
    const difference = a.bytes[a.offset + index] - b.bytes[b.offset + index];
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** By words, which all of a text counts in. */
function hashOf(one: ListpackText): number {
  const { bytes, length } = one;
  let at = one.offset;
  let hash = length | 0;
  const wholeWords = at + (length & ~3);
  for (; at < wholeWords; at += 4) hash = mixed(hash ^ int32At(bytes, at));
  let rest = 0;
  for (const end = one.offset + length; at < end; at++) rest = (rest << 8) | bytes[at];
  return mixed(hash ^ rest);
}

function mixed(hash: number): number {
  const product = Math.imul(hash, 0x9e3779b1 | 0);
  return product ^ (product >>> 15);
}
