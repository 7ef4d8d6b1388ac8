import { expect, test } from "vitest";
import { fuzzScale, fuzzSeed, randomFrom } from "../testing/fuzzing.ts";
import { LzfCompressor, lzfDecompress } from "./lzf.ts";

const below = randomFrom(fuzzSeed);

/** Noise, text with repeats, or one byte repeated; from few letters, so that much comes again. */
function randomBytes(maximumLength: number): Uint8Array {
  const letters = [1, 2, 4, 26, 256][below(5)] ?? 1;
  const bytes = new Uint8Array(below(below(4) === 0 ? maximumLength : 80));
  for (let index = 0; index < bytes.length; index++) bytes[index] = below(letters);
  if (letters === 26) bytes.copyWithin(bytes.length >> 1, 0);
  return bytes;
}

test(`round trip (SIDER_SEED=${String(fuzzSeed)})`, () => {
  const compressor = new LzfCompressor();
  for (let round = 0; round < 2000 * fuzzScale; round++) {
    const plain = randomBytes(20_000);
    const start = below(plain.length + 1);
    const length = plain.length - start;
    const limit = below(2) === 0 ? length : 2 * length + 1;
    const block = new Uint8Array(limit + 8).fill(0xee);
    const blockLength = compressor.compress(plain, start, length, block, limit);
    expect(block.subarray(limit).every((byte) => byte === 0xee)).toBe(true);
    if (blockLength === 0) continue;
    const restored = new Uint8Array(length);
    expect(lzfDecompress(block, 0, blockLength, restored, length)).toBe(true);
    expect(Buffer.compare(restored, plain.subarray(start))).toBe(0);
  }
});

test(`broken blocks write nothing outside (SIDER_SEED=${String(fuzzSeed)})`, () => {
  const compressor = new LzfCompressor();
  for (let round = 0; round < 20_000 * fuzzScale; round++) {
    const plain = randomBytes(300);
    const block = new Uint8Array(2 * plain.length + 1);
    const blockLength = compressor.compress(plain, 0, plain.length, block, block.length);
    for (let flips = below(3); flips >= 0; flips--) block[below(block.length)] = below(256);
    const claimed = below(4) === 0 ? below(600) : plain.length;
    const output = new Uint8Array(claimed + 300).fill(0xee);
    lzfDecompress(block, 0, below(4) === 0 ? below(blockLength + 1) : blockLength, output, claimed);
    expect(output.subarray(claimed).every((byte) => byte === 0xee)).toBe(true);
  }
});
