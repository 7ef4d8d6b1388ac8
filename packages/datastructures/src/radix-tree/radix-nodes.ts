/**
 * How many nodes Redis's radix tree has for the ids of an id tree: what XINFO STREAM shows. That tree is a trie of the 16 bytes of each id,
 * big end first, in which a run of bytes without a branch is one node:
 *
 *   ids ab1, ab2, ac1      [a] - branch [b c] - branch [1 2] - two leaves
 *                                           `- [1] - leaf               7 nodes
 *
 * So it has one node for each id, one for each branch, and one for each run of at least one byte between these. All follow from the
 * lengths of the beginnings that neighbours in the order have in common.
 */
import type { Heap } from "../memory/index.ts";
import { IdCursor } from "./cursor.ts";
import { idTreeCount } from "./id-tree.ts";
import { ID_WORDS } from "./layout.ts";

const ID_BYTES = 16;
const cursor = new IdCursor();
/** Depths of the branches above the current id, ascending. */
const branches = new Int32Array(ID_BYTES + 1);

/** The number of nodes. O(ids). */
export function radixNodeCount(heap: Heap, tree: number): number {
  let nodes = idTreeCount(heap, tree);
  if (nodes === 0) return 1;
  let open = 0;
  let before = -1;
  let isFound = cursor.seekFirst(heap, tree);
  while (isFound) {
    const word = cursor.word;
    isFound = cursor.next(heap);
    const shared = isFound ? sharedBytes(heap.i32, word, cursor.word) : -1;
    nodes += runBetween(before > shared ? before : shared, ID_BYTES);
    while (open > 0 && branches[open - 1] > shared) {
      open--;
      const above = open > 0 && branches[open - 1] > shared ? branches[open - 1] : shared;
      nodes += runBetween(above, branches[open]);
    }
    if (shared >= 0 && (open === 0 || branches[open - 1] < shared)) {
      branches[open++] = shared;
      nodes++;
    }
    before = shared;
  }
  return nodes;
}

/** 1 when bytes lie between a branch (-1: none) and a node below it. */
function runBetween(branchDepth: number, depth: number): number {
  return depth - branchDepth > 1 ? 1 : 0;
}

/** Number of bytes from the beginning that two ids have in common. */
function sharedBytes(i32: Int32Array, one: number, other: number): number {
  for (let word = 0; word < ID_WORDS; word++) {
    const difference = i32[one + word] ^ i32[other + word];
    if (difference !== 0) return word * 4 + (Math.clz32(difference) >> 3);
  }
  return ID_BYTES;
}
