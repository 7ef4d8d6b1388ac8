/** Single bits: GETBIT and SETBIT. */
import { readString, Slice } from "@sider/keyspace-engine";
import type { CommandContext } from "../../dispatch/command-context.ts";
import { makeRoom, readBitOffset, room } from "./writable-bits.ts";

const NOT_A_BIT = "ERR bit is not an integer or out of range";

const text = new Slice();

/** GETBIT key offset */
export function getbit(context: CommandContext): void {
  const bitOffset = readBitOffset(context, 2);
  if (context.error !== null) return;
  const entry = context.readString(1);
  if (context.error !== null) return;
  if (entry === 0) {
    context.reply.integer(0);
    return;
  }
  readString(context.keyspace.heap, entry, text);
  const byte = Math.floor(bitOffset / 8);
  context.reply.integer(byte < text.length ? (text.bytes[text.offset + byte] >> (7 - (bitOffset & 7))) & 1 : 0);
}

/** SETBIT key offset 0|1: replies with the bit so far. */
export function setbit(context: CommandContext): void {
  const bitOffset = readBitOffset(context, 2);
  const bit = context.integer(3, 0, 1, NOT_A_BIT);
  if (context.error !== null) return;
  const key = context.key(1);
  const old = context.writeString(key);
  if (context.error !== null) return;
  makeRoom(context, key, old, bitOffset, text);
  const at = text.offset + Math.floor(bitOffset / 8);
  const shift = 7 - (bitOffset & 7);
  const oldBit = (text.bytes[at] >> shift) & 1;
  if (room.isNew || oldBit !== bit) {
    text.bytes[at] = (text.bytes[at] & ~(1 << shift)) | (bit << shift);
    context.keyspace.changed(context.database, key, "$", "setbit");
  }
  context.reply.integer(oldBit);
}
