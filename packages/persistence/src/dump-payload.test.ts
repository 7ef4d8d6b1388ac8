import { expect, test } from "vitest";
import { Crc64 } from "./crc64.ts";
import { dumpPayload, parseDumpPayload, readDumpValue } from "./dump-payload.ts";
import { bytesOf, joined, latin1 } from "./testing/dumps.ts";
import { testKeyspace } from "./testing/keyspaces.ts";
import { ValueReader } from "./values/value-reader.ts";

function payloadOf(value: string, options = {}): Uint8Array {
  return dumpPayload(bytesOf(`<${value}>`), 1, value.length, options);
}

/** A payload with a right footer around any body. */
function sealed(body: readonly number[], version = 11): Uint8Array {
  const bytes = joined(body, [version & 255, version >> 8], new Array<number>(8).fill(0));
  const crc = new Crc64();
  crc.update(bytes, 0, bytes.length - 8);
  crc.store(bytes, bytes.length - 8);
  return bytes;
}

test("the payload that Redis 7.0 makes of the value 10", () => {
  // DUMP of the documentation's kind: type 0, int8 10, version, CRC64.
  expect(latin1(payloadOf("10", { version: 10 }))).toBe(latin1(sealed([0, 0xc0, 10], 10)));
});

test("values come back, wherever the payload lies", () => {
  for (const value of ["", "a", "10", "-99999", "2147483648", "x".repeat(30), "abc".repeat(100_000), "\0\xff"]) {
    const payload = payloadOf(value);
    const parsed = parseDumpPayload(joined("junk", payload, "junk"), 4, payload.length);
    if (parsed.error !== null) throw new Error(parsed.error);
    expect(latin1(parsed.bytes, parsed.offset, parsed.length)).toBe(value);
  }
});

test("a footer that is missing, wrong or of a version to come", () => {
  const refused = { error: "DUMP payload version or checksum are wrong" };
  const good = payloadOf("hello");
  for (let length = 0; length < good.length; length++) expect(parseDumpPayload(good, 0, length)).toEqual(refused);
  for (let at = 0; at < good.length; at++) {
    const wrong = good.slice();
    wrong[at] = wrong[at] ^ 4;
    expect(parseDumpPayload(wrong, 0, wrong.length)).toEqual(refused);
  }
  const later = sealed([0, 1, 97], 12);
  expect(parseDumpPayload(later, 0, later.length)).toEqual(refused);
  const older = sealed([0, 1, 97], 1);
  expect(parseDumpPayload(older, 0, older.length).error).toBeNull();
});

test("a right footer around nonsense", () => {
  const bodies = [[], [0], [0, 5, 97], [0, 0x81, 255, 255, 255, 255, 255, 255, 255, 255], [0, 0xc9], [8, 1, 97], [200]];
  for (const body of bodies) {
    const payload = sealed(body);
    expect(parseDumpPayload(payload, 0, payload.length)).toEqual({ error: "Bad data format" });
  }
  const module = sealed([7, 1, 1, 97]);
  expect(parseDumpPayload(module, 0, module.length)).toEqual({ error: "Bad data format" });
});

test("a list with an empty node is refused, whatever the node says it is, and the reader says why", () => {
  const reader = new ValueReader(testKeyspace());
  for (const container of [1, 2]) {
    expect(readDumpValue(reader, 18, Uint8Array.from([1, container, 0]), 0, 3)).toBe(false);
    expect(reader.refusal).toBe("Quicklist node is empty.");
  }
  expect(readDumpValue(reader, 18, Uint8Array.from([1, 1]), 0, 2)).toBe(false);
  expect(reader.refusal).toBe("");
});
