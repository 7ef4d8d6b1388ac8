import { bench, describe } from "vitest";
import { countBits, findBit } from "./bits.ts";
import { matchGlob } from "./glob.ts";
import { longestCommonSubsequence } from "./lcs.ts";

const options = { time: 100, warmupTime: 50 };
const bytes = Uint8Array.from({ length: 65536 }, (_, at) => at * 7);
const zeros = new Uint8Array(65536);

describe("64 KiB of bits", () => {
  bench("count", () => void countBits(bytes, 0, bytes.length), options);
  bench("find nothing", () => void findBit(zeros, 0, 0, zeros.length * 8 - 1, 1), options);
});

describe("strings", () => {
  const encoder = new TextEncoder();
  const [pattern, key] = [encoder.encode("user:*:[0-9]?:name"), encoder.encode("user:123456789:42:name")];
  bench("glob", () => void matchGlob(pattern, 0, pattern.length, key, 0, key.length, false), options);
  bench(
    "subsequence of 1000 and 1000 bytes",
    () => void longestCommonSubsequence(bytes, 0, 1000, bytes, 3, 1000),
    options,
  );
});
