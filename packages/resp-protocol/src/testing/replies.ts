/** Runs a reply stream through a parser, cut into chunks, and gives all that was handed over, in order. */
import { ReplyParser } from "../reply-parser.ts";
import type { Reply, ReplyOptions } from "../reply-values.ts";
import { bytesOf, longestChunk, positions } from "./parse-all.ts";

export interface DecodedStream {
  replies: Reply[];
  pushes: Reply[][];
  attributes: Reply[];
  error: string | null;
  isInsideReply: boolean;
}

export function decodeAll(input: string | Uint8Array, cut: number | number[], options?: ReplyOptions): DecodedStream {
  const stream = typeof input === "string" ? bytesOf(input) : input;
  const replies: Reply[] = [];
  const pushes: Reply[][] = [];
  const attributes: Reply[] = [];
  const parser = new ReplyParser(
    {
      onReply: (reply) => replies.push(reply),
      onPush: (message) => pushes.push(message),
      onAttributes: (annotation) => attributes.push(annotation),
    },
    options,
  );
  const cuts = positions(cut, stream.length);
  const buffer = new Uint8Array(longestChunk(cuts) + 40).fill(0x31);
  let from = 0;
  for (const to of cuts) {
    buffer.set(stream.subarray(from, to), 7);
    parser.feed(buffer, 7, 7 + to - from);
    buffer.fill(0x31);
    from = to;
  }
  return { replies, pushes, attributes, error: parser.error, isInsideReply: parser.isInsideReply };
}
