/**
 * The stream value of an entry: everything that commands and dump files need. `block` is the ref of the stream's block throughout
 * (`valueBlockOf(heap, entry)`); it never moves. Functions that throw OutOfMemoryError have changed nothing then.
 *
 * - entries: `createStream` (for `placeValue(..., TYPE_STREAM, ENCODING_STREAM, block, ...)`), `appendToStream`, `deleteFromStream`,
 *   `trimStream`, `streamHasEntry`, `readLastEntryId`, and `StreamCursor` for ranges in both directions
 * - groups: `findGroup`, `createGroup`, `destroyGroup`, `groupCount`, `groupAt`, `readBlockName`, `readGroupLastId`, `entriesReadHigh`, ...
 * - consumers: `findConsumer`, `createConsumer`, `deleteConsumer`, `consumerCount`, `consumerAt`, `seenAtMs`, `activeAtMs`, ...
 * - pending messages: `pendingOf` (an id tree, for an `IdCursor`), `findPending`, `assignPending`, `acknowledge`, `deliveredAtMs`, ...
 *
 * A dump file saves a stream so:
 *
 *     const nodes = new IdCursor();
 *     for (let found = nodes.seekFirst(heap, streamIndexOf(heap, block)); found; found = nodes.next(heap)) {
 *       id.read(heap.i32, nodes.word);                    // 16 bytes: four words, each big endian
 *       const node = heap.i32[nodes.word + ID_WORDS];     // nodeListpackBytes(heap, node) bytes, by writeNodeListpack
 *     }
 *     streamLength, readLastId, readFirstId, readMaximalDeletedId, entriesAddedHigh/Low
 *     groupAt(heap, block, 0 ... groupCount - 1): readBlockName, readGroupLastId, entriesReadHigh/Low, pendingOf(heap, group) -> slots with
 *       deliveredAtMs(heap, cursor.word), deliveriesHigh/Low(heap, cursor.word)
 *     consumerAt(heap, group, 0 ... consumerCount - 1): readBlockName, seenAtMs, activeAtMs, pendingOf(heap, consumer) -> ids
 *
 * and loads it so: `createStream`; for each node `validateStreamListpack(bytes, offset, length)`, then `addStreamNode`, which makes a node of it and
 * counts its entries; `setLastId`, `setFirstId` (RDB type 15 has none: the nodes have set it), `setMaximalDeletedId`, `setEntriesAdded`;
 * `createGroup`, `createConsumer`, `setActiveAtMs`, and for each id of a consumer `assignPending` (NO_SLOT: no memory), `setDeliveredAtMs`
 * and `setDeliveries` at the slot that it gives. Where the file turns out to be wrong: `streamKind.free` through `valueKindOf(TYPE_STREAM)`.
 */
export { StreamCursor } from "./stream-cursor.ts";
export {
  entriesAddedHigh,
  entriesAddedLow,
  streamIndexOf,
  readFirstId,
  readLastId,
  readMaximalDeletedId,
  setEntriesAdded,
  setFirstId,
  setLastId,
  setMaximalDeletedId,
  streamLength,
} from "./stream-layout.ts";
export {
  addStreamNode,
  appendToStream,
  createStream,
  deleteFromStream,
  readLastEntryId,
  streamHasEntry,
  streamNodeCount,
  trimStream,
  TrimOptions,
} from "./stream-entries.ts";
export {
  acknowledge,
  activeAtMs,
  assignPending,
  consumerAt,
  consumerCount,
  consumerOfPending,
  countDelivery,
  createConsumer,
  createGroup,
  deleteConsumer,
  deliveredAtMs,
  deliveriesHigh,
  deliveriesLow,
  destroyGroup,
  entriesReadHigh,
  entriesReadLow,
  findConsumer,
  findGroup,
  findPending,
  groupAt,
  groupCount,
  NEVER_ACTIVE,
  pendingCount,
  pendingOf,
  raiseGroupLastId,
  readBlockName,
  readGroupLastId,
  seenAtMs,
  setActiveAtMs,
  setDeliveredAtMs,
  setDeliveries,
  setEntriesRead,
  setGroupLastId,
  setSeenAtMs,
} from "./stream-groups.ts";
export { advanceGroup, estimateRead, groupLag } from "./stream-lag.ts";
