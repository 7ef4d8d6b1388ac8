import { expect, test } from "vitest";
import { LzfCompressor, lzfDecompress } from "./lzf.ts";
import { randomFromSeed } from "./testing/random.ts";

const random = randomFromSeed();

test(`round trip (${random.seedText})`, () => {
  const compressor = new LzfCompressor();
  for (let round = 0; round < 2000 * random.scale; round++) {
    const plain = random.bytes(20_000);
    const start = random.below(plain.length + 1);
    const length = plain.length - start;
    const limit = random.below(2) === 0 ? length : 2 * length + 1;
    const block = new Uint8Array(limit + 8).fill(0xee);
    const blockLength = compressor.compress(plain, start, length, block, limit);
    expect(block.subarray(limit).every((byte) => byte === 0xee)).toBe(true);
    if (blockLength === 0) continue;
    const restored = new Uint8Array(length);
    expect(lzfDecompress(block, 0, blockLength, restored, length)).toBe(true);
    expect(Buffer.compare(restored, plain.subarray(start))).toBe(0);
  }
});

test(`broken blocks write nothing outside (${random.seedText})`, () => {
  const compressor = new LzfCompressor();
  for (let round = 0; round < 20_000 * random.scale; round++) {
    const plain = random.bytes(300);
    const block = new Uint8Array(2 * plain.length + 1);
    const blockLength = compressor.compress(plain, 0, plain.length, block, block.length);
    for (let flips = random.below(3); flips >= 0; flips--) block[random.below(block.length)] = random.below(256);
    const claimed = random.below(4) === 0 ? random.below(600) : plain.length;
    const output = new Uint8Array(claimed + 300).fill(0xee);
    lzfDecompress(block, 0, random.below(4) === 0 ? random.below(blockLength + 1) : blockLength, output, claimed);
    expect(output.subarray(claimed).every((byte) => byte === 0xee)).toBe(true);
  }
});
