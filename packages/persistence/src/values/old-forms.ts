/**
 * Ziplists and zipmaps, which Redis before 7.0 wrote where it now writes listpacks. Both are turned into a listpack, so that one reader
 * serves all forms. The bytes come from outside: null where they are not sound.
 *
 *   ziplist  | bytes: u32 | offset of the last: u32 | count: u16 | entry ... | 0xff |       little endian
 *            entry = | length of the one before: u8, or 0xfe u32 | head | data |
 *   zipmap   | count: u8 | { key length | key | value length | unused: u8 | value | unused bytes } ... | 0xff |
 *            length = u8 below 254, or 254 u32
 */
import { ListpackDraft } from "./listpack-draft.ts";

const ZIPLIST_HEADER_BYTES = 10;
const TERMINATOR = 0xff;
const LONG_LENGTH = 0xfe;

const draft = new ListpackDraft();
const integerBytes = new DataView(new ArrayBuffer(8));

/** The ziplist as a listpack. O(length). */
export function ziplistToListpack(bytes: Uint8Array, offset: number, length: number): Uint8Array | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset + offset, length);
  if (length < ZIPLIST_HEADER_BYTES + 1 || view.getUint32(0, true) !== length) return null;
  if (bytes[offset + length - 1] !== TERMINATOR) return null;
  draft.begin(length);
  const end = length - 1;
  let at = ZIPLIST_HEADER_BYTES;
  let previousBytes = 0;
  let previousAt = at;
  while (at < end) {
    const size = appendZiplistEntry(view, bytes, offset, at, end, previousBytes);
    if (size === 0) return null;
    previousAt = at;
    previousBytes = size;
    at += size;
  }
  const count = view.getUint16(8, true);
  const countIsRight = count === 0xffff || count === draft.count;
  return at === end && countIsRight && view.getUint32(4, true) === previousAt ? draft.finish() : null;
}

/** Appends one entry and returns its size; 0 when it is not sound. */
function appendZiplistEntry(
  view: DataView,
  bytes: Uint8Array,
  offset: number,
  at: number,
  end: number,
  previousBytes: number,
): number {
  const isLong = view.getUint8(at) === LONG_LENGTH;
  const headAt = at + (isLong ? 5 : 1);
  if (headAt >= end || (isLong ? view.getUint32(at + 1, true) : view.getUint8(at)) !== previousBytes) return 0;
  const head = view.getUint8(headAt);
  if (head >= 0xc0) return appendZiplistInteger(view, at, headAt, head, end);
  const headBytes = head < 0x40 ? 1 : head < 0x80 ? 2 : 5;
  if (headAt + headBytes > end) return 0;
  const size =
    headBytes === 1
      ? head
      : headBytes === 2
        ? ((head & 0x3f) << 8) | view.getUint8(headAt + 1)
        : view.getUint32(headAt + 1);
  const next = headAt + headBytes + size;
  if (next > end) return 0;
  draft.text(bytes, offset + headAt + headBytes, size);
  return next - at;
}

function appendZiplistInteger(view: DataView, at: number, headAt: number, head: number, end: number): number {
  if (head > 0xf0 && head < 0xfe) {
    draft.integer(0, head - 0xf1);
    return headAt + 1 - at;
  }
  const size = head === 0xfe ? 1 : head === 0xc0 ? 2 : head === 0xf0 ? 3 : head === 0xd0 ? 4 : head === 0xe0 ? 8 : 0;
  if (size === 0 || headAt + 1 + size > end) return 0;
  const fill = view.getInt8(headAt + size) < 0 ? 0xff : 0;
  for (let index = 0; index < 8; index++) {
    integerBytes.setUint8(index, index < size ? view.getUint8(headAt + 1 + index) : fill);
  }
  draft.integer(integerBytes.getInt32(4, true), integerBytes.getInt32(0, true));
  return headAt + 1 + size - at;
}

/** The zipmap as a listpack of fields and values in turn. O(length). */
export function zipmapToListpack(bytes: Uint8Array, offset: number, length: number): Uint8Array | null {
  const end = offset + length - 1;
  if (length < 2 || bytes[end] !== TERMINATOR) return null;
  draft.begin(length);
  let at = offset + 1;
  while (at < end) {
    for (let isValue = 0; isValue < 2; isValue++) {
      const lengthBytes = bytes[at] < LONG_LENGTH ? 1 : bytes[at] === LONG_LENGTH ? 5 : 0;
      if (lengthBytes === 0 || at + lengthBytes + isValue > end) return null;
      const size =
        lengthBytes === 1 ? bytes[at] : new DataView(bytes.buffer, bytes.byteOffset + at + 1).getUint32(0, true);
      const unused = isValue === 1 ? bytes[at + lengthBytes] : 0;
      const from = at + lengthBytes + isValue;
      if (size + unused > end - from) return null;
      draft.text(bytes, from, size);
      at = from + size + unused;
    }
  }
  return at === end ? draft.finish() : null;
}
