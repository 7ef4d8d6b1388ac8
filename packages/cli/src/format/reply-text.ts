/** A reply that is text, as binary text. */
import { Buffer } from "node:buffer";
import { VerbatimString, type Reply } from "@sider/resp-protocol/client";

/** The text of a string of any kind; "" for all else. */
export function replyText(reply: Reply | undefined): string {
  if (reply instanceof Uint8Array) return Buffer.from(reply).toString("latin1");
  if (reply instanceof VerbatimString) return reply.text;
  return typeof reply === "string" ? reply : "";
}
