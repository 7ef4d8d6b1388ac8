/**
 * Lists: nodes that are listpacks or single texts (type 18), nodes that are ziplists (14), elements one by one (1), or one ziplist (10).
 */
import {
  createNode,
  createNodeFor,
  copyToBlock,
  createPlainNode,
  createQuicklist,
  END,
  exceedsNode,
  firstEntry,
  linkNode,
  listpackBytes,
  listpackCount,
  ListpackText,
  nextEntry,
  nextNode,
  NIL,
  NODE_HEADER_BYTES,
  openNode,
  pushToQuicklist,
  QuicklistCursor,
  quicklistCount,
  quicklistNodes,
  readText,
  settleEnds,
  validateListpack,
} from "@sider/datastructures";
import type { Heap } from "@sider/datastructures";
import {
  dropHeldValue,
  ENCODING_LISTPACK,
  ENCODING_QUICKLIST,
  encodingOf,
  firstListNode,
  growList,
  holdValue,
  OutOfMemoryError,
  pushToList,
  quicklistOf,
  settleList,
  TYPE_LIST,
  valueBlockOf,
} from "@sider/keyspace-engine";
import { PREPARED_NODE } from "../ahead/prepared-types.ts";
import type { RdbInput } from "../rdb-input.ts";
import type { RdbOutput } from "../rdb-output.ts";
import { ziplistToListpack } from "./old-forms.ts";
import { type Draft, first, refuse, type ValueForm } from "./value-form.ts";

/** The type of all lists since Redis 7.0. */
export const RDB_TYPE_LIST_NODES = 18;
const PLAIN_NODE = 1;
const PACKED_NODE = 2;
/** Larger nodes are taken apart: no listpack of such a size is a node here. */
const NODE_BYTES_MAXIMUM = 65536;

const cursor = new QuicklistCursor();
const text = new ListpackText();

/** Writes the nodes; compressed ones are written as what they were. O(n). */
export function writeList(output: RdbOutput, heap: Heap, entry: number): void {
  const list = quicklistOf(heap, entry);
  output.length(list === NIL ? 1 : quicklistNodes(heap, list));
  let node = firstListNode(heap, entry);
  while (node !== NIL) {
    openNode(heap, cursor, node);
    const isPlain = cursor.plainLength >= 0;
    output.length(isPlain ? PLAIN_NODE : PACKED_NODE);
    if (isPlain) output.string(cursor.bytes, cursor.position, cursor.plainLength);
    else output.string(cursor.bytes, cursor.start, listpackBytes(cursor.bytes, cursor.start));
    node = list === NIL ? NIL : nextNode(heap, node);
  }
  cursor.close();
}

function push(draft: Draft, bytes: Uint8Array, offset: number, length: number): void {
  growList(draft.keyspace, draft.held, length, 1);
  pushToList(draft.keyspace, draft.held, bytes, offset, length, false);
}

function beginElements(draft: Draft): void {
  const heap = draft.keyspace.heap;
  draft.held = holdValue(heap, TYPE_LIST, ENCODING_LISTPACK, createNode(heap, 0, false));
}

export const listForm: ValueForm = {
  isCounted: true,
  begin: beginElements,
  item(draft, input) {
    if (!input.readString(first)) return false;
    push(draft, first.bytes, first.offset, first.length);
    return true;
  },
};

export const listZiplistForm: ValueForm = {
  isCounted: false,
  item(draft, input) {
    if (!input.readString(first)) return false;
    const listpack = ziplistToListpack(first.bytes, first.offset, first.length);
    if (listpack === null) return refuse(input, "List ziplist integrity check failed.");
    if (listpackCount(listpack, 0) === 0) return true;
    beginElements(draft);
    for (let at = firstEntry(listpack, 0); at !== END; at = nextEntry(listpack, at)) {
      readText(listpack, at, text);
      push(draft, text.bytes, text.offset, text.length);
    }
    return true;
  },
};

function beginNodes(draft: Draft): void {
  const heap = draft.keyspace.heap;
  draft.held = holdValue(heap, TYPE_LIST, ENCODING_QUICKLIST, createQuicklist(heap, NIL));
}

/** A list without elements is none; one node may be a listpack; the nodes in the middle may have to be compressed. */
function endNodes(draft: Draft): void {
  const { heap, limits } = draft.keyspace;
  if (quicklistCount(heap, valueBlockOf(heap, draft.held)) === 0) {
    dropHeldValue(heap, draft.held);
    draft.held = NIL;
    return;
  }
  settleList(draft.keyspace, draft.held);
  if (encodingOf(heap, draft.held) !== ENCODING_QUICKLIST) return;
  settleEnds(heap, valueBlockOf(heap, draft.held), limits.listCompressDepth);
}

