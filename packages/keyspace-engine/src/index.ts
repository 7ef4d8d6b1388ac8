export { seededRandom, systemClock, systemRandom, unixMicroseconds, type Clock, type Random } from "./clock.ts";
export { OutOfMemoryError } from "./errors.ts";
export { isSameKey, Key, Slice } from "./slice.ts";
export {
  accessOf,
  ENCODING_EMBSTR,
  ENCODING_HASHTABLE,
  ENCODING_INT,
  ENCODING_INTSET,
  ENCODING_LISTPACK,
  ENCODING_NAMES,
  ENCODING_QUICKLIST,
  ENCODING_RAW,
  ENCODING_SKIPLIST,
  ENCODING_STREAM,
  encodingOf,
  expiryOf,
  hasExpiry,
  isValueOutside,
  NO_EXPIRY,
  setAccess,
  setEncoding,
  TYPE_HASH,
  TYPE_LIST,
  TYPE_NAMES,
  TYPE_SET,
  TYPE_SORTED_SET,
  TYPE_STREAM,
  TYPE_STRING,
  typeOf,
} from "./keyspace/entry.ts";
export {
  Database,
  ExpiryCycleState,
  Keyspace,
  type KeyspaceObserver,
  type KeyspaceOptions,
  type KeyWatch,
  type RemovalWatch,
} from "./keyspace/keyspace.ts";
export { accessOfFrequency, accessOfIdle, frequencyOf, idleSecondsOf } from "./keyspace/access.ts";
export { Evictor, type EvictionPolicy } from "./keyspace/eviction.ts";
export type { SnapshotHook } from "./keyspace/snapshot-hook.ts";
export { expireEntry, runExpiryCycle, type ExpiryCycleOptions } from "./keyspace/expiry-cycle.ts";
export { resizeAlong, resizeForAWhile } from "./keyspace/resize-cycle.ts";
export { countAsRead, isDue, lookupQuietly, lookupRead, lookupSilently, lookupWrite, peek } from "./keyspace/lookup.ts";
export {
  emptyDatabase,
  emptyDatabaseLazily,
  keyOfEntry,
  moveEntry,
  removeEntry,
  removeEntryLazily,
  setExpiry,
  swapDatabases,
} from "./keyspace/store.ts";
export { LazyFreeQueue } from "./keyspace/lazy-free.ts";
export {
  addToSmallInteger,
  copyString,
  EMBSTR_BYTES_MAXIMUM,
  readInteger,
  readString,
  resizeString,
  setBytes,
  setInteger,
  setString,
  stringLength,
  stringMemoryBytes,
  writeInteger,
} from "./values/string-value.ts";
export * from "./numbers/int64.ts";
export * from "./numbers/long-double.ts";
export * from "./numbers/double.ts";
export * from "./glob.ts";
export * from "./bits.ts";
export * from "./bitfield.ts";
export * from "./lcs.ts";
export { EncodingLimits } from "./keyspace/encoding-limits.ts";
export { elementTableOf } from "./values/element-table.ts";
export { duplicateEntry, entryFootprintBytes, freeDuplicate } from "./values/entry-copy.ts";
export { dropHeldValue, holdValue, placeHeldValue } from "./values/held-value.ts";
export { closeLooseValue, LooseValue, openLooseValue } from "./values/loose-value.ts";
export { copyValue, placeValue } from "./values/placed-value.ts";
export { setValueBlock, valueBlockOf, valueKindOf } from "./values/value-block.ts";
export type { ValueKind } from "./values/value-kind.ts";
export * from "./values/list/list-value.ts";
export * from "./values/hash/hash-value.ts";
export * from "./values/set/set-value.ts";
export * from "./values/sorted-set/sorted-set-value.ts";
export * from "./values/stream/stream-value.ts";
