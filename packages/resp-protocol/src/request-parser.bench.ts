import { bench, describe } from "vitest";
import { encodeRequest } from "./request-encoder.ts";
import { createRequestLimits } from "./request-limits.ts";
import { RequestBatch } from "./request-batch.ts";
import { RequestParser } from "./request-parser.ts";

const OPTIONS = { time: 200, warmupTime: 50 };
const REQUESTS = 1000;

/** A call parses 1000 pipelined requests: milliseconds a call are microseconds a request. */
function benchRequests(name: string, request: Uint8Array): void {
  const input = new Uint8Array(request.length * REQUESTS);
  for (let index = 0; index < REQUESTS; index++) input.set(request, index * request.length);
  const parser = new RequestParser(createRequestLimits());
  const batch = new RequestBatch();
  bench(
    name,
    () => {
      parser.feed(input, 0, input.length, 0);
      while (parser.next(batch, 128) > 0);
    },
    OPTIONS,
  );
}

describe("1000 requests", () => {
  benchRequests("SET, 16-byte key and value", encodeRequest(["SET", "key:000000000123", "xxxxxxxxxxxxxxxx"]));
  benchRequests("GET", encodeRequest(["GET", "key:000000000123"]));
  benchRequests("SET, 1 KiB value", encodeRequest(["SET", "key:000000000123", "x".repeat(1024)]));
  benchRequests("PING inline", new TextEncoder().encode("PING\r\n"));
});
