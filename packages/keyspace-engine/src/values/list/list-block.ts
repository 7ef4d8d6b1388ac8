/**
 * The block of a list value: a node on its own (`listpack`), or a quicklist's block. See `ValueKind`.
 */
import {
  duplicateBlock,
  createQuicklist,
  free,
  freeNodes,
  freeQuicklist,
  headNode,
  linkNode,
  NIL,
  nextNode,
  nodeCount,
  quicklistCount,
  usableBytes,
} from "@sider/datastructures";
import type { Heap } from "@sider/datastructures";
import { OutOfMemoryError } from "../../errors.ts";
import { ENCODING_LISTPACK } from "../../keyspace/entry.ts";
import type { ValueKind } from "../value-kind.ts";

export const listKind: ValueKind = {
  size(heap, encoding, block) {
    return encoding === ENCODING_LISTPACK ? nodeCount(heap, block) : quicklistCount(heap, block);
  },

  free(heap, encoding, block) {
    if (encoding === ENCODING_LISTPACK) free(heap, block);
    else freeQuicklist(heap, block);
  },

  freeSome(heap, encoding, block, budget) {
    const left = encoding === ENCODING_LISTPACK ? budget : freeNodes(heap, block, budget);
    if (left > 0) free(heap, block);
    return left;
  },

  copy(heap, encoding, block) {
    const copy = encoding === ENCODING_LISTPACK ? copyOfBlock(heap, block) : copyOfQuicklist(heap, block);
    if (copy === NIL) throw new OutOfMemoryError();
    return copy;
  },

  memoryBytes(heap, encoding, block, samples) {
    if (encoding === ENCODING_LISTPACK) return usableBytes(heap, block);
    return usableBytes(heap, block) + nodesBytes(heap, block, samples);
  },
};

/** What all nodes take, from the average of the first ones where that is enough. */
function nodesBytes(heap: Heap, list: number, samples: number): number {
  let bytes = 0;
  let entries = 0;
  let nodes = 0;
  for (let node = headNode(heap, list); node !== NIL; node = nextNode(heap, node)) {
    if (samples > 0 && nodes === samples) return Math.round((bytes / entries) * quicklistCount(heap, list));
    bytes += usableBytes(heap, node);
    entries += nodeCount(heap, node);
    nodes++;
  }
  return bytes;
}

function copyOfBlock(heap: Heap, block: number): number {
  return duplicateBlock(heap, block, usableBytes(heap, block));
}

function copyOfQuicklist(heap: Heap, list: number): number {
  const copy = createQuicklist(heap, NIL);
  if (copy === NIL) return NIL;
  for (let node = headNode(heap, list); node !== NIL; node = nextNode(heap, node)) {
    const copied = copyOfBlock(heap, node);
    if (copied === NIL) {
      freeQuicklist(heap, copy);
      return NIL;
    }
    linkNode(heap, copy, copied, NIL);
  }
  return copy;
}
