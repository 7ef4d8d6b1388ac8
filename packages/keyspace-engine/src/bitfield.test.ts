import { describe, expect, it } from "vitest";
import { addBitfield, getBitfield, OVERFLOW, type Overflow, setBitfield } from "./bitfield.ts";
import { createInt64Scratch, int64FromBigInt, int64ToBigInt } from "./numbers/int64.ts";

function add(value: bigint, increment: bigint, field: string, overflow: Overflow): [bigint, boolean] {
  const [a, b, out] = [createInt64Scratch(), createInt64Scratch(), createInt64Scratch()];
  int64FromBigInt(value, a);
  int64FromBigInt(increment, b);
  const overflowed = addBitfield(a, b, Number(field.slice(1)), field.startsWith("i"), overflow, out);
  return [int64ToBigInt(out.high, out.low), overflowed];
}

const { wrap, saturate } = OVERFLOW;

describe("bit fields", () => {
  it("are read beyond the end as zeros", () => {
    const out = createInt64Scratch();
    getBitfield(Uint8Array.of(9, 0xff, 0xff), 1, 1, 4, 8, false, out);
    expect(out.safe).toBe(0xf0);
    getBitfield(Uint8Array.of(9, 0xff, 0xff), 1, 1, 4, 8, true, out);
    expect(out.safe).toBe(-16);
    getBitfield(new Uint8Array(0), 0, 0, 4000, 64, true, out);
    expect(out.safe).toBe(0);
  });

  it("leave their neighbours alone", () => {
    const bytes = new Uint8Array(10).fill(0xaa);
    setBitfield(bytes, 1, 3, 7, -1, -1);
    expect([...bytes.subarray(0, 4)]).toEqual([0xaa, 0xbf, 0xea, 0xaa]);
  });

  it.each([
    [255n, 1n, "u8", wrap, 0n, true],
    [255n, 1n, "u8", saturate, 255n, true],
    [0n, -1n, "u8", saturate, 0n, true],
    [-5n, 0n, "u8", saturate, 255n, true],
    [-5n, 0n, "u8", wrap, 251n, true],
    [127n, 1n, "i8", wrap, -128n, true],
    [-128n, -1n, "i8", saturate, -128n, true],
    [100n, 27n, "i8", wrap, 127n, false],
    [9223372036854775807n, 1n, "i64", wrap, -9223372036854775808n, true],
    [9223372036854775807n, 1n, "i64", saturate, 9223372036854775807n, true],
    [1n, 9007199254740991n, "u6", wrap, 0n, true],
    // the oddity of Redis: so far below that the distance to the maximum wraps
    [-9223372036854775808n, 0n, "i8", saturate, 127n, true],
  ])("%d + %d in %s (%d)", (value, increment, field, overflow, result, overflowed) => {
    expect(add(value, increment, field, overflow)).toEqual([result, overflowed]);
  });
});
