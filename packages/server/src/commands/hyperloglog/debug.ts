/** PFDEBUG: how a HyperLogLog looks inside. */
import {
  describeRuns,
  draftCopy,
  draftDense,
  HYPERLOGLOG_HEADER_BYTES,
  isDenseHyperLogLog,
  mergeRegisters,
  NIL,
  REGISTER_COUNT,
} from "@sider/datastructures";
import { Slice } from "@sider/keyspace-engine";
import type { CommandContext } from "../../dispatch/command-context.ts";
import { quoted } from "../../dispatch/refusals.ts";
import { CORRUPTED, draft, openHyperLogLog, storeDraft } from "./stored.ts";

const found = new Slice();
const registers = new Uint8Array(REGISTER_COUNT);

/** PFDEBUG GETREG | DECODE | ENCODING | TODENSE key */
export function pfdebug(context: CommandContext): void {
  const entry = openHyperLogLog(context, context.key(2), found);
  if (context.error !== null) return;
  if (entry === NIL) return context.refuse("ERR The specified key does not exist");
  const isDense = isDenseHyperLogLog(found.bytes, found.offset);
  if (context.is(1, "getreg")) replyRegisters(context, entry);
  else if (context.is(1, "decode")) decode(context);
  else if (context.is(1, "encoding")) context.reply.simpleString(isDense ? "dense" : "sparse");
  else if (context.is(1, "todense")) {
    if (toDense(context, entry)) context.reply.integer(isDense ? 0 : 1);
  } else context.refuse(`ERR Unknown PFDEBUG subcommand '${quoted(context, 1)}'`);
}

function replyRegisters(context: CommandContext, entry: number): void {
  registers.fill(0);
  mergeRegisters(found.bytes, found.offset, found.length, registers);
  if (!toDense(context, entry)) return;
  context.reply.arrayHeader(REGISTER_COUNT);
  for (let register = 0; register < REGISTER_COUNT; register++) context.reply.integer(registers[register]);
}

/** Makes the one that was found dense; refuses when it is corrupt. Has no event, as in Redis. */
function toDense(context: CommandContext, entry: number): boolean {
  if (isDenseHyperLogLog(found.bytes, found.offset)) return true;
  draftCopy(draft, found.bytes, found.offset, found.length);
  if (!draftDense(draft)) {
    context.refuse(CORRUPTED);
    return false;
  }
  const key = context.key(2);
  storeDraft(context, key, entry);
  context.keyspace.changed(context.database, key, "", "pfdebug");
  return true;
}

function decode(context: CommandContext): void {
  const { bytes, offset, length } = found;
  if (isDenseHyperLogLog(bytes, offset)) return context.refuse("ERR HLL encoding is not sparse");
  context.reply.bulkLatin1(describeRuns(bytes, offset + HYPERLOGLOG_HEADER_BYTES, offset + length));
}
