import { describe, expect, it } from "vitest";
import {
  addInt64,
  createInt64Scratch,
  int64FromBigInt,
  int64FromSafe,
  int64TextLength,
  int64ToBigInt,
  int64ToNumber,
  isSafeInt64,
  negateInt64,
  parseInt64,
  safeIntegerTextLength,
  writeInt64,
  writeSafeInteger,
} from "./index.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const scratch = createInt64Scratch();

function parse(text: string): bigint | null {
  const padded = encoder.encode(`xx${text}9`);
  if (!parseInt64(padded, 2, encoder.encode(text).length, scratch)) return null;
  const exact = int64ToBigInt(scratch.high, scratch.low);
  expect(scratch.isSafe).toBe(isSafeInt64(scratch.high, scratch.low));
  if (scratch.isSafe) expect(BigInt(scratch.safe)).toBe(exact);
  return exact;
}

function text(value: bigint): string {
  const bytes = new Uint8Array(32);
  expect(int64FromBigInt(value, scratch)).toBe(true);
  const length = writeInt64(bytes, 3, scratch.high, scratch.low);
  expect(int64TextLength(scratch.high, scratch.low)).toBe(length);
  return decoder.decode(bytes.subarray(3, 3 + length));
}

const LIMITS = [
  0n,
  1n,
  -1n,
  9n,
  10n,
  -10n,
  999999999n,
  1000000000n,
  2147483647n,
  -2147483648n,
  4294967295n,
  4294967296n,
  -4294967296n,
  9007199254740991n,
  9007199254740992n,
  -9007199254740991n,
  -9007199254740992n,
  999999999999999n,
  1000000000000000n,
  9223372036854775807n,
  -9223372036854775807n,
  -9223372036854775808n,
];

describe("int64", () => {
  it("reads and writes the limits", () => {
    for (const limit of LIMITS) {
      expect(parse(String(limit))).toBe(limit);
      expect(text(limit)).toBe(String(limit));
    }
  });

  it("refuses everything that is not canonical", () => {
    const refused = ["", "-", "-0", "00", "01", "-01", "+1", " 1", "1 ", "1a", "a1", "1.0", "1e3", "0x1", "--1"];
    refused.push("9223372036854775808", "-9223372036854775809", "18446744073709551616", "10000000000000000000");
    refused.push(
      "99999999999999999999",
      "123456789012345678a",
      "12345678901234567890123",
      "/1",
      ":1",
      "1234567890/",
      "12345:",
    );
    for (const wrong of refused) expect(parse(wrong), wrong).toBe(null);
  });

  it("writes safe integers", () => {
    const bytes = new Uint8Array(32);
    for (const limit of LIMITS.filter((value) => Number.isSafeInteger(Number(value)))) {
      const length = writeSafeInteger(bytes, 0, Number(limit));
      expect(decoder.decode(bytes.subarray(0, length))).toBe(String(limit));
      expect(safeIntegerTextLength(Number(limit))).toBe(length);
      int64FromSafe(Number(limit), scratch);
      expect(int64ToBigInt(scratch.high, scratch.low)).toBe(limit);
      expect(BigInt(int64ToNumber(scratch.high, scratch.low))).toBe(limit);
    }
  });

  it("adds with an overflow check and negates", () => {
    const a = createInt64Scratch();
    const b = createInt64Scratch();
    const sum = createInt64Scratch();
    for (const left of LIMITS) {
      for (const right of LIMITS) {
        int64FromBigInt(left, a);
        int64FromBigInt(right, b);
        const fits = BigInt.asIntN(64, left + right) === left + right;
        expect(addInt64(a, b, sum)).toBe(fits);
        if (fits) expect(int64ToBigInt(sum.high, sum.low)).toBe(left + right);
      }
      int64FromBigInt(left, a);
      expect(negateInt64(a)).toBe(left !== -9223372036854775808n);
      if (left !== -9223372036854775808n) expect(int64ToBigInt(a.high, a.low)).toBe(-left);
    }
  });

  it("refuses bigints beyond 64 bits", () => {
    expect(int64FromBigInt(9223372036854775808n, scratch)).toBe(false);
  });
});
