/** What the formats have in common: how a reply is read that is to be printed, and which replies hold others. */
import { Elements, type NumberText, type Reply, type ReplyError, type ReplyOptions } from "@sider/resp-protocol/client";
import type { VerbatimString } from "@sider/resp-protocol/client";

/** How replies must be parsed for the formats: nothing of what the server sent is lost, and all text is binary. */
export const PRINTABLE = {
  bulks: "bytes",
  texts: "binary",
  verbatims: "object",
  numbers: "text",
  maps: "elements",
  sets: "elements",
  // Lines may be as long as a string can be (MONITOR shows values in them); the depth is half of what the stack takes in the deepest format.
  maxLineBytes: 500 * 1024 * 1024,
  maxDepth: 1000,
} as const satisfies ReplyOptions;

/** A reply that holds others; a map has keys and values in turn. Pushes are arrays. */
export interface Aggregate {
  readonly type: "array" | "map" | "set";
  readonly values: readonly Reply[];
}

/** A reply that holds no others. Strings, errors and verbatim strings are binary text. */
export type Scalar = string | number | bigint | boolean | null | Uint8Array | ReplyError | VerbatimString | NumberText;

/** The reply as an aggregate, or null when it holds no others. */
export function aggregateOf(reply: Reply): Aggregate | null {
  if (reply instanceof Elements) return reply;
  if (Array.isArray(reply)) return { type: "array", values: reply };
  if (reply instanceof Map) return { type: "map", values: [...reply].flat() };
  return reply instanceof Set ? { type: "set", values: [...reply] } : null;
}
