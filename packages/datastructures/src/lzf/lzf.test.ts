import { expect, test } from "vitest";
import { LzfCompressor, lzfDecompress } from "./lzf.ts";

function bytesOf(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, "latin1"));
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("latin1");
}

function compress(text: string, limit = text.length): Uint8Array {
  const output = new Uint8Array(limit);
  return output.subarray(0, new LzfCompressor().compress(bytesOf(text), 0, text.length, output, limit));
}

function decompress(block: readonly number[] | Uint8Array, length: number): string | null {
  const output = new Uint8Array(length);
  return lzfDecompress(Uint8Array.from(block), 0, block.length, output, length) ? latin1(output) : null;
}

test("items as the format defines them", () => {
  expect(decompress([2, 97, 98, 99], 3)).toBe("abc");
  expect(decompress([1, 97, 98, 0x20, 1], 5)).toBe("ababa");
  expect(decompress([0, 97, 0xe0, 0, 0], 10)).toBe("a".repeat(10));
  expect(decompress([0, 97, 0xe0, 255, 0], 265)).toBe("a".repeat(265));
  expect(decompress([], 0)).toBe("");
});

test("broken blocks are recognised", () => {
  expect(decompress([2, 97, 98], 3)).toBeNull(); // literals missing
  expect(decompress([2, 97, 98, 99], 2)).toBeNull(); // more than claimed
  expect(decompress([2, 97, 98, 99], 4)).toBeNull(); // less than claimed
  expect(decompress([0, 97, 0x20], 4)).toBeNull(); // distance missing
  expect(decompress([0, 97, 0xe0, 1], 11)).toBeNull(); // distance missing after a long length
  expect(decompress([0, 97, 0x20, 1], 4)).toBeNull(); // copies from before the beginning
  expect(decompress([0x20, 0], 3)).toBeNull(); // copies from nothing
  expect(decompress([0, 97, 0xe0, 9, 0], 10)).toBeNull(); // a copy past the end
});

test("compresses what repeats", () => {
  expect(compress("a".repeat(1000)).length).toBeLessThan(20);
  for (const unit of ["ab", "abc", "abcdefgh", "0123456789".repeat(30)]) {
    const text = unit.repeat(50);
    const block = compress(text);
    expect(block.length).toBeLessThan(text.length / 2);
    expect(decompress(block, text.length)).toBe(text);
  }
});

test("a copy reaches back 8192 bytes and no further", () => {
  const filler = (length: number): string =>
    Array.from({ length }, (_, at) => String.fromCharCode(128 + ((at * at * 7 + (at >> 7)) & 127))).join("");
  for (const distance of [8190, 8191, 8192, 8193, 8200]) {
    const text = `abcdefghij${filler(distance - 10)}abcdefghij`;
    const block = compress(text, 2 * text.length);
    expect(decompress(block, text.length)).toBe(text);
  }
});

test("gives up when the output does not fit", () => {
  const text = "abcabcabcabcabcabcabc_defdefdefdefdef";
  const length = compress(text).length;
  expect(compress(text, length).length).toBe(length);
  for (let limit = 0; limit < length; limit++) expect(compress(text, limit).length).toBe(0);
});
