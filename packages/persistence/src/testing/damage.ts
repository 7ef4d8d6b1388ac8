/** Dumps as they come from bad disks and bad people. */
const COMPRESSED = 0xc3;
const LENGTHS_THAT_LIE: readonly (readonly number[])[] = [
  [0x80, 63, 255, 255, 255],
  [0x81, 0, 0, 0, 1, 255, 255, 255, 255],
  [COMPRESSED, 5, 0x80, 31, 255, 255, 255],
];

/** A copy with up to four things wrong: bits and bytes that are others, lengths that lie, an end that comes too early. */
export function damaged(below: (limit: number) => number, dump: Uint8Array): Uint8Array {
  const bytes = dump.slice(0, below(4) === 0 ? below(dump.length + 1) : dump.length);
  for (let left = below(4); left >= 0 && bytes.length > 0; left--) {
    const at = below(bytes.length);
    const kind = below(5);
    if (kind === 0) bytes[at] = bytes[at] ^ (1 << below(8));
    else if (kind === 1) bytes[at] = below(256);
    else lie(below, bytes, at);
  }
  return bytes;
}

function lie(below: (limit: number) => number, bytes: Uint8Array, at: number): void {
  const length = Uint8Array.from(LENGTHS_THAT_LIE[below(LENGTHS_THAT_LIE.length)] ?? []);
  for (let left = below(3); left > 0; left--) length[1 + below(length.length - 1)] = below(256);
  bytes.set(length.subarray(0, bytes.length - at), at);
}
