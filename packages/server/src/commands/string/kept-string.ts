/**
 * The old value of a key that a command replaces and replies with.
 *
 * The reply is written after the change, which may still fail for want of memory, so the bytes are kept outside the heap: short ones in
 * one buffer that is used again and again.
 */
import { copyBytes } from "@sider/datastructures";
import { readString, Slice } from "@sider/keyspace-engine";
import type { CommandContext } from "../../dispatch/command-context.ts";
import { createBuffer } from "./string-size.ts";

type Heap = CommandContext["keyspace"]["heap"];

const shortBytes = new Uint8Array(1024);
const source = new Slice();
const kept = new Slice();
let isThere = false;

/** Keeps the value of a string entry, or that there is none (entry 0). */
export function keepString(heap: Heap, entry: number): void {
  isThere = entry !== 0;
  if (!isThere) return;
  readString(heap, entry, source);
  const length = source.length;
  const bytes = length <= shortBytes.length ? shortBytes : createBuffer(length);
  copyBytes(bytes, 0, source.bytes, source.offset, length);
  kept.set(bytes, 0, length);
}

/** Replies with what was kept, a bulk string or null, and lets go of it. */
export function replyKept(context: CommandContext): void {
  if (isThere) context.replyBulk(kept);
  else context.reply.nullBulk();
  kept.set(shortBytes, 0, 0);
}
