import { expect, test } from "vitest";
import { createRequestLimits, RequestBatch, RequestParser } from "./index.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

function commandsOf(batch: RequestBatch): string[] {
  const commands: string[] = [];
  for (let number = 0; number < batch.commandCount; number++) {
    const words: string[] = [];
    for (let at = batch.commandStarts[number]; at < batch.commandStarts[number + 1]; at++) {
      const offset = batch.argumentOffsets[at];
      words.push(decoder.decode(batch.bytes.subarray(offset, offset + batch.argumentLengths[at])));
    }
    commands.push(words.join(" "));
  }
  return commands;
}

function drain(parser: RequestParser, batch: RequestBatch): string[] {
  const commands: string[] = [];
  while (parser.next(batch, 3) > 0) commands.push(...commandsOf(batch));
  return commands;
}

function feed(parser: RequestParser, text: string): void {
  const bytes = encoder.encode(text);
  parser.feed(bytes, 0, bytes.length, 0);
}

test("commands taken back come again, before what follows them", () => {
  const text = "PING\r\n*2\r\n$3\r\nGET\r\n$1\r\na\r\nDEL b\r\nECHO 'c'\r\n*2\r\n$3\r\nGET\r\n$2\r\nd";
  for (let command = 0; command < 3; command++) {
    const parser = new RequestParser(createRequestLimits());
    const batch = new RequestBatch();
    feed(parser, text);
    expect(parser.next(batch, 3)).toBe(3);
    const executed = commandsOf(batch).slice(0, command);
    parser.unread(batch, command);
    feed(parser, "d\r\nPING\r\n");
    expect([...executed, ...drain(parser, batch)]).toEqual(["PING", "GET a", "DEL b", "ECHO c", "GET dd", "PING"]);
  }
});

test("an error after them is reported after them", () => {
  const parser = new RequestParser(createRequestLimits());
  const batch = new RequestBatch();
  feed(parser, "PING\r\nPING\r\n*1\r\nx\r\n");
  expect(parser.next(batch, 10)).toBe(2);
  parser.unread(batch, 1);
  expect(drain(parser, batch)).toEqual(["PING"]);
  expect(parser.error).toBe("Protocol error: expected '$', got 'x'");
});

test("an inline request that was let through before a login is let through again", () => {
  const parser = new RequestParser(createRequestLimits(), false);
  const batch = new RequestBatch();
  const words = "HELLO 2 AUTH default secret SETNAME a b c d e f g h i j";
  feed(parser, `${words}\r\n*20\r\n`);
  expect(parser.next(batch, 10)).toBe(1);
  parser.unread(batch, 0);
  expect(parser.next(batch, 10)).toBe(1);
  expect(commandsOf(batch)).toEqual([words]);
  expect(parser.next(batch, 10)).toBe(0);
  expect(parser.error).toBe("Protocol error: unauthenticated multibulk length");
});
