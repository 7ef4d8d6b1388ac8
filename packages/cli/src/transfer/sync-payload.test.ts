import { Buffer } from "node:buffer";
import { expect, test } from "vitest";
import { SyncPayload, type PayloadHeader } from "./sync-payload.ts";

interface Received {
  header: PayloadHeader | undefined;
  payload: string;
  rest: string;
  isComplete: boolean;
}

/** What comes of a stream that is cut into pieces of this size. */
function receive(stream: string, pieceBytes: number): Received {
  const received: Received = { header: undefined, payload: "", rest: "", isComplete: false };
  const payload = new SyncPayload({
    onHeader: (header) => (received.header = header),
    onPayload: (bytes) => (received.payload += Buffer.from(bytes).toString("latin1")),
    onEnd: () => (received.isComplete = true),
    onRest: (bytes) => (received.rest += Buffer.from(bytes).toString("latin1")),
  });
  const bytes = Buffer.from(stream, "latin1");
  for (let at = 0; at < bytes.length; at += pieceBytes) payload.feed(Buffer.from(bytes.subarray(at, at + pieceBytes)));
  expect(payload.payloadBytes).toBe(received.payload.length);
  return received;
}

const MARK = "0123456789abcdefghijklmnopqrstuvwxyzABCD";
const ALMOST = MARK.slice(0, 39);
const DUMP = `REDIS0011\xff\0\r\n$5\r\n${ALMOST}${MARK.slice(0, 20)}${ALMOST}!`;

test("a dump with a length, and commands behind it, however they are cut", () => {
  for (let piece = 1; piece < 60; piece++) {
    expect(receive(`\n\n\n$${DUMP.length}\r\n${DUMP}*1\r\n$4\r\nping\r\n`, piece)).toEqual({
      header: { kind: "length", bytes: DUMP.length },
      payload: DUMP,
      rest: "*1\r\n$4\r\nping\r\n",
      isComplete: true,
    });
  }
});

test("a dump with a mark at its end: what looks like its beginning is part of the dump", () => {
  for (let piece = 1; piece < 60; piece++) {
    expect(receive(`$EOF:${MARK}\r\n${DUMP}${MARK}*1\r\n$4\r\nping\r\n`, piece)).toEqual({
      header: { kind: "mark" },
      payload: DUMP,
      rest: "*1\r\n$4\r\nping\r\n",
      isComplete: true,
    });
  }
});

test("an empty dump", () => {
  expect(receive(`$EOF:${MARK}\r\n${MARK}`, 7)).toMatchObject({ payload: "", isComplete: true });
  expect(receive("$0\r\n", 7)).toMatchObject({ payload: "", isComplete: true });
});

test("a dump without its end is not complete", () => {
  expect(receive(`$${DUMP.length}\r\n${DUMP.slice(0, -1)}`, 50).isComplete).toBe(false);
  expect(receive(`$EOF:${MARK}\r\n${DUMP}${ALMOST}`, 50).isComplete).toBe(false);
});

test.each(["-ERR no\r\n", "+FULLRESYNC\r\n", "$EOF:short\r\n", "$12x\r\n", "$-1\r\n", "$99999999999999999999\r\n"])(
  "no dump: %j",
  (line) => {
    for (const piece of [1, 100]) {
      expect(receive(line, piece)).toMatchObject({ header: { kind: "refusal", line: line.slice(0, -1) }, payload: "" });
    }
  },
);

test("a first line without an end is no header", () => {
  expect(receive("x".repeat(10_000), 1000).header?.kind).toBe("refusal");
});
