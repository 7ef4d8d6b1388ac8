/** BITFIELD and BITFIELD_RO: integers of any width, read and written inside a string, several operations a command. */
import { addBitfield, createInt64Scratch, getBitfield, readString, setBitfield, Slice } from "@sider/keyspace-engine";
import { OVERFLOW } from "@sider/keyspace-engine";
import type { CommandContext } from "../../dispatch/command-context.ts";
import { OPERATION_GET, OPERATION_INCRBY, readOperations } from "./bitfield-operations.ts";
import type { BitfieldOperation } from "./bitfield-operations.ts";
import { makeRoom, room } from "./writable-bits.ts";

const text = new Slice();
const oldValue = createInt64Scratch();
const newValue = createInt64Scratch();
const zero = createInt64Scratch();

/** BITFIELD key [GET type offset | [OVERFLOW WRAP|SAT|FAIL] SET type offset value | INCRBY type offset increment] ... */
export function bitfield(context: CommandContext): void {
  const operations = readOperations(context);
  if (operations === null) return;
  if (lastWrittenBit(operations) < 0) readFields(context, operations);
  else changeFields(context, operations);
}

/** BITFIELD_RO key [GET type offset] ... */
export function bitfieldReadOnly(context: CommandContext): void {
  const operations = readOperations(context);
  if (operations === null) return;
  if (lastWrittenBit(operations) < 0) readFields(context, operations);
  else context.refuse("ERR BITFIELD_RO only supports the GET subcommand");
}

/** The last bit that the operations may write; -1 when all of them read. */
function lastWrittenBit(operations: readonly BitfieldOperation[]): number {
  let last = -1;
  for (const { bitOffset, bits, kind } of operations) {
    if (kind !== OPERATION_GET) last = Math.max(last, bitOffset + bits - 1);
  }
  return last;
}

function readFields(context: CommandContext, operations: readonly BitfieldOperation[]): void {
  const entry = context.readString(1);
  if (context.error !== null) return;
  if (entry === 0) text.set(text.bytes, 0, 0);
  else readString(context.keyspace.heap, entry, text);
  context.reply.arrayHeader(operations.length);
  for (const operation of operations) {
    readField(operation);
    context.replyInt64(oldValue);
  }
}

function changeFields(context: CommandContext, operations: readonly BitfieldOperation[]): void {
  const keyspace = context.keyspace;
  const key = context.key(1);
  const old = context.writeString(key);
  if (context.error !== null) return;
  makeRoom(context, key, old, lastWrittenBit(operations), text);
  let changes = 0;
  context.reply.arrayHeader(operations.length);
  for (const operation of operations) {
    if (execute(context, operation)) changes++;
  }
  if (changes === 0) return;
  keyspace.changed(context.database, key, "$", "setbit");
  keyspace.dirty += changes - 1;
}

/** Executes one operation and replies to it; true when it counts as a change, as all writes do to a string that has grown. */
function execute(context: CommandContext, operation: BitfieldOperation): boolean {
  readField(operation);
  const { bits, bitOffset, isSigned, kind, operand, overflow } = operation;
  if (kind === OPERATION_GET) {
    context.replyInt64(oldValue);
    return false;
  }
  const isIncrement = kind === OPERATION_INCRBY;
  const doesOverflow = isIncrement
    ? addBitfield(oldValue, operand, bits, isSigned, overflow, newValue)
    : addBitfield(operand, zero, bits, isSigned, overflow, newValue);
  if (doesOverflow && overflow === OVERFLOW.fail) {
    context.reply.nullBulk();
    return false;
  }
  setBitfield(text.bytes, text.offset, bitOffset, bits, newValue.high, newValue.low);
  context.replyInt64(isIncrement ? newValue : oldValue);
  return room.isNew || oldValue.high !== newValue.high || oldValue.low !== newValue.low;
}

/** Puts the field of an operation into `oldValue`. */
function readField({ bitOffset, bits, isSigned }: BitfieldOperation): void {
  getBitfield(text.bytes, text.offset, text.length, bitOffset, bits, isSigned, oldValue);
}
