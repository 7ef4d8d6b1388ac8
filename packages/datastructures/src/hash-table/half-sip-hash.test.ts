import { expect, test } from "vitest";
import { halfSipHash } from "./half-sip-hash.ts";

/** The same function, straight from the definition: four words and a round, nothing written out. */
function model(bytes: readonly number[], key0: number, key1: number): number {
  const rotate = (word: number, by: number) => (word << by) | (word >>> (32 - by));
  let [v0, v1, v2, v3] = [key0, key1, 0x6c796765 ^ key0, 0x74656462 ^ key1];
  const round = () => {
    v0 = (v0 + v1) | 0;
    v1 = rotate(v1, 5) ^ v0;
    v0 = rotate(v0, 16);
    v2 = (v2 + v3) | 0;
    v3 = rotate(v3, 8) ^ v2;
    v0 = (v0 + v3) | 0;
    v3 = rotate(v3, 7) ^ v0;
    v2 = (v2 + v1) | 0;
    v1 = rotate(v1, 13) ^ v2;
    v2 = rotate(v2, 16);
  };
  const padded = [...bytes];
  while (padded.length % 4 !== 3) padded.push(0);
  padded.push(bytes.length & 0xff);
  for (let at = 0; at < padded.length; at += 4) {
    const word = padded[at] | (padded[at + 1] << 8) | (padded[at + 2] << 16) | (padded[at + 3] << 24);
    v3 ^= word;
    round();
    v0 ^= word;
  }
  v2 ^= 0xff;
  round();
  round();
  round();
  return v1 ^ v3;
}

test("equals the definition for every length up to 70 and at every offset", () => {
  const bytes = Uint8Array.from({ length: 80 }, (_, index) => (index * 151 + 7) & 0xff);
  for (let length = 0; length <= 70; length++) {
    for (let offset = 0; offset < 8; offset++) {
      const expected = model([...bytes.subarray(offset, offset + length)], 0x12345678, -5);
      expect(halfSipHash(bytes, offset, length, 0x12345678, -5)).toBe(expected);
    }
  }
});

test("the key changes the hash, and so does every single bit", () => {
  const bytes = new Uint8Array(16);
  const plain = halfSipHash(bytes, 0, 16, 1, 2);
  expect(halfSipHash(bytes, 0, 16, 1, 3)).not.toBe(plain);
  for (let bit = 0; bit < 128; bit++) {
    bytes[bit >> 3] ^= 1 << (bit & 7);
    expect(halfSipHash(bytes, 0, 16, 1, 2)).not.toBe(plain);
    bytes[bit >> 3] ^= 1 << (bit & 7);
  }
});
