/**
 * From an index to an entry, by walking from the nearer end.
 *
 * Where an entry begins is known only when the one before it has been looked at, and the processor waits for one look after the other. So
 * it is guessed that the next three entries are as long as this one: four looks at once, and mostly right where texts are alike.
 */
import { backLengthBytes, END, HEADER_BYTES, listpackBytes, readBackLength, sizeByHead } from "./layout.ts";
import { storedCount, UNKNOWN_COUNT } from "./layout.ts";
import { entryBytes, firstEntry, lastEntry, nextEntry, previousEntry } from "./read.ts";

const AT_ONCE = 4;

/** The entry of this index, from 0 on, or from the end: -1 is the last. END when there is none. O(distance to the nearer end). */
export function seekEntry(bytes: Uint8Array, start: number, index: number): number {
  const stored = storedCount(bytes, start);
  if (stored === UNKNOWN_COUNT) return seekUncounted(bytes, start, index);
  const fromStart = index < 0 ? index + stored : index;
  if (fromStart < 0 || fromStart >= stored) return END;
  if (fromStart < stored >> 1) return passForward(bytes, (start + HEADER_BYTES) | 0, fromStart);
  return passBackward(bytes, (start + listpackBytes(bytes, start) - 1) | 0, stored - fromStart);
}

function seekUncounted(bytes: Uint8Array, start: number, index: number): number {
  const isForward = index >= 0;
  let position = isForward ? firstEntry(bytes, start) : lastEntry(bytes, start);
  for (let left = isForward ? index : -1 - index; left > 0 && position !== END; left--) {
    position = isForward ? nextEntry(bytes, position) : previousEntry(bytes, start, position);
  }
  return position;
}

/** Goes over `count` entries, which are there, as is the one behind them. O(count). */
function passForward(bytes: Uint8Array, from: number, count: number): number {
  let position = from;
  let left = count;
  while (left > 0) {
    const head = bytes[position];
    const size = sizeByHead[head];
    if (size !== 0 && left >= AT_ONCE) {
      const second = (position + size) | 0;
      const third = (second + size) | 0;
      const fourth = (third + size) | 0;
      if (bytes[second] === head && bytes[third] === head && bytes[fourth] === head) {
        position = (fourth + size) | 0;
        left -= AT_ONCE;
        continue;
      }
    }
    for (let step = left < AT_ONCE ? left : AT_ONCE; step > 0; step--, left--) {
      position = (position + entryBytes(bytes, position)) | 0;
    }
  }
  return position;
}

/** The same towards the start, from the position of an entry or of the terminator: back lengths tell the size. O(count). */
function passBackward(bytes: Uint8Array, from: number, count: number): number {
  let position = from;
  let left = count;
  while (left > 0) {
    const content = bytes[position - 1];
    if (content >= 128) {
      const long = readBackLength(bytes, position);
      position = (position - long - backLengthBytes(long)) | 0;
      left--;
      continue;
    }
    const size = content + 1;
    const second = (position - size) | 0;
    const third = (second - size) | 0;
    const fourth = (third - size) | 0;
    if (left >= 4 && bytes[second - 1] === content && bytes[third - 1] === content && bytes[fourth - 1] === content) {
      position = (fourth - size) | 0;
      left -= 4;
    } else {
      position = second;
      left--;
    }
  }
  return position;
}
