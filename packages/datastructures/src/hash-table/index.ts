export { halfSipHash } from "./half-sip-hash.ts";
export {
  hashOfKey,
  KEY_LENGTH_MASK,
  keyedPrefixBytes,
  keyEquals,
  keyLengthOf,
  keyOffsetOf,
  wordAfterKey,
  writeKey,
} from "./keyed-block.ts";
export {
  clearHashTable,
  createHashTable,
  destroyHashTable,
  findInTable,
  hashTableBytes,
  hashTableCount,
  insertIntoTable,
  isInTable,
  removeFromTable,
  replaceInTable,
  touchBucket,
  touchEntry,
} from "./hash-table.ts";
export {
  copyTableAndBlocks,
  drainTable,
  freeSomeOfTable,
  freeTableAndBlocks,
  tableMemoryBytes,
} from "./owned-blocks.ts";
export { isOvercrowded, isResizing, reserveTable, resizeStep, setFrozen } from "./resize.ts";
export { collectAll, collectPosition, positionCount, randomEntry, RefList, sampleTable, scanTable } from "./walk.ts";
