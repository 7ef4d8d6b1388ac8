/** PFCOUNT. */
import {
  cardinalityHigh,
  cardinalityLow,
  estimate,
  estimateRegisters,
  hasCardinality,
  mergeRegisters,
  REGISTER_COUNT,
  setCardinality,
} from "@sider/datastructures";
import { createInt64Scratch, int64FromHalves, Slice } from "@sider/keyspace-engine";
import type { CommandContext } from "../../dispatch/command-context.ts";
import { CORRUPTED, openHyperLogLog, readHyperLogLog } from "./stored.ts";

const TWO_TO_32 = 2 ** 32;
/** What a number of 64 bits becomes in C when it is none: registers that no element makes can stand for more. */
const NO_INTEGER_HIGH = -(2 ** 31);

const found = new Slice();
const registers = new Uint8Array(REGISTER_COUNT);
const cardinality = createInt64Scratch();

/** PFCOUNT key [key ...] */
export function pfcount(context: CommandContext): void {
  if (context.count === 2) countOne(context);
  else countUnion(context);
  if (context.error === null) context.replyInt64(cardinality);
}

function countUnion(context: CommandContext): void {
  registers.fill(0);
  for (let index = 1; index < context.count; index++) {
    const isThere = readHyperLogLog(context, context.readString(index), found);
    if (isThere && !mergeRegisters(found.bytes, found.offset, found.length, registers)) context.refuse(CORRUPTED);
    if (context.error !== null) return;
  }
  toInt64(estimateRegisters(registers));
}

/** The cached cardinality, or the registers' one, which is then cached: a change of the value that has no event. */
function countOne(context: CommandContext): void {
  const entry = context.readString(1);
  int64FromHalves(0, 0, cardinality);
  if (!readHyperLogLog(context, entry, found)) return;
  if (hasCardinality(found.bytes, found.offset)) {
    const { bytes, offset } = found;
    int64FromHalves(cardinalityHigh(bytes, offset), cardinalityLow(bytes, offset), cardinality);
    return;
  }
  const estimated = estimate(found.bytes, found.offset, found.length);
  if (estimated < 0) return context.refuse(CORRUPTED);
  toInt64(estimated);
  const key = context.key(1);
  openHyperLogLog(context, key, found);
  setCardinality(found.bytes, found.offset, cardinality.high, cardinality.low);
  context.keyspace.changed(context.database, key, "", "pfcount");
}

function toInt64(estimated: number): void {
  if (estimated >= 2 ** 63) int64FromHalves(NO_INTEGER_HIGH, 0, cardinality);
  else int64FromHalves(Math.floor(estimated / TWO_TO_32) | 0, (estimated % TWO_TO_32) | 0, cardinality);
}
