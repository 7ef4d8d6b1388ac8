/** Signed 64-bit integers and their text, which live with the structures that store them. */
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
  INT64_MAX_TEXT_LENGTH,
  int64TextLength,
  parseInt64,
  safeIntegerTextLength,
  writeInt64,
  writeSafeInteger,
  type Int64Scratch,
} from "@sider/datastructures";
