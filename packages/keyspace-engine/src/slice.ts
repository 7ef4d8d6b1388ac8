/** A run of bytes somewhere: the engine's arguments. Made once and pointed at one thing after the other, so that no call allocates. */
export class Slice {
  bytes: Uint8Array = NO_BYTES;
  offset = 0;
  length = 0;
  /** Room for the text of an integer value, which is nowhere in memory (`readString`). */
  readonly digits = new Uint8Array(INTEGER_TEXT_BYTES);

  /** Points the slice elsewhere. */
  set(bytes: Uint8Array, offset: number, length: number): this {
    this.bytes = bytes;
    this.offset = offset;
    this.length = length;
    return this;
  }

  /** A copy of the bytes; for slow paths and tests. */
  toBytes(): Uint8Array {
    return this.bytes.slice(this.offset, this.offset + this.length);
  }
}

/** A key argument: its bytes and their hash under the keyspace's hash key. */
export class Key {
  bytes: Uint8Array = NO_BYTES;
  offset = 0;
  length = 0;
  hash = 0;

  /** Points the key elsewhere; the caller knows the hash. */
  set(bytes: Uint8Array, offset: number, length: number, hash: number): this {
    this.bytes = bytes;
    this.offset = offset;
    this.length = length;
    this.hash = hash;
    return this;
  }
}

/** Whether two keys have the same bytes. O(length). */
export function isSameKey(one: Key, other: Key): boolean {
  if (one.hash !== other.hash || one.length !== other.length) return false;
  for (let at = 0; at < one.length; at++) {
    if (one.bytes[one.offset + at] !== other.bytes[other.offset + at]) return false;
  }
  return true;
}

const INTEGER_TEXT_BYTES = 24;
const NO_BYTES = new Uint8Array(0);
