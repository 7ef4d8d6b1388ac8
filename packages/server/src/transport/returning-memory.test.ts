import { expect, test } from "vitest";
import { PIECE_BYTES, ReturningMemory } from "./returning-memory.ts";

function takeSome(memory: ReturningMemory, count: number): Uint8Array[] {
  return Array.from({ length: count }, (_, index) => {
    const piece = memory.take();
    if (piece === null) throw new Error("no memory");
    return piece.fill(index);
  });
}

test("pieces are apart from each other, also those that come again", () => {
  const memory = new ReturningMemory();
  for (let round = 0; round < 3; round++) {
    const pieces = takeSome(memory, 40);
    expect(memory.used).toBe(40);
    for (const [index, piece] of pieces.entries()) {
      expect([piece.length, piece[0], piece[PIECE_BYTES - 1]]).toEqual([PIECE_BYTES, index, index]);
    }
    for (const piece of pieces) memory.giveBack(piece);
    expect(memory.used).toBe(0);
  }
});

test("all but a few have no bytes once they are given back, which a part of them does too", () => {
  const memory = new ReturningMemory();
  const pieces = takeSome(memory, 100);
  for (const piece of pieces) memory.giveBack(piece.subarray(0, 100));
  expect(pieces.filter((piece) => piece.length > 0).length).toBe(4);
});

test("other memory is left alone", () => {
  const memory = new ReturningMemory();
  const other = new Uint8Array(PIECE_BYTES);
  memory.giveBack(other);
  expect([other.length, memory.used]).toEqual([PIECE_BYTES, 0]);
});

test("there is an end to the pieces that are in use at once", () => {
  const memory = new ReturningMemory();
  const pieces: Uint8Array[] = [];
  for (let piece = memory.take(); piece !== null; piece = memory.take()) pieces.push(piece);
  expect(pieces.length).toBe(4096);
  memory.giveBack(pieces[0]);
  expect(memory.take()).not.toBeNull();
  for (const piece of pieces) memory.giveBack(piece);
});
