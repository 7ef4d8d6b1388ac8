/** Questions about a listpack from outside that has been validated: whether it can be a hash, a set or a sorted set. */
import { END, entryEquals, firstEntry, ListpackText, nextEntry, readText } from "@sider/datastructures";
import { int32At } from "../crc64.ts";

const FEW_ENTRIES = 16;

const text = new ListpackText();
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
