import { beforeEach, describe, expect, test } from "vitest";
import { createTestServer } from "../../testing/test-client.ts";
import type { TestClient } from "../../testing/test-client.ts";
import { SAMPLE_VALUES } from "../generic/testing/sample-values.ts";

const SYNTAX = "-ERR syntax error\r\n";
const NOT_AN_INTEGER = "-ERR value is not an integer or out of range\r\n";

let client: TestClient;

beforeEach(() => {
  client = createTestServer().connect();
});

function integer(reply: string): number {
  expect(reply).toMatch(/^:-?\d+\r\n$/);
  return Number(reply.slice(1));
}

/** The bits of a text as a text of 0 and 1. */
function bitsOf(text: string): string {
  return Array.from(text, (character) => character.charCodeAt(0).toString(2).padStart(8, "0")).join("");
}

/** The part of a row that start and end choose, and where it begins. */
function chosen(row: string, start: number, end: number): { part: string; from: number } {
  const from = start < 0 ? Math.max(start + row.length, 0) : start;
  const to = end < 0 ? Math.max(end + row.length, 0) : end;
  return { part: row.slice(from, to + 1), from };
}

const POSITIONS = [0, 1, 5, 9, 40, 20_000, -1, -3, -30, -20_000];

describe.each([...SAMPLE_VALUES, ["raw", "zeros and ones", "\0".repeat(150) + "\xff".repeat(150)] as const])(
  "%s, %s",
  (_encoding, _name, value) => {
    const bits = bitsOf(value);

    beforeEach(() => {
      client.send("SET", "a", value);
    });

    test("BITCOUNT of all bits", () => {
      expect(integer(client.send("BITCOUNT", "a"))).toBe(bits.replaceAll("0", "").length);
    });

    test("BITCOUNT of ranges of bytes and bits", () => {
      for (const start of POSITIONS) {
        for (const end of POSITIONS) {
          const isBackward = start < 0 && end < 0 && start > end;
          const bytes = isBackward ? "" : bitsOf(chosen(value, start, end).part);
          const range = isBackward ? "" : chosen(bits, start, end).part;
          expect(integer(client.send("BITCOUNT", "a", start, end))).toBe(bytes.replaceAll("0", "").length);
          expect(integer(client.send("BITCOUNT", "a", start, end, "bit"))).toBe(range.replaceAll("0", "").length);
        }
      }
    });

    test.each(["0", "1"])("BITPOS of %s in ranges of bytes and bits", (bit) => {
      for (const start of POSITIONS) {
        for (const end of POSITIONS) {
          const bytes = chosen(value, start, end);
          const found = bitsOf(bytes.part).indexOf(bit);
          const expected = found < 0 ? -1 : bytes.from * 8 + found;
          expect(integer(client.send("BITPOS", "a", bit, start, end, "BYTE"))).toBe(expected);
          const range = chosen(bits, start, end);
          const inRange = range.part.indexOf(bit);
          const expectedInRange = inRange < 0 ? -1 : range.from + inRange;
          expect(integer(client.send("BITPOS", "a", bit, start, end, "BIT"))).toBe(expectedInRange);
        }
      }
    });
  },
);

test("without an end, zeros go on after the string", () => {
  client.send("SET", "a", "\xff\xff");
  expect(client.send("BITPOS", "a", 0)).toBe(":16\r\n");
  expect(client.send("BITPOS", "a", 0, 1)).toBe(":16\r\n");
  expect(client.send("BITPOS", "a", 0, 0, -1)).toBe(":-1\r\n");
  expect(client.send("BITPOS", "a", 0, 2)).toBe(":-1\r\n");
});

test("a missing key is a row of zeros without an end, the empty string is empty", () => {
  expect(client.send("BITCOUNT", "none")).toBe(":0\r\n");
  expect(client.send("BITPOS", "none", 0, 5, 6)).toBe(":0\r\n");
  expect(client.send("BITPOS", "none", 1)).toBe(":-1\r\n");
  client.send("SET", "a", "");
  expect(client.send("BITPOS", "a", 0)).toBe(":-1\r\n");
});

// as of Redis 7.2, whether or not the key is there
test.each([
  ["BITCOUNT none 1", SYNTAX],
  ["BITCOUNT none 0 1 FOO", SYNTAX],
  ["BITCOUNT none 0 1 BIT x", SYNTAX],
  ["BITCOUNT none x 1", NOT_AN_INTEGER],
  ["BITPOS none x", NOT_AN_INTEGER],
  ["BITPOS none 2", "-ERR The bit argument must be 1 or 0.\r\n"],
  ["BITPOS none 1 x", NOT_AN_INTEGER],
  ["BITPOS none 1 0 x FOO", SYNTAX],
  ["BITPOS none 1 0 x BIT", NOT_AN_INTEGER],
  ["BITPOS none 1 0 1 BIT x", SYNTAX],
])("%s is refused", (command, error) => {
  expect(client.send(...command.split(" "))).toBe(error);
});
