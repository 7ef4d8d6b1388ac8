import { expect, test } from "vitest";
import { copyBytes } from "./copy-bytes.ts";

const LENGTHS = [0, 1, 99, 100, 1023, 1024, 1025, 16_383, 16_384, 16_385, 70_001];

test.each(LENGTHS)("%i bytes arrive whole and nothing else changes, whatever the alignments", (length) => {
  for (const shared of [false, true]) {
    for (let from = 0; from < 8; from++) {
      for (let to = 0; to < 8; to++) {
        const source = Uint8Array.from({ length: length + 16 }, (_, index) => (index * 31 + (index >> 8)) & 0xff);
        const buffer = shared ? new SharedArrayBuffer(length + 16) : new ArrayBuffer(length + 16);
        const target = new Uint8Array(buffer).fill(0xee);
        copyBytes(target, to, source, from, length);
        const expected = new Uint8Array(length + 16).fill(0xee);
        expected.set(source.subarray(from, from + length), to);
        if (!Buffer.from(target).equals(expected)) expect.fail(`from ${String(from)} to ${String(to)}`);
      }
    }
  }
});
