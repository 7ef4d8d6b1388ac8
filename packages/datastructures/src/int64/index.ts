export {
  addInt64,
  createInt64Scratch,
  int64FromBigInt,
  int64FromHalves,
  int64FromSafe,
  int64ToBigInt,
  int64ToNumber,
  isSafeInt64,
  negateInt64,
  type Int64Scratch,
} from "./int64.ts";
export {
  INT64_MAX_TEXT_LENGTH,
  int64TextLength,
  parseInt64,
  safeIntegerTextLength,
  writeInt64,
  writeSafeInteger,
} from "./int64-text.ts";
