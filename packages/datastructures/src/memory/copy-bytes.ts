/**
 * Copying ranges of bytes in the quickest way that there is for their length and place.
 *
 * Short ranges go byte by byte: a call of `set` needs a view. Long ones go by `set`, with one trap: where one side is a
 * SharedArrayBuffer, as the heap is, V8 copies words only if both sides have the same alignment, and single bytes otherwise (64 KiB:
 * 4.4 us aligned, 17.7 us not; measured on Node 20). So a long range whose sides differ goes through two small scratch arrays:
 *
 *     source --aligned--> scratch --plain memmove--> other scratch --aligned--> target
 *
 * Into a block of the heap, which begins at a word, short ranges go word by word (60 bytes: 36 ns, 78 byte by byte).
 */
import { type Heap, windowOf } from "./heap.ts";
import { offsetOf, wordOf } from "./ref.ts";

/** From here on `set` over a subarray beats the loop. */
const LONG_BYTES = 100;
/** From here on the way through the scratch arrays beats single bytes. */
const REALIGNED_BYTES = 1024;
const CHUNK_BYTES = 16 * 1024;
const ALIGNMENT_MASK = 7;

const asSource = new Uint8Array(CHUNK_BYTES + ALIGNMENT_MASK);
const asTarget = new Uint8Array(CHUNK_BYTES + ALIGNMENT_MASK);

/** target[targetOffset, + length) = source[sourceOffset, + length). The ranges must not overlap. O(length). */
export function copyBytes(
  target: Uint8Array,
  targetOffset: number,
  source: Uint8Array,
  sourceOffset: number,
  length: number,
): void {
  if (length < LONG_BYTES) {
    for (let index = 0; index < length; index++) target[targetOffset + index] = source[sourceOffset + index];
  } else if (length < REALIGNED_BYTES || ((targetOffset ^ sourceOffset) & ALIGNMENT_MASK) === 0) {
    target.set(source.subarray(sourceOffset, sourceOffset + length), targetOffset);
  } else {
    copyRealigned(target, targetOffset, source, sourceOffset, length);
  }
}

/** Copies bytes to the word `skipWords` of the block `ref`, and writes nothing beyond them. O(length). */
export function copyToBlock(
  heap: Heap,
  ref: number,
  skipWords: number,
  source: Uint8Array,
  sourceOffset: number,
  length: number,
): void {
  const window = windowOf(heap, ref);
  const target = offsetOf(ref) + skipWords * 4;
  if (length >= LONG_BYTES) {
    copyBytes(window, target, source, sourceOffset, length);
    return;
  }
  const i32 = heap.i32;
  const wholeBytes = length & ~3;
  const wholeEnd = sourceOffset + wholeBytes;
  for (let at = sourceOffset, to = wordOf(ref) + skipWords; at < wholeEnd; at += 4, to++) {
    i32[to] = source[at] | (source[at + 1] << 8) | (source[at + 2] << 16) | (source[at + 3] << 24);
  }
  for (let index = wholeBytes; index < length; index++) window[target + index] = source[sourceOffset + index];
}

function copyRealigned(
  target: Uint8Array,
  targetOffset: number,
  source: Uint8Array,
  sourceOffset: number,
  length: number,
): void {
  const sourceLead = sourceOffset & ALIGNMENT_MASK;
  const targetLead = targetOffset & ALIGNMENT_MASK;
  for (let done = 0; done < length; done += CHUNK_BYTES) {
    const count = Math.min(CHUNK_BYTES, length - done);
    asSource.set(source.subarray(sourceOffset + done, sourceOffset + done + count), sourceLead);
    asTarget.set(asSource.subarray(sourceLead, sourceLead + count), targetLead);
    target.set(asTarget.subarray(targetLead, targetLead + count), targetOffset + done);
  }
}
