import { expect, test, vi } from "vitest";
import { backlogMemory, ReplyBacklog } from "./reply-backlog.ts";

/** `length` bytes that tell where they belong. */
function pattern(length: number, from: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => (from + index) % 251);
}

function takeAll(backlog: ReplyBacklog): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  for (let chunk = backlog.take(); chunk !== null; chunk = backlog.take()) {
    chunks.push(chunk.slice());
    backlog.release(chunk);
  }
  return chunks;
}

test.each([
  [[5]],
  [[1, 2, 3]],
  [[16_383, 5, 16_384, 1]],
  [[100_000, 7, 7, 40_000]],
  [[9000, 9000, 9000]],
  [[0, 1]],
  [[1_000_000, 5, 300_000, 16_384]],
])("%j bytes come out in order", (lengths) => {
  const backlog = new ReplyBacklog();
  let total = 0;
  for (const length of lengths) {
    const bytes = pattern(length + 3, total - 2 + 251);
    backlog.push(bytes, 2, 2 + length);
    total += length;
  }
  expect(Buffer.concat(takeAll(backlog)).equals(Buffer.from(pattern(total, 0)))).toBe(true);
  expect(backlog.take()).toBeNull();
});

test("what is pushed after a take goes behind what is left", () => {
  const backlog = new ReplyBacklog();
  backlog.push(pattern(10, 0), 0, 10);
  const first = backlog.take();
  backlog.push(pattern(10, 10), 0, 10);
  expect(first).toEqual(pattern(10, 0));
  expect(takeAll(backlog)).toEqual([pattern(10, 10)]);
});

test("short replies share chunks", () => {
  const backlog = new ReplyBacklog();
  for (let count = 0; count < 10_000; count++) backlog.push(pattern(5, 0), 0, 5);
  expect(takeAll(backlog).length).toBe(4);
});

test("the bytes are a copy", () => {
  const backlog = new ReplyBacklog();
  const bytes = pattern(20_000, 0);
  backlog.push(bytes, 0, 20_000);
  backlog.push(bytes, 0, 1);
  bytes.fill(0);
  expect(Buffer.concat(takeAll(backlog)).equals(Buffer.concat([pattern(20_000, 0), Uint8Array.of(0)]))).toBe(true);
});

test("what waits behind the first bytes is in memory that goes back: when it is sent, or when nobody waits for it any more", () => {
  const backlog = new ReplyBacklog();
  const fill = (): void => {
    for (let count = 0; count < 1000; count++) backlog.push(pattern(1000, 0), 0, 1000);
  };
  fill();
  expect(backlogMemory.used).toBe(4);
  expect(takeAll(backlog).reduce((sum, chunk) => sum + chunk.length, 0)).toBe(1_000_000);
  expect(backlogMemory.used).toBe(0);
  fill();
  expect(backlogMemory.used).toBe(4);
  backlog.clear();
  expect([backlogMemory.used, backlog.take()]).toEqual([0, null]);
});

test("the chunks of a long backlog are large, also when there is no returning memory left", () => {
  vi.spyOn(backlogMemory, "take").mockReturnValue(null);
  const backlog = new ReplyBacklog();
  const bytes = pattern(4 * 1024 * 1024, 0);
  backlog.push(bytes, 0, bytes.length);
  vi.restoreAllMocks();
  const chunks = takeAll(backlog);
  expect(Buffer.concat(chunks).equals(Buffer.from(bytes))).toBe(true);
  expect(chunks.length).toBeLessThan(30);
});
