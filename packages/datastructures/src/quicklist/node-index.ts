/**
 * What is remembered of the inner nodes of long lists, so that a seek by index need not walk: for every `stride`-th of them where it is,
 * and how many entries the inner nodes before it have.
 *
 *   head | inner inner | inner inner | inner | tail        stride 2: three samples
 *           ^ 0          ^ a + b       ^ a + b + c + d
 *
 * An index holds as long as the list has its shape (list-block.ts). Pushing and popping at an end leave the shape alone until a node comes
 * or goes: the ends themselves are read from the list each time.
 *
 * It is made once the seeks of a list that keeps its shape have walked over as many nodes as it has. So seeks together cost at most twice
 * what walking would have cost, whatever changes come between them, and a list of which only the ends are looked at has no index. Where one
 * was lost before it was worth its cost, the next one is made only after twice the walking.
 *
 * Indexes are plain arrays, outside of any heap and of what a heap counts as used: a mebibyte together at most. There is a slot for
 * every few lists, and the one that was looked at last has it. Shapes are unique in a thread, so a slot needs to know no heap.
 */
import { NIL } from "../memory/index.ts";
import type { Heap } from "../memory/index.ts";
import { headNode, quicklistNodes, shapeHighOf, shapeOf, tailNode } from "./list-block.ts";
import { nextNode, nodeCount } from "./node.ts";

/** So many seeks, on average, walk over all nodes. */
const SEEKS_WORTH_INDEX = 4;
const MOST_PATIENCE = 16;

const SLOT_BITS = 5;
/** 2^32 through the golden ratio: spreads refs over the upper bits. */
const SPREAD = 0x9e3779b1;

export interface NodeIndexLimits {
  /** Lists of fewer nodes are not indexed. */
  fromNodes: number;
  /** An index has no more samples. */
  samples: number;
}

/** For tests to make smaller; else left alone. */
export const nodeIndexLimits: NodeIndexLimits = { fromNodes: 16, samples: 4096 };

export class NodeIndex {
  list: number = NIL;
  shape = 0;
  shapeHigh = 0;
  /** Nodes that seeks have walked over since the list has this shape. */
  walked = 0;
  /** How many times over that must be the number of nodes before there is an index. */
  patience = 1;
  /** Seeks that the index has served; counted up to where it is worth its cost. */
  served = 0;
  /** 0 while there is no index. */
  stride = 0;
  samples = 0;
  /** Entries of all inner nodes. */
  total = 0;
  /** Of each sample: the node, and the entries of the inner nodes before it. */
  nodes = new Int32Array(0);
  before = new Int32Array(0);
}

const slots = Array.from({ length: 1 << SLOT_BITS }, () => new NodeIndex());

/** The index of a list, or the beginnings of one: `stride` is 0 then. O(1). */
export function nodeIndexOf(heap: Heap, list: number): NodeIndex {
  const slot = slots[Math.imul(list, SPREAD) >>> (32 - SLOT_BITS)];
  const shape = shapeOf(heap, list);
  const shapeHigh = shapeHighOf(heap, list);
  if (slot.list === list && slot.shape === shape && slot.shapeHigh === shapeHigh) return slot;
  slot.patience = slot.list === list ? nextPatience(slot) : 1;
  slot.list = list;
  slot.shape = shape;
  slot.shapeHigh = shapeHigh;
  slot.walked = 0;
  slot.stride = 0;
  return slot;
}

function nextPatience({ patience, served, stride }: NodeIndex): number {
  if (stride === 0) return patience;
  return served < SEEKS_WORTH_INDEX ? Math.min(patience * 2, MOST_PATIENCE) : 1;
}

/** Counts the nodes that a seek has walked over; once they are enough the index is made. O(1), amortised over what was walked. */
export function payForIndex(heap: Heap, list: number, index: NodeIndex, walked: number): void {
  index.walked += walked;
  const nodes = quicklistNodes(heap, list);
  if (index.walked >= nodes * index.patience && nodes > 2) buildIndex(heap, list, index, nodes - 2);
}

function buildIndex(heap: Heap, list: number, index: NodeIndex, innerNodes: number): void {
  const stride = Math.ceil(innerNodes / nodeIndexLimits.samples);
  reserve(index, Math.ceil(innerNodes / stride));
  const { nodes, before } = index;
  const tail = tailNode(heap, list);
  let samples = 0;
  let total = 0;
  let untilSample = 0;
  for (let node = nextNode(heap, headNode(heap, list)); node !== tail; node = nextNode(heap, node)) {
    if (untilSample === 0) {
      nodes[samples] = node;
      before[samples++] = total;
      untilSample = stride;
    }
    untilSample--;
    total += nodeCount(heap, node);
  }
  index.samples = samples;
  index.total = total;
  index.served = 0;
  index.stride = stride;
}

/** Room for so many samples, and some more: a list that grows is indexed again and again. */
function reserve(index: NodeIndex, samples: number): void {
  if (index.nodes.length >= samples) return;
  const room = Math.min(samples + (samples >> 2), nodeIndexLimits.samples);
  index.nodes = new Int32Array(room);
  index.before = new Int32Array(room);
}

/** The last sample that has no more than `position` entries before it. O(log samples). */
export function sampleBefore(index: NodeIndex, position: number): number {
  if (index.served < SEEKS_WORTH_INDEX) index.served++;
  const before = index.before;
  let low = 0;
  let high = index.samples - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (before[middle] <= position) low = middle;
    else high = middle - 1;
  }
  return low;
}
