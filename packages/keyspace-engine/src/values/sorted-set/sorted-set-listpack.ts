/**
 * Sorted sets as listpacks, in Redis's layout: member, score, member, score ... in order. A score is an integer entry where it is a whole
 * number, else the shortest text that reads back as the same number.
 *
 * Positions are those of members. Functions that make the listpack longer give where it is now, NIL without memory and with nothing changed.
 */
import {
  deleteEntries,
  encodedBytes,
  encodedIntegerBytes,
  END,
  firstEntry,
  insertEntry,
  insertInteger,
  lastEntry,
  listpackBytes,
  ListpackText,
  ListpackValue,
  NIL,
  nextEntry,
  offsetOf,
  previousEntry,
  readEntry,
  readText,
  reserveListpack,
  windowOf,
} from "@sider/datastructures";
import type { Heap } from "@sider/datastructures";
import { formatDouble, parseDouble } from "../../numbers/double.ts";
import { createInt64Scratch, int64FromSafe, int64ToNumber } from "../../numbers/int64.ts";

const value = new ListpackValue();
const text = new ListpackText();
/** The score that is to be written. */
let isWhole = false;
const whole = createInt64Scratch();
const scoreText = new Uint8Array(40);
let scoreTextLength = 0;

/** The score that follows the member at `position`. */
export function readScore(bytes: Uint8Array, position: number): number {
  readEntry(bytes, nextEntry(bytes, position), value);
  if (value.isInteger) return int64ToNumber(value.high, value.low);
  return parseDouble(value.bytes, value.offset, value.length);
}

/** Readies a score to be written: as an integer in `whole`, or else as text. Returns the bytes of its entry. */
function prepareScore(score: number): number {
  isWhole = Number.isSafeInteger(score);
  if (isWhole) {
    // A negative zero becomes a plain one, as in Redis.
    int64FromSafe(score + 0, whole);
    return encodedIntegerBytes(whole.high, whole.low);
  }
  const written = formatDouble(score);
  for (let index = 0; index < written.length; index++) scoreText[index] = written.charCodeAt(index);
  scoreTextLength = written.length;
  return encodedBytes(scoreText, 0, scoreTextLength);
}

/** Puts a member with its score where it belongs; it is not there yet. */
export function insertPair(
  heap: Heap,
  block: number,
  bytes: Uint8Array,
  offset: number,
  length: number,
  score: number,
): number {
  const now = makeRoomForPair(heap, block, bytes, offset, length, score);
  if (now !== NIL) placePair(heap, now, bytes, offset, length, score);
  return now;
}

/** Writes a pair for which there is room, and whose score has been readied. */
function placePair(heap: Heap, block: number, bytes: Uint8Array, offset: number, length: number, score: number): void {
  const position = placeOf(heap, block, bytes, offset, length, score);
  // There is room for both: neither call moves the block. The score first, the member before it.
  if (isWhole) insertInteger(heap, block, position, whole.high, whole.low);
  else insertEntry(heap, block, position, scoreText, 0, scoreTextLength);
  insertEntry(heap, block, position, bytes, offset, length);
}

/** Gives the member at `position`, whose bytes are given, another score. */
export function replacePair(
  heap: Heap,
  block: number,
  position: number,
  bytes: Uint8Array,
  offset: number,
  length: number,
  score: number,
): number {
  // As if the new pair came beside the old one: a little more room than is needed, and never too little.
  const now = makeRoomForPair(heap, block, bytes, offset, length, score);
  if (now === NIL) return NIL;
  deleteEntries(heap, now, position - offsetOf(block) + offsetOf(now), 2);
  placePair(heap, now, bytes, offset, length, score);
  return now;
}

/** Readies the score, and makes the block hold one more pair; it may move. */
function makeRoomForPair(
  heap: Heap,
  block: number,
  bytes: Uint8Array,
  offset: number,
  length: number,
  score: number,
): number {
  const scoreBytes = prepareScore(score);
  return reserveListpack(heap, block, encodedBytes(bytes, offset, length) + scoreBytes);
}

/** Where a member that is not there belongs: the position of the one behind it, or of the terminator. O(n), O(1) at the end. */
function placeOf(heap: Heap, block: number, bytes: Uint8Array, offset: number, length: number, score: number): number {
  const window = windowOf(heap, block);
  const start = offsetOf(block);
  const terminator = start + listpackBytes(window, start) - 1;
  const lastScore = lastEntry(window, start);
  if (lastScore === END) return terminator;
  if (isBefore(window, previousEntry(window, start, lastScore), bytes, offset, length, score)) return terminator;
  let position = firstEntry(window, start);
  while (isBefore(window, position, bytes, offset, length, score)) position = nextPair(window, position);
  return position;
}

/** The next member, END after the last. */
export function nextPair(bytes: Uint8Array, position: number): number {
  return nextEntry(bytes, nextEntry(bytes, position));
}

/** Whether the member at `position` comes before another one. */
export function isBefore(
  window: Uint8Array,
  position: number,
  bytes: Uint8Array,
  offset: number,
  length: number,
  score: number,
): boolean {
  const own = readScore(window, position);
  if (own !== score) return own < score;
  return compareText(window, position, bytes, offset, length) < 0;
}

/** Negative, 0 or positive as the member at `position` is before, like or after the bytes. */
export function compareText(
  window: Uint8Array,
  position: number,
  bytes: Uint8Array,
  offset: number,
  length: number,
): number {
  readText(window, position, text);
  const common = text.length < length ? text.length : length;
  for (let index = 0; index < common; index++) {
    const difference = text.bytes[text.offset + index] - bytes[offset + index];
    if (difference !== 0) return difference;
  }
  return text.length - length;
}
