export { compareIdAt, compareIds, decrementId, incrementId, StreamId } from "./stream-id.ts";
export { createIdTree, destroyIdTree, findId, idTreeBytes, idTreeCount, NO_SLOT } from "./id-tree.ts";
export { insertId } from "./insert.ts";
export { removeId } from "./remove.ts";
export { IdCursor } from "./cursor.ts";
export { radixNodeCount } from "./radix-nodes.ts";
export { ID_WORDS } from "./layout.ts";
export { EntryTexts } from "./entry-texts.ts";
export {
  NODE_BYTES_MAXIMUM as STREAM_NODE_BYTES_MAXIMUM,
  streamNodeBytes,
  nodeDeletedCount,
  nodeListpackBytes,
  nodeLiveCount,
} from "./node-layout.ts";
export { appendToNode, createStreamNode } from "./node-append.ts";
export { NodeCursor } from "./node-cursor.ts";
export { markDeleted, shrinkStreamNode } from "./node-change.ts";
export { createNodeOfListpack, writeNodeListpack } from "./node-listpack.ts";
export { validateStreamListpack } from "./node-validate.ts";
