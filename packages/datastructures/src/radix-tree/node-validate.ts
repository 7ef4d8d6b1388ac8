/** Bytes from outside: whether they are the listpack of a stream's node, which can be read without leaving it. */
import { entryBytes, ListpackValue, readEntry } from "../listpack/read.ts";
import { validateListpack } from "../listpack/validate.ts";
import { HEADER_BYTES, listpackBytes, TERMINATOR } from "../listpack/layout.ts";
import { FLAG_DELETED, FLAG_SAME_FIELDS, pieceCount } from "./node-layout.ts";

const value = new ListpackValue();
const KNOWN_FLAGS = FLAG_DELETED | FLAG_SAME_FIELDS;
/** What readCount gives for a piece that is no count. */
const NO_COUNT = -1;

/** Where the walk stands. */
let at = 0;
let end = 0;

/**
 * Whether bytes[start, + length) are one listpack with the structure of a node: a master entry, as many entries as it says, of which as many
 * are deleted as it says, and nothing behind. Ids are not looked at: any difference is one. O(length).
 */
export function validateStreamListpack(bytes: Uint8Array, start: number, length: number): boolean {
  if (!validateListpack(bytes, start, length, true)) return false;
  at = start + HEADER_BYTES;
  end = start + listpackBytes(bytes, start) - 1;
  const live = readCount(bytes);
  const deleted = readCount(bytes);
  const fieldCount = readCount(bytes);
  if (live < 0 || deleted < 0 || fieldCount < 0 || !skip(bytes, fieldCount) || readCount(bytes) !== 0) return false;
  let deletedFound = 0;
  let found = 0;
  while (at < end) {
    const flags = bytes[at];
    if (flags > KNOWN_FLAGS || !validateEntry(bytes, fieldCount)) return false;
    if ((flags & FLAG_DELETED) !== 0) deletedFound++;
    found++;
  }
  return bytes[at] === TERMINATOR && found === live + deleted && deletedFound === deleted;
}

/** One entry from its flags, which are known to be sound, to its number of pieces. */
function validateEntry(bytes: Uint8Array, nodeFieldCount: number): boolean {
  const isSame = (bytes[at] & FLAG_SAME_FIELDS) !== 0;
  at += entryBytes(bytes, at);
  if (!skipInteger(bytes) || !skipInteger(bytes)) return false;
  const fieldCount = isSame ? nodeFieldCount : readCount(bytes);
  if (fieldCount < 0 || !skip(bytes, isSame ? fieldCount : fieldCount * 2)) return false;
  return readCount(bytes) === pieceCount(fieldCount, isSame);
}

function skip(bytes: Uint8Array, pieces: number): boolean {
  for (let left = pieces; left > 0; left--) {
    if (at >= end) return false;
    at += entryBytes(bytes, at);
  }
  return true;
}

function skipInteger(bytes: Uint8Array): boolean {
  if (at >= end) return false;
  readEntry(bytes, at, value);
  at += entryBytes(bytes, at);
  return value.isInteger;
}

/** The piece as a count, NO_COUNT if it is none. */
function readCount(bytes: Uint8Array): number {
  if (!skipInteger(bytes) || value.high !== 0 || value.low < 0) return NO_COUNT;
  return value.low;
}
