import { describe, expect, test } from "vitest";
import { draftAdd, draftDense, draftEmpty, HyperLogLogDraft } from "./draft.ts";
import { hashElement, rankOf, registerOf } from "./element-hash.ts";
import { estimate } from "./estimate.ts";
import {
  cardinalityHigh,
  cardinalityLow,
  hasCardinality,
  HEADER_BYTES,
  isHyperLogLog,
  setCardinality,
} from "./layout.ts";
import { describeRuns } from "./sparse.ts";

/** The hash in 64-bit arithmetic, as it is defined. */
function slowHash(bytes: Uint8Array): bigint {
  const factor = 0xc6a4a7935bd1e995n;
  const wrap = (value: bigint): bigint => BigInt.asUintN(64, value);
  let hash = wrap(0xadc83b19n ^ wrap(BigInt(bytes.length) * factor));
  const whole = bytes.length & ~7;
  const wordAt = (from: number, to: number): bigint =>
    bytes.slice(from, to).reduceRight((word, byte) => (word << 8n) | BigInt(byte), 0n);
  for (let at = 0; at < whole; at += 8) {
    let word = wrap(wordAt(at, at + 8) * factor);
    word = wrap((word ^ (word >> 47n)) * factor);
    hash = wrap((hash ^ word) * factor);
  }
  if (bytes.length > whole) hash = wrap((hash ^ wordAt(whole, bytes.length)) * factor);
  hash = wrap((hash ^ (hash >> 47n)) * factor);
  return hash ^ (hash >> 47n);
}

function slowRank(hash: bigint): number {
  let rank = 1;
  for (let rest = hash >> 14n; rank < 51 && (rest & 1n) === 0n; rest >>= 1n) rank++;
  return rank;
}

test("the hash of elements of every length", () => {
  for (let length = 0; length < 300; length++) {
    const bytes = Uint8Array.from({ length: length + 3 }, (_, at) => (at * 151 + length * 89 + 7) & 255);
    const hashed = hashElement(bytes, 3, length);
    const expected = slowHash(bytes.slice(3));
    expect([registerOf(hashed), rankOf(hashed)]).toEqual([Number(expected & 16383n), slowRank(expected)]);
  }
});

function filled(count: number): HyperLogLogDraft {
  const draft = new HyperLogLogDraft();
  draftEmpty(draft);
  const element = new Uint8Array(4);
  for (let number = 0; number < count; number++) {
    new DataView(element.buffer).setInt32(0, number);
    draftAdd(draft, hashElement(element, 0, 4), 3000);
  }
  return draft;
}

describe("estimates", () => {
  test.each([0, 1, 10, 100, 1000, 10_000, 100_000])("of %i elements", (count) => {
    const draft = filled(count);
    const estimated = estimate(draft.bytes, 0, draft.length);
    expect(Math.abs(estimated - count)).toBeLessThanOrEqual(count * 0.03);
    draftDense(draft);
    expect(estimate(draft.bytes, 0, draft.length)).toBe(estimated);
  });
});

test("an empty one is one run", () => {
  const draft = filled(0);
  expect([...draft.bytes.subarray(0, draft.length)]).toEqual([
    72,
    89,
    76,
    76,
    1,
    ...Array<number>(11).fill(0),
    127,
    255,
  ]);
  expect(describeRuns(draft.bytes, HEADER_BYTES, draft.length)).toBe("Z:16384");
});

test("runs are split and joined", () => {
  const draft = filled(0);
  const add = (register: number, rank: number): string => {
    draftAdd(draft, (rank << 14) | register, 3000);
    return describeRuns(draft.bytes, HEADER_BYTES, draft.length);
  };
  expect(add(100, 3)).toBe("Z:100 v:3,1 Z:16283");
  expect(add(102, 3)).toBe("Z:100 v:3,1 z:1 v:3,1 Z:16281");
  expect(add(101, 3)).toBe("Z:100 v:3,3 Z:16281");
  expect(add(101, 9)).toBe("Z:100 v:3,1 v:9,1 v:3,1 Z:16281");
  expect(add(16383, 32)).toBe("Z:100 v:3,1 v:9,1 v:3,1 Z:16280 v:32,1");
  expect(hasCardinality(draft.bytes, 0)).toBe(false);
});

test("the cached cardinality has 64 bits", () => {
  const draft = filled(1);
  setCardinality(draft.bytes, 0, 0x1234567, -2);
  expect([cardinalityHigh(draft.bytes, 0), cardinalityLow(draft.bytes, 0)]).toEqual([0x1234567, -2]);
  expect(hasCardinality(draft.bytes, 0)).toBe(true);
});

test.each([
  ["", 0],
  ["HYLL", 4],
  ["HYLX\u0001", 30],
  ["HYLL\u0002", 30],
  ["HYLL\0", 12303],
])("%j with %i bytes is none", (text, length) => {
  const bytes = new Uint8Array(20_000);
  bytes.set(Uint8Array.from(text, (character) => character.charCodeAt(0)));
  expect(isHyperLogLog(bytes, 0, length)).toBe(false);
});
