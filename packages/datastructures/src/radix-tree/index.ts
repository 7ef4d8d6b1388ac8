export { compareIdAt, compareIds, decrementId, incrementId, StreamId } from "./stream-id.ts";
export { createIdTree, destroyIdTree, findId, idTreeBytes, idTreeCount, NO_SLOT } from "./id-tree.ts";
export { insertId } from "./insert.ts";
export { removeId } from "./remove.ts";
export { IdCursor } from "./cursor.ts";
export { radixNodeCount } from "./radix-nodes.ts";
export { ID_WORDS } from "./layout.ts";
