/** Bitmaps: strings seen as rows of bits. */

import { block, integer, key, MULTIPLE, oneOf, OPTIONAL, pureToken, string } from "../arguments.ts";
import { READ_AND_UPDATE_ONE_KEY, READ_ONE_KEY, keyAt, keyRange } from "../key-specs.ts";
import type { CommandRows } from "../row.ts";

/** Whether a range counts bytes or bits. */
const UNIT = oneOf("unit", [pureToken("BYTE"), pureToken("BIT")], { optional: true, since: "7.0.0" });

export const bitmapRows = {
  bitcount: {
    summary: "Counts the bits that are set, in a whole string or a range of it",
    since: "2.6.0",
    complexity: "O(N), N = bytes looked at",
    arity: -2,
    flags: ["readonly"],
    categories: ["bitmap"],
    keys: READ_ONE_KEY,
    arguments: [key(), block("range", [integer("start"), integer("end"), UNIT], OPTIONAL)],
    history: [["7.0.0", "BYTE and BIT"]],
    reply: "The number of set bits",
  },

  bitfield: {
    summary: "Reads, writes and increments integers of any width inside a string",
    since: "3.2.0",
    complexity: "O(1) for each operation",
    arity: -2,
    flags: ["write", "denyoom"],
    categories: ["bitmap"],
    keys: [keyAt(1, ["RW", "access", "update", "variable_flags"], "Only reads when there are only GET operations")],
    arguments: [
      key(),
      oneOf(
        "operation",
        [
          block("get-block", [string("encoding"), integer("offset")], { token: "GET" }),
          block("write", [
            oneOf("overflow-block", [pureToken("WRAP"), pureToken("SAT"), pureToken("FAIL")], {
              token: "OVERFLOW",
              optional: true,
            }),
            oneOf("write-operation", [
              block("set-block", [string("encoding"), integer("offset"), integer("value")], { token: "SET" }),
              block("incrby-block", [string("encoding"), integer("offset"), integer("increment")], { token: "INCRBY" }),
            ]),
          ]),
        ],
        { optional: true, multiple: true },
      ),
    ],
    reply: "An array with a result for each operation; nil where an overflow made it fail",
  },

  bitfield_ro: {
    summary: "Reads integers of any width out of a string",
    since: "6.0.0",
    complexity: "O(1) for each operation",
    arity: -2,
    flags: ["readonly", "fast"],
    categories: ["bitmap"],
    keys: READ_ONE_KEY,
    arguments: [
      key(),
      block("get-block", [string("encoding"), integer("offset")], {
        token: "GET",
        optional: true,
        multiple: true,
        multipleToken: true,
      }),
    ],
    reply: "An array with a value for each operation",
  },

  bitop: {
    summary: "Combines strings bit by bit and stores the result",
    since: "2.6.0",
    complexity: "O(N), N = length of the longest source",
    arity: -4,
    flags: ["write", "denyoom"],
    categories: ["bitmap"],
    keys: [keyAt(2, ["OW", "update"]), keyRange(3, -1, 1, ["RO", "access"])],
    arguments: [
      oneOf("operation", [pureToken("AND"), pureToken("OR"), pureToken("XOR"), pureToken("NOT")]),
      key("destkey"),
      key("key", 1, MULTIPLE),
    ],
    reply: "The length of the stored string, in bytes",
  },

  bitpos: {
    summary: "Finds the first bit that is set, or that is clear",
    since: "2.8.7",
    complexity: "O(N), N = bytes looked at",
    arity: -3,
    flags: ["readonly"],
    categories: ["bitmap"],
    keys: READ_ONE_KEY,
    arguments: [
      key(),
      integer("bit"),
      block("range", [integer("start"), block("end-unit-block", [integer("end"), UNIT], OPTIONAL)], OPTIONAL),
    ],
    history: [["7.0.0", "BYTE and BIT"]],
    reply: "The position of the bit, or -1",
  },

  getbit: {
    summary: "Returns one bit of a string",
    since: "2.2.0",
    complexity: "O(1)",
    arity: 3,
    flags: ["readonly", "fast"],
    categories: ["bitmap"],
    keys: READ_ONE_KEY,
    arguments: [key(), integer("offset")],
    reply: "0 or 1",
  },

  setbit: {
    summary: "Sets or clears one bit of a string, which grows when it has to",
    since: "2.2.0",
    complexity: "O(1), plus zeroing the bytes that it grows by",
    arity: 4,
    flags: ["write", "denyoom"],
    categories: ["bitmap"],
    keys: READ_AND_UPDATE_ONE_KEY,
    arguments: [key(), integer("offset"), integer("value")],
    reply: "The bit that was there before",
  },
} as const satisfies CommandRows;