export const listNodesForm: ValueForm = {
  isCounted: true,
  begin(draft, count) {
    if (count > 1) beginNodes(draft);
  },
  item(draft, input) {
    if (!input.readLength()) return false;
    const container = input.length;
    if (container !== PLAIN_NODE && container !== PACKED_NODE) refuse(input, "Quicklist integrity check failed.");
    if (!input.readString(first)) return false;
    if (first.length === 0) refuse(input, "Quicklist node is empty.");
    const isOnly = draft.held === NIL;
    if (isOnly && container === PACKED_NODE && takeOnlyNode(draft, input)) return true;
    if (isOnly) beginNodes(draft);
    if (container === PLAIN_NODE) takePlain(draft);
    else takeNode(draft, input, first.bytes, first.offset, first.length);
    return true;
  },
  end(draft) {
    if (draft.held !== NIL && encodingOf(draft.keyspace.heap, draft.held) === ENCODING_QUICKLIST) endNodes(draft);
  },
};

/** Nodes that have been looked through have a container of their own. */
export const listPreparedForm: ValueForm = {
  ...listNodesForm,
  item(draft, input) {
    const from = input.position;
    if (!input.readLength()) return false;
    if (input.length !== PREPARED_NODE || !input.isPrepared) {
      input.position = from;
      return listNodesForm.item(draft, input);
    }
    if (!input.readString(first)) return false;
    const isOnly = draft.held === NIL;
    if (isOnly && keepOnlyNode(draft)) return true;
    if (isOnly) beginNodes(draft);
    keepNode(draft, first.bytes, first.offset, first.length);
    return true;
  },
};

export const listZiplistNodesForm: ValueForm = {
  isCounted: true,
  begin: beginNodes,
  item(draft, input) {
    if (!input.readString(first)) return false;
    const listpack = ziplistToListpack(first.bytes, first.offset, first.length);
    if (listpack === null) return refuse(input, "Ziplist integrity check failed.");
    takeNode(draft, input, listpack, 0, listpack.length);
    return true;
  },
  end: endNodes,
};

/** A text that was a node of its own is one again where it is that large, else one among others. */
function takePlain(draft: Draft): void {
  const { heap, limits } = draft.keyspace;
  const list = valueBlockOf(heap, draft.held);
  if (first.length < limits.listPlainBytes && first.length < NODE_BYTES_MAXIMUM) {
    pushApart(draft, first.bytes, first.offset, first.length);
    return;
  }
  const node = createPlainNode(heap, first.bytes, first.offset, first.length);
  if (node === NIL) throw new OutOfMemoryError();
  linkNode(heap, list, node, NIL);
}

/** A list of one node that may be a listpack is made one at once: most lists are small. False when it has to go the long way. */
function takeOnlyNode(draft: Draft, input: RdbInput): boolean {
  if (!validateListpack(first.bytes, first.offset, first.length, true)) {
    refuse(input, "Listpack integrity check failed.");
  }
  return keepOnlyNode(draft);
}

function keepOnlyNode(draft: Draft): boolean {
  const { bytes, offset, length } = first;
  const { heap, limits } = draft.keyspace;
  const count = listpackCount(bytes, offset);
  if (count === 0 || length > NODE_BYTES_MAXIMUM || exceedsNode(limits.listMaxListpackSize, length, count))
    return false;
  draft.held = holdValue(heap, TYPE_LIST, ENCODING_LISTPACK, nodeOf(heap, bytes, offset, length));
  return true;
}

/** A node with a copy of the listpack; NIL without memory. */
function nodeOf(heap: Heap, bytes: Uint8Array, offset: number, length: number): number {
  const node = createNodeFor(heap, length);
  if (node !== NIL) copyToBlock(heap, node, NODE_HEADER_BYTES / 4, bytes, offset, length);
  return node;
}

function takeNode(draft: Draft, input: RdbInput, bytes: Uint8Array, offset: number, length: number): void {
  if (!validateListpack(bytes, offset, length, true)) refuse(input, "Listpack integrity check failed.");
  keepNode(draft, bytes, offset, length);
}

function keepNode(draft: Draft, bytes: Uint8Array, offset: number, length: number): void {
  const count = listpackCount(bytes, offset);
  const { heap, limits } = draft.keyspace;
  const isLarge = length > NODE_BYTES_MAXIMUM || exceedsNode(limits.listMaxListpackSize, length, count);
  if (count === 0) return;
  if (isLarge && count > 1) {
    for (let at = firstEntry(bytes, offset); at !== END; at = nextEntry(bytes, at)) {
      readText(bytes, at, text);
      pushApart(draft, text.bytes, text.offset, text.length);
    }
    return;
  }
  const node = nodeOf(heap, bytes, offset, length);
  if (node === NIL) throw new OutOfMemoryError();
  linkNode(heap, valueBlockOf(heap, draft.held), node, NIL);
}

function pushApart(draft: Draft, bytes: Uint8Array, offset: number, length: number): void {
  const { heap, limits } = draft.keyspace;
  const list = valueBlockOf(heap, draft.held);
  if (!pushToQuicklist(heap, list, false, bytes, offset, length, limits)) throw new OutOfMemoryError();
}
