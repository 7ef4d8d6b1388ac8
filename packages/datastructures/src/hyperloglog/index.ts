export { draftAdd, draftCopy, draftDense, draftEmpty, HyperLogLogDraft } from "./draft.ts";
export { hashElement, REGISTER_BITS } from "./element-hash.ts";
export { estimate, estimateRegisters } from "./estimate.ts";
export { addToDense, mergeRegisters, wouldRaise } from "./hyperloglog.ts";
export {
  cardinalityHigh,
  cardinalityLow,
  HEADER_BYTES as HYPERLOGLOG_HEADER_BYTES,
  hasCardinality,
  isDense as isDenseHyperLogLog,
  isHyperLogLog,
  dropCardinality,
  REGISTER_COUNT,
  setCardinality,
} from "./layout.ts";
export { CORRUPT, describeRuns } from "./sparse.ts";
