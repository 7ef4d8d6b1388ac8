/** Questions about the bits of a range: BITCOUNT and BITPOS. As of Redis 7.2 arguments are checked before the key is looked at. */
import { clampedRange, clampRange, countBitRange, countBits, findBit, readString, Slice } from "@sider/keyspace-engine";
import type { CommandContext } from "../../dispatch/command-context.ts";
import { SYNTAX_ERROR } from "../../dispatch/error-texts.ts";

const text = new Slice();

/** BITCOUNT key [start end [BYTE | BIT]] */
export function bitcount(context: CommandContext): void {
  const hasRange = context.count === 4 || context.count === 5;
  if (!hasRange && context.count !== 2) context.refuse(SYNTAX_ERROR);
  const start = hasRange ? context.integer(2) : 0;
  const end = hasRange ? context.integer(3) : -1;
  const isBits = readUnit(context, 4);
  if (context.error !== null) return;
  const entry = context.readString(1);
  if (context.error !== null) return;
  if (entry !== 0) readString(context.keyspace.heap, entry, text);
  const isBackward = start < 0 && end < 0 && start > end;
  if (entry === 0 || isBackward || !clampRange(start, end, isBits ? text.length * 8 : text.length)) {
    context.reply.integer(0);
    return;
  }
  const { start: first, end: last } = clampedRange;
  const count = isBits
    ? countBitRange(text.bytes, text.offset, first, last)
    : countBits(text.bytes, text.offset + first, last - first + 1);
  context.reply.integer(count);
}

/** BITPOS key 0|1 [start [end [BYTE | BIT]]] */
export function bitpos(context: CommandContext): void {
  const bit = context.integer(2);
  if (context.error === null && bit !== 0 && bit !== 1) context.refuse("ERR The bit argument must be 1 or 0.");
  if (context.count > 6) context.refuse(SYNTAX_ERROR);
  const start = context.count > 3 ? context.integer(3) : 0;
  const isBits = readUnit(context, 5);
  const hasEnd = context.count > 4;
  const end = hasEnd ? context.integer(4) : -1;
  if (context.error !== null) return;
  const entry = context.readString(1);
  if (context.error !== null) return;
  if (entry === 0) {
    context.reply.integer(bit === 1 ? -1 : 0);
    return;
  }
  readString(context.keyspace.heap, entry, text);
  context.reply.integer(positionOf(bit, start, end, hasEnd, isBits));
}

/** The position in `text`; where no end is given, the string goes on with zeros. */
function positionOf(bit: number, start: number, end: number, hasEnd: boolean, isBits: boolean): number {
  if (!clampRange(start, end, isBits ? text.length * 8 : text.length)) return -1;
  const firstBit = isBits ? clampedRange.start : clampedRange.start * 8;
  const lastBit = isBits ? clampedRange.end : clampedRange.end * 8 + 7;
  const position = findBit(text.bytes, text.offset, firstBit, lastBit, bit);
  return position < 0 && bit === 0 && !hasEnd ? text.length * 8 : position;
}

/** Whether the argument at `index`, if there is one, says BIT. Refuses what is neither BIT nor BYTE. */
function readUnit(context: CommandContext, index: number): boolean {
  if (index !== context.count - 1) return false;
  if (context.is(index, "bit")) return true;
  if (!context.is(index, "byte")) context.refuse(SYNTAX_ERROR);
  return false;
}
