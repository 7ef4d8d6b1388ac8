/** ReplyParser beside redis-parser and node-redis's decoder, on chunks of 1000 replies. `node bench/table.mjs` prints the full table. */
import { createRequire } from "node:module";
import { bench, describe } from "vitest";
import { ReplyParser } from "./reply-parser.ts";

type Chunked = (chunk: Buffer) => void;
interface OtherParsers {
  redisParser: new (handlers: Record<string, () => void>) => { execute: Chunked };
  nodeRedis: new (handlers: Record<string, () => unknown>) => { write: Chunked };
}

const OPTIONS = { time: 200, warmupTime: 50 };
const REPLIES = 1000;
const load = createRequire(import.meta.url);
const decoderPath = load.resolve("@redis/client").replace(/index\.js$/, "lib/RESP/decoder.js");
const others: OtherParsers = {
  redisParser: load("redis-parser") as OtherParsers["redisParser"],
  nodeRedis: (load(decoderPath) as { Decoder: OtherParsers["nodeRedis"] }).Decoder,
};

function ignore(): void {
  // Only the decoding is measured.
}

function benchReplies(name: string, reply: string): void {
  const chunk = Buffer.from(reply.repeat(REPLIES));
  const plain = new Uint8Array(chunk);
  const noMapping = {};
  const own = new ReplyParser({ onReply: ignore });
  const nodeRedis = new others.nodeRedis({
    onReply: ignore,
    onErrorReply: ignore,
    onPush: ignore,
    getTypeMapping: () => noMapping,
  });
  const redisParser = new others.redisParser({ returnReply: ignore, returnError: ignore });
  describe(name, () => {
    bench(
      "ReplyParser",
      () => {
        own.feed(plain);
      },
      OPTIONS,
    );
    bench(
      "node-redis",
      () => {
        nodeRedis.write(chunk);
      },
      OPTIONS,
    );
    bench(
      "redis-parser",
      () => {
        redisParser.execute(chunk);
      },
      OPTIONS,
    );
  });
}

benchReplies("+OK", "+OK\r\n");
benchReplies("integer", ":123456\r\n");
benchReplies("bulk of 16 bytes", "$16\r\nxxxxxxxxxxxxxxxx\r\n");
benchReplies("array of 10 bulks", "*10\r\n" + "$16\r\nxxxxxxxxxxxxxxxx\r\n".repeat(10));
