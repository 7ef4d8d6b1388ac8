/** The operations of a BITFIELD command: all are read and checked before the first one is executed. */
import { createInt64Scratch, OVERFLOW, parseInt64 } from "@sider/keyspace-engine";
import type { Int64Scratch, Overflow } from "@sider/keyspace-engine";
import type { CommandContext } from "../../dispatch/command-context.ts";
import { SYNTAX_ERROR } from "../../dispatch/error-texts.ts";
import { readFieldOffset } from "./writable-bits.ts";

export const OPERATION_GET = 0;
export const OPERATION_SET = 1;
export const OPERATION_INCRBY = 2;

const BAD_TYPE = "ERR Invalid bitfield type. Use something like i16 u8. Note that u64 is not supported but i64 is.";
const BAD_OVERFLOW = "ERR Invalid OVERFLOW type specified";
const LETTER_I = 105;
const LETTER_U = 117;

export interface BitfieldOperation {
  readonly kind: number;
  readonly bits: number;
  readonly isSigned: boolean;
  readonly bitOffset: number;
  /** The value of SET, the increment of INCRBY; 0 for GET. */
  readonly operand: Int64Scratch;
  /** What the last OVERFLOW before the operation said. */
  readonly overflow: Overflow;
}

const parsedBits = createInt64Scratch();

/** Reads the operations from argument 2 on; refuses the first wrong argument and gives null. */
export function readOperations(context: CommandContext): BitfieldOperation[] | null {
  const operations: BitfieldOperation[] = [];
  let overflow: Overflow = OVERFLOW.wrap;
  let index = 2;
  while (index < context.count) {
    const left = context.count - index - 1;
    if (context.is(index, "overflow") && left >= 1) {
      overflow = readOverflow(context, index + 1);
      index += 2;
    } else {
      const kind = kindAt(context, index);
      const parameters = kind === OPERATION_GET ? 2 : 3;
      if (kind < 0 || left < parameters) context.refuse(SYNTAX_ERROR);
      else operations.push(readOperation(context, index, kind, overflow));
      index += parameters + 1;
    }
    if (context.error !== null) return null;
  }
  return operations;
}

function kindAt(context: CommandContext, index: number): number {
  if (context.is(index, "get")) return OPERATION_GET;
  if (context.is(index, "set")) return OPERATION_SET;
  return context.is(index, "incrby") ? OPERATION_INCRBY : -1;
}

function readOverflow(context: CommandContext, index: number): Overflow {
  if (context.is(index, "wrap")) return OVERFLOW.wrap;
  if (context.is(index, "sat")) return OVERFLOW.saturate;
  if (!context.is(index, "fail")) context.refuse(BAD_OVERFLOW);
  return OVERFLOW.fail;
}

function readOperation(context: CommandContext, index: number, kind: number, overflow: Overflow): BitfieldOperation {
  const operand = createInt64Scratch();
  const type = readFieldType(context, index + 1);
  const bits = Math.abs(type);
  const bitOffset = context.error === null ? readFieldOffset(context, index + 2, bits) : 0;
  if (kind !== OPERATION_GET && context.error === null) context.int64(index + 3, operand);
  return { kind, bits, isSigned: type < 0, bitOffset, operand, overflow };
}

/** The type in argument `index` as its width in bits, negative for a signed one (i1 ... i64, u1 ... u63); refuses and gives 0. */
function readFieldType(context: CommandContext, index: number): number {
  const { bytes, length, offset } = context.value(index);
  const letter = length === 0 ? 0 : bytes[offset];
  const isSigned = letter === LETTER_I;
  if ((isSigned || letter === LETTER_U) && parseInt64(bytes, offset + 1, length - 1, parsedBits)) {
    const bits = parsedBits.safe;
    if (bits >= 1 && bits <= (isSigned ? 64 : 63)) return isSigned ? -bits : bits;
  }
  context.refuse(BAD_TYPE);
  return 0;
}
