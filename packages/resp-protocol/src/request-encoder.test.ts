import { expect, it } from "vitest";
import { encodeRequest, RequestEncoder } from "./request-encoder.ts";
import { textOf } from "./testing/parse-all.ts";

it("writes arguments as bulk strings", () => {
  expect(textOf(encodeRequest(["SET", "é", Uint8Array.of(0, 255), ""]))).toBe(
    "*4\r\n$3\r\nSET\r\n$2\r\n\xc3\xa9\r\n$2\r\n\x00\xff\r\n$0\r\n\r\n",
  );
  const long = "x".repeat(12345);
  expect(textOf(encodeRequest([long]))).toBe(`*1\r\n$12345\r\n${long}\r\n`);
  expect(textOf(encodeRequest(Array<string>(100).fill("a")))).toBe("*100\r\n" + "$1\r\na\r\n".repeat(100));
});

it("gathers requests until they are taken", () => {
  const encoder = new RequestEncoder();
  for (let index = 0; index < 10_000; index++) encoder.append(["PING"]);
  expect(encoder.byteLength).toBe(140_000);
  expect(textOf(encoder.take())).toBe("*1\r\n$4\r\nPING\r\n".repeat(10_000));
  encoder.append(["GET", "a"]);
  expect(textOf(encoder.take())).toBe("*2\r\n$3\r\nGET\r\n$1\r\na\r\n");
  expect(encoder.take().length).toBe(0);
});
