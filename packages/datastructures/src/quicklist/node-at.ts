/** From the index of an entry in a list to its node. */
import type { Heap } from "../memory/index.ts";
import { headNode, quicklistCount, quicklistNodes, tailNode } from "./list-block.ts";
import { nextNode, nodeCount, previousNode } from "./node.ts";
import { type NodeIndex, nodeIndexLimits, nodeIndexOf, payForIndex, sampleBefore } from "./node-index.ts";

let indexInNode = 0;
/** Nodes that were walked over, ever; an int32 that wraps around. */
let walked = 0;

/** The index within its node of the entry that `nodeAt` has found. */
export function foundIndex(): number {
  return indexInNode;
}

/** Nodes that were walked over so far; for tests to see what a seek costs. */
export function nodesWalked(): number {
  return walked;
}

/**
 * The node that has entry `index`, which is there; the index within it is what `foundIndex` gives. O(log nodes) where an index
 * is kept (node-index.ts), and some steps in lists of more nodes than that has samples; else O(nodes from the nearer end).
 */
export function nodeAt(heap: Heap, list: number, index: number): number {
  const nodes = quicklistNodes(heap, list);
  if (nodes < nodeIndexLimits.fromNodes) return walkFromEnd(heap, list, index);
  const head = headNode(heap, list);
  const headCount = nodeCount(heap, head);
  if (index < headCount) return found(head, index);
  const known = nodeIndexOf(heap, list);
  if (known.stride > 0) return indexedNode(heap, list, known, index - headCount);
  const walkedBefore = walked;
  const node = walkFromEnd(heap, list, index);
  payForIndex(heap, list, known, (walked - walkedBefore) | 0);
  return node;
}

function found(node: number, index: number): number {
  indexInNode = index;
  return node;
}

/** The same from an index; `position` counts from the end of the first node. */
function indexedNode(heap: Heap, list: number, known: NodeIndex, position: number): number {
  if (position >= known.total) return found(tailNode(heap, list), position - known.total);
  const sample = sampleBefore(known, position);
  const left = position - known.before[sample];
  if (known.stride === 1) return found(known.nodes[sample], left);
  const isLast = sample === known.samples - 1;
  const leftBack = (isLast ? known.total : known.before[sample + 1]) - 1 - position;
  if (left <= leftBack) return walkOn(heap, known.nodes[sample], left);
  return walkBack(heap, previousNode(heap, isLast ? tailNode(heap, list) : known.nodes[sample + 1]), leftBack);
}

function walkFromEnd(heap: Heap, list: number, index: number): number {
  const count = quicklistCount(heap, list);
  if (index < count >> 1) return walkOn(heap, headNode(heap, list), index);
  return walkBack(heap, tailNode(heap, list), count - 1 - index);
}

/** From a node on to the one that has the entry with `index` entries between its own and the node's first one. */
function walkOn(heap: Heap, from: number, index: number): number {
  let node = from;
  let left = index;
  for (let size = nodeCount(heap, node); left >= size; size = nodeCount(heap, node)) {
    left -= size;
    node = nextNode(heap, node);
    walked = (walked + 1) | 0;
  }
  return found(node, left);
}

/** The same backwards, with `index` entries before the node's last one. */
function walkBack(heap: Heap, from: number, index: number): number {
  let node = from;
  let left = index;
  let size = nodeCount(heap, node);
  for (; left >= size; size = nodeCount(heap, node)) {
    left -= size;
    node = previousNode(heap, node);
    walked = (walked + 1) | 0;
  }
  return found(node, size - 1 - left);
}
