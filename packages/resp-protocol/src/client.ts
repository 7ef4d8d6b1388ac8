/** What a client needs, in fewer modules: a program that runs for one command is spared the server's side of the protocol. */
export { PROTOCOL_BYTES } from "./protocol-bytes.ts";
export { ReplyParser } from "./reply-parser.ts";
export type { ReplyHandlers } from "./reply-parser.ts";
export { Elements, NumberText, ReplyError, VerbatimString } from "./reply-values.ts";
export type { Reply, ReplyOptions } from "./reply-values.ts";
export { encodeRequest, RequestEncoder } from "./request-encoder.ts";
export type { RequestArgument } from "./request-encoder.ts";
