/** RESP2 and RESP3: requests and replies, for servers and clients. */
export { RequestBatch } from "./request-batch.ts";
export { RequestParser } from "./request-parser.ts";
export { createRequestLimits } from "./request-limits.ts";
export type { RequestLimits } from "./request-limits.ts";
export { CollectingSink, discardingSink } from "./reply-sink.ts";
export type { ReplySink } from "./reply-sink.ts";
export { DIRECT_BYTES, ReplyTooLongError, ReplyWriter } from "./reply-writer.ts";
export { doubleText } from "./double-text.ts";
export * from "./client.ts";
