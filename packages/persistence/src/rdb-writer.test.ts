import { expect, test } from "vitest";
import { RdbWriter } from "./rdb-writer.ts";
import { bytesOf, joined, latin1, written } from "./testing/dumps.ts";

const plain = { compression: false, checksum: false } as const;

/** What a callback writes, without the end mark and the checksum. */
function hexOf(write: (writer: RdbWriter) => void): string {
  const dump = written((writer) => {
    write(writer);
    writer.finish();
  }, plain);
  return Buffer.from(dump).toString("hex").slice(0, -18);
}

/** The bytes of a string as a value of the key "k". */
function valueBytes(value: string, compression = false): Uint8Array {
  const dump = written(
    (writer) => {
      writer.entry(bytesOf("k"), 0, 1, bytesOf(value), 0, value.length, -1);
      writer.finish();
    },
    { compression },
  );
  return dump.subarray(3, -9);
}

test("the frame of a dump", () => {
  const dump = written((writer) => {
    writer.header({ "redis-bits": 64 });
    writer.selectDatabase(9);
    writer.resizeDatabase(300, 70_000);
    writer.finish();
    expect(writer.bytesWritten).toBe(9 + 14 + 2 + 8 + 9);
  });
  const body = joined("REDIS0011\xfa\x0aredis-bits\xc0\x40\xfe\x09\xfb\x41\x2c", [0x80, 0, 1, 0x11, 0x70], "\xff");
  expect(latin1(dump, 0, dump.length - 8)).toBe(latin1(body));
});

test("version 10, and no checksum", () => {
  const frame = (writer: RdbWriter): void => {
    writer.header();
    writer.finish();
  };
  const dump = written(frame, { version: 10, checksum: false });
  expect(latin1(dump)).toBe("REDIS0010\xff" + "\0".repeat(8));
});

test("attributes of an entry come before it", () => {
  const key = bytesOf("xkx");
  const hex = hexOf((writer) => {
    writer.entry(key, 1, 1, key, 0, 2, 1_700_000_000_123, 70, 5);
  });
  expect(hex).toBe("fc7b68e5cf8b010000" + "f84046" + "f905" + "00" + "016b" + "02786b");
});

test("expiries are signed 64-bit milliseconds", () => {
  const expiry = (expireAtMs: number): string =>
    hexOf((writer) => {
      writer.integerEntry(bytesOf("k"), 0, 1, 1, expireAtMs);
    }).slice(2, 18);
  expect(expiry(0)).toBe("0000000000000000");
  expect(expiry(-2)).toBe("feffffffffffffff");
  expect(expiry(2 ** 32 - 1)).toBe("ffffffff00000000");
  expect(expiry(2 ** 53 - 1)).toBe("ffffffffffff1f00");
  expect(expiry(2 ** 63)).toBe("ffffffffffffff7f");
});

test("lengths take their shortest form", () => {
  expect(valueBytes("").length).toBe(1);
  expect(latin1(valueBytes("x".repeat(63)), 0, 2)).toBe("\x3fx");
  expect(latin1(valueBytes("x".repeat(64)), 0, 3)).toBe("\x40\x40x");
  expect(latin1(valueBytes("x".repeat(16383)), 0, 3)).toBe("\x7f\xffx");
  expect(latin1(valueBytes("x".repeat(16384)), 0, 6)).toBe("\x80\0\0\x40\0x");
});

test("numbers are stored short, at every boundary", () => {
  const encoded: Record<string, string> = {
    "0": "c000",
    "127": "c07f",
    "-128": "c080",
    "128": "c18000",
    "-129": "c17fff",
    "32767": "c1ff7f",
    "-32768": "c10080",
    "32768": "c200800000",
    "-32769": "c2ff7fffff",
    "2147483647": "c2ffffff7f",
    "-2147483648": "c200000080",
  };
  for (const [text, hex] of Object.entries(encoded)) {
    expect(Buffer.from(valueBytes(text)).toString("hex")).toBe(hex);
    const number = hexOf((writer) => {
      writer.integerEntry(bytesOf("k"), 0, 1, Number(text), -1);
    });
    expect(number).toBe("00016b" + hex);
  }
  for (const text of ["2147483648", "-2147483649", "007", "-0", "+1"]) {
    expect(latin1(valueBytes(text))).toBe(String.fromCharCode(text.length) + text);
  }
  const large = hexOf((writer) => {
    writer.integerEntry(bytesOf("k"), 0, 1, -5_000_000_000, -1);
  });
  expect(large).toBe("00016b0b" + Buffer.from("-5000000000").toString("hex"));
});

test("strings above 20 bytes are compressed where that saves", () => {
  expect(valueBytes("a".repeat(20), true)[0]).toBe(20);
  expect(valueBytes("a".repeat(21), true)[0]).toBe(0xc3);
  expect(valueBytes("a".repeat(21), false)[0]).toBe(21);
  expect(valueBytes("abcdefghijklmnopqrstuvwxyz", true)[0]).toBe(26);
});

test("the sink gets pieces of at most 64 KiB, in order", () => {
  const value = new Uint8Array(300_000).map((_, at) => (at * at) >> 7);
  const pieces: Uint8Array[] = [];
  const writer = new RdbWriter((bytes, start, end) => pieces.push(bytes.slice(start, end)), plain);
  writer.header();
  writer.entry(value, 0, 10, value, 0, value.length, -1);
  writer.finish();
  const dump = Buffer.concat(pieces);
  expect(dump.length).toBe(9 + 1 + 11 + 5 + value.length + 9);
  expect(dump.subarray(26, 26 + value.length).equals(value)).toBe(true);
  expect(pieces.every((piece) => piece.length <= 65536)).toBe(true);
});

test("entries may lie in shared memory, beyond 2 GiB of a window", () => {
  const window = new Uint8Array(new SharedArrayBuffer(2 ** 31 + 2048));
  const at = 2 ** 31 + 5;
  for (const length of [1, 30, 300]) {
    const value = bytesOf("ab".repeat(200)).subarray(0, length);
    window.set(value, at);
    const write = (bytes: Uint8Array, offset: number): Uint8Array =>
      written((writer) => {
        writer.entry(bytes, offset, length, bytes, offset, length, -1);
        writer.finish();
      });
    expect(latin1(write(window, at))).toBe(latin1(write(value, 0)));
  }
});
