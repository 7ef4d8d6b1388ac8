/** A hash that has outgrown its listpack becomes a table. There is no way back. */
import {
  createHashTable,
  END,
  firstEntry,
  free,
  freeTableAndBlocks,
  insertIntoTable,
  listpackCount,
  nextEntry,
  NIL,
  offsetOf,
  readText,
  reserveTable,
  windowOf,
} from "@sider/datastructures";
import type { Heap } from "@sider/datastructures";
import { ENCODING_HASHTABLE, setEncoding } from "../../keyspace/entry.ts";
import type { Keyspace } from "../../keyspace/keyspace.ts";
import { Slice } from "../../slice.ts";
import { setValueBlock, valueBlockOf } from "../value-block.ts";
import { allocateField, writeField } from "./field-block.ts";

const name = new Slice();
const value = new Slice();

/** Turns the listpack of a hash into a table. False without memory, and nothing has changed then. O(n). */
export function convertHashToTable(keyspace: Keyspace, entry: number): boolean {
  const heap = keyspace.heap;
  const listpack = valueBlockOf(heap, entry);
  const table = createHashTable(heap, keyspace.hashKey0, keyspace.hashKey1);
  if (table === NIL) return false;
  if (!fillTable(keyspace, table, listpack)) {
    freeTableAndBlocks(heap, table);
    return false;
  }
  setValueBlock(heap, entry, table);
  setEncoding(heap, entry, ENCODING_HASHTABLE);
  free(heap, listpack);
  return true;
}

function fillTable(keyspace: Keyspace, table: number, listpack: number): boolean {
  const heap = keyspace.heap;
  const start = offsetOf(listpack);
  if (!reserveTable(heap, table, listpackCount(windowOf(heap, listpack), start) >> 1)) return false;
  let at = firstEntry(windowOf(heap, listpack), start);
  while (at !== END) {
    readPair(heap, listpack, at);
    const field = allocateField(heap, name.length, value.length);
    if (field === NIL) return false;
    const next = readPair(heap, listpack, at); // the heap may have moved
    writeField(heap, field, name, value);
    if (!insertIntoTable(heap, table, keyspace.hash(name.bytes, name.offset, name.length), field)) {
      free(heap, field);
      return false;
    }
    at = next;
  }
  return true;
}

/** Reads the pair at `at` and gives the position of the next. */
function readPair(heap: Heap, listpack: number, at: number): number {
  const bytes = windowOf(heap, listpack);
  const valueAt = nextEntry(bytes, at);
  readText(bytes, at, name);
  readText(bytes, valueAt, value);
  return nextEntry(bytes, valueAt);
}
