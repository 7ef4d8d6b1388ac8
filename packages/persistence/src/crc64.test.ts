import { expect, test } from "vitest";
import { Crc64 } from "./crc64.ts";
import { bytesOf } from "./testing/dumps.ts";

/** The definition, bit by bit. */
function modelCrc64(bytes: Uint8Array): string {
  let crc = 0n;
  for (const byte of bytes) {
    crc ^= BigInt(byte);
    for (let bit = 0; bit < 8; bit++) crc = (crc >> 1n) ^ ((crc & 1n) * 0x95ac9329ac4bc9b5n);
  }
  return crc.toString(16).padStart(16, "0");
}

function crcOf(bytes: Uint8Array): Crc64 {
  const crc = new Crc64();
  crc.update(bytes, 0, bytes.length);
  return crc;
}

const sample = Uint8Array.from({ length: 100 }, (_, at) => (at * 77) ^ (at >> 2));

test("the check value of the variant", () => {
  expect(crcOf(bytesOf("123456789")).toString()).toBe("e9c6d914c4b8d9ca");
});

test("equals the definition for every length", () => {
  for (let length = 0; length <= sample.length; length++) {
    const bytes = sample.subarray(0, length);
    expect(crcOf(bytes).toString()).toBe(modelCrc64(bytes));
  }
});

test("does not depend on how the bytes are split", () => {
  const whole = crcOf(sample).toString();
  for (let split = 0; split <= sample.length; split++) {
    const crc = new Crc64();
    crc.update(sample, 0, split);
    crc.update(sample, split, sample.length);
    expect(crc.toString()).toBe(whole);
  }
});

test("is stored little endian, and recognised", () => {
  const crc = crcOf(bytesOf("123456789"));
  const bytes = new Uint8Array(9);
  crc.store(bytes, 1);
  expect(Buffer.from(bytes).toString("hex")).toBe("00cad9b8c414d9c6e9");
  expect(crc.matches(bytes, 1)).toBe(true);
  for (let at = 1; at < 9; at++) {
    const wrong = bytes.slice();
    wrong[at] = wrong[at] ^ 0x40;
    expect(crc.matches(wrong, 1)).toBe(false);
  }
  crc.reset();
  expect(crc.toString()).toBe("0".repeat(16));
});
