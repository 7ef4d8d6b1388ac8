export { exceedsNode, isHalfOfNode, nodeLimitBytes, type QuicklistLimits } from "./limits.ts";
export {
  createNode,
  createNodeFor,
  createPlainNode,
  isCompressedNode,
  isPlainNode,
  nextNode,
  nodeBytes,
  nodeCount,
  NODE_HEADER_BYTES,
  startOf as nodeListpackStart,
} from "./node.ts";
export { dropEntry, pushEntry, shrinkNode } from "./node-edit.ts";
export {
  createQuicklist,
  dissolveQuicklist,
  freeNodes,
  freeQuicklist,
  headNode,
  linkNode,
  quicklistCount,
  quicklistNodes,
  tailNode,
} from "./list-block.ts";
export { dropFromQuicklist, dropPeeked, peekQuicklist, pushToQuicklist } from "./quicklist.ts";
export {
  cutFromNode,
  deleteAt,
  deleteRange,
  insertAt,
  joinWithNext,
  makeRaw,
  prepareEnd,
  prepareRange,
  replaceAt,
} from "./quicklist-edit.ts";
export {
  equalsAt,
  goOn,
  openNode,
  QuicklistCursor,
  readAt,
  seek,
  toFirstOf,
  toLastOf,
  toNext,
  toPrevious,
} from "./cursor.ts";
export { passToEqual, toEqual, toEqualBack } from "./search.ts";
export { rawNode, settleEnds } from "./compression.ts";
export { removeEqual } from "./remove.ts";
