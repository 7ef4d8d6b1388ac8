/**
 * Bitwise combinations of two byte runs, into the first, four bytes at a time where both lie on word boundaries.
 *
 * The second run may be shorter than the first: it goes on with zeros.
 */
import type { Slice } from "@sider/keyspace-engine";

/** Below this, views of words cost more than they save. */
const WORDWISE_BYTES = 64;

let targetWords: Int32Array = new Int32Array(0);
let sourceWords: Int32Array = new Int32Array(0);

/** target &= source */
export function andBytes(target: Slice, source: Slice): void {
  const { bytes, offset } = target;
  let at = 0;
  if (viewWords(target, source)) {
    const [a, b] = [targetWords, sourceWords];
    for (let word = 0; word < b.length; word++) a[word] &= b[word];
    at = b.length * 4;
  }
  for (; at < source.length; at++) bytes[offset + at] &= source.bytes[source.offset + at];
  bytes.fill(0, offset + source.length, offset + target.length);
}

/** target |= source */
export function orBytes(target: Slice, source: Slice): void {
  const { bytes, offset } = target;
  let at = 0;
  if (viewWords(target, source)) {
    const [a, b] = [targetWords, sourceWords];
    for (let word = 0; word < b.length; word++) a[word] |= b[word];
    at = b.length * 4;
  }
  for (; at < source.length; at++) bytes[offset + at] |= source.bytes[source.offset + at];
}

/** target ^= source */
export function xorBytes(target: Slice, source: Slice): void {
  const { bytes, offset } = target;
  let at = 0;
  if (viewWords(target, source)) {
    const [a, b] = [targetWords, sourceWords];
    for (let word = 0; word < b.length; word++) a[word] ^= b[word];
    at = b.length * 4;
  }
  for (; at < source.length; at++) bytes[offset + at] ^= source.bytes[source.offset + at];
}

/** target = ~source; both of one length. */
export function invertBytes(target: Slice, source: Slice): void {
  const { bytes, offset } = target;
  let at = 0;
  if (viewWords(target, source)) {
    const [a, b] = [targetWords, sourceWords];
    for (let word = 0; word < b.length; word++) a[word] = ~b[word];
    at = b.length * 4;
  }
  for (; at < source.length; at++) bytes[offset + at] = ~source.bytes[source.offset + at];
}

/** Points the word views at the whole words of the source and as many of the target; false when it is not worth it or not aligned. */
function viewWords(target: Slice, source: Slice): boolean {
  const targetStart = target.bytes.byteOffset + target.offset;
  const sourceStart = source.bytes.byteOffset + source.offset;
  if (source.length < WORDWISE_BYTES || ((targetStart | sourceStart) & 3) !== 0) return false;
  const words = source.length >> 2;
  targetWords = new Int32Array(target.bytes.buffer, targetStart, words);
  sourceWords = new Int32Array(source.bytes.buffer, sourceStart, words);
  return true;
}
