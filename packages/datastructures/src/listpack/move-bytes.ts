/**
 * Moving a run of bytes within one array, also where it overlaps itself.
 *
 * The heap is shared memory, where V8's copyWithin moves single bytes unless both sides have the same alignment. So a long run goes through
 * a scratch array piece by piece (see copyBytes), from the end that is overwritten last; a short one by a loop.
 */
import { copyBytes } from "../memory/copy-bytes.ts";

const SHORT_BYTES = 64;
const LONG_BYTES = 1024;
const PIECE_BYTES = 16 * 1024;
const ALIGNMENT_MASK = 7;

const scratch = new Uint8Array(PIECE_BYTES + ALIGNMENT_MASK);

/** bytes[to, + length) = bytes[from, + length); the ranges may overlap. O(length). */
export function moveBytes(bytes: Uint8Array, to: number, from: number, length: number): void {
  if (to === from) return;
  if (length <= SHORT_BYTES) moveShort(bytes, to, from, length);
  else if (length < LONG_BYTES || ((to ^ from) & ALIGNMENT_MASK) === 0) bytes.copyWithin(to, from, from + length);
  else if (to > from) moveUp(bytes, to, from, length);
  else moveDown(bytes, to, from, length);
}

function moveShort(bytes: Uint8Array, to: number, from: number, length: number): void {
  if (to < from) for (let index = 0; index < length; index++) bytes[to + index] = bytes[from + index];
  else for (let index = length - 1; index >= 0; index--) bytes[to + index] = bytes[from + index];
}

function moveUp(bytes: Uint8Array, to: number, from: number, length: number): void {
  for (let left = length; left > 0;) {
    const count = Math.min(PIECE_BYTES, left);
    left -= count;
    movePiece(bytes, to + left, from + left, count);
  }
}

function moveDown(bytes: Uint8Array, to: number, from: number, length: number): void {
  for (let done = 0; done < length; done += PIECE_BYTES) {
    movePiece(bytes, to + done, from + done, Math.min(PIECE_BYTES, length - done));
  }
}

function movePiece(bytes: Uint8Array, to: number, from: number, count: number): void {
  const lead = from & ALIGNMENT_MASK;
  copyBytes(scratch, lead, bytes, from, count);
  copyBytes(bytes, to, scratch, lead, count);
}
