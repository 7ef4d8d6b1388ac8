/** SORT ... STORE: the result becomes a list, which is made before the key gets it. */
import { createNode, NIL } from "@sider/datastructures";
import {
  dropHeldValue,
  ENCODING_LISTPACK,
  growList,
  holdValue,
  lookupWrite,
  NO_EXPIRY,
  placeHeldValue,
  pushToList,
  removeEntry,
  Slice,
  TYPE_LIST,
} from "@sider/keyspace-engine";
import type { CommandContext } from "../../dispatch/command-context.ts";
import type { SortTexts } from "./sort-texts.ts";

const LISTPACK_BYTES = 64;

const text = new Slice();

/** Stores the texts under the key in argument `index`, or deletes that key when there are none, and replies with how many they are. */
export function storeSorted(context: CommandContext, index: number, texts: SortTexts): void {
  const { database, keyspace } = context;
  const heap = keyspace.heap;
  const count = texts.count;
  const held = count === 0 ? NIL : holdList(context, texts);
  const key = context.key(index);
  const old = lookupWrite(keyspace, database, key);
  if (held === NIL) {
    if (old !== NIL) {
      removeEntry(keyspace, database, key.hash, old);
      keyspace.changed(database, key, "g", "del");
    }
  } else {
    try {
      placeHeldValue(keyspace, database, key, old, held, NO_EXPIRY);
    } catch (error) {
      dropHeldValue(heap, held);
      throw error;
    }
    keyspace.changed(database, key, "l", "sortstore");
    keyspace.dirty += count - 1;
  }
  context.reply.integer(count);
}

/** A list of the texts that no key has yet. Throws OutOfMemoryError with nothing left. */
function holdList(context: CommandContext, texts: SortTexts): number {
  const keyspace = context.keyspace;
  const heap = keyspace.heap;
  const held = holdValue(heap, TYPE_LIST, ENCODING_LISTPACK, createNode(heap, LISTPACK_BYTES, false));
  try {
    for (let at = 0; at < texts.count; at++) {
      texts.read(at, text);
      growList(keyspace, held, text.length, 1);
      pushToList(keyspace, held, text.bytes, text.offset, text.length, false);
    }
  } catch (error) {
    dropHeldValue(heap, held);
    throw error;
  }
  return held;
}
