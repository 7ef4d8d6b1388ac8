import { expect, test } from "vitest";
import { shareSeen } from "./cursor-share.ts";

test.each([
  ["0", 1],
  ["1", 0.5],
  ["2", 0.25],
  ["3", 0.75],
  ["6", 0.375],
  ["5", 0.625],
  ["9223372036854775808", 2 ** -64],
  ["18446744073709551615", 1],
  ["cursor", undefined],
  ["", undefined],
])("%s", (cursor, share) => {
  expect(shareSeen(cursor)).toBe(share);
});

test("it grows with each bucket of a table", () => {
  const bits = 10;
  const cursors = Array.from({ length: 2 ** bits }, (_, bucket) =>
    parseInt(bucket.toString(2).padStart(bits, "0").split("").reverse().join(""), 2),
  );
  const shares = cursors.slice(1).map((cursor) => shareSeen(String(cursor)));
  expect(shares).toEqual(shares.map((_, index) => (index + 1) / 2 ** bits));
});
