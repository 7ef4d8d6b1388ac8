/** Writes the value of an entry of any type but a string, in the form that Redis of the dump's version has for its encoding. */
import type { Heap } from "@sider/datastructures";
import { TYPE_HASH, TYPE_LIST, TYPE_SET, TYPE_SORTED_SET, typeOf } from "@sider/keyspace-engine";
import type { RdbOutput } from "../rdb-output.ts";
import { hashType, writeHash } from "./hash.ts";
import { RDB_TYPE_LIST_NODES, writeList } from "./list.ts";
import { setType, writeSet } from "./set.ts";
import { sortedSetType, writeSortedSet } from "./sorted-set.ts";
import { streamType, writeStream } from "./stream.ts";

/** The type byte of the value in a dump of this version. */
export function typeOfValue(heap: Heap, entry: number, version: number): number {
  switch (typeOf(heap, entry)) {
    case TYPE_LIST:
      return RDB_TYPE_LIST_NODES;
    case TYPE_SET:
      return setType(heap, entry, version);
    case TYPE_SORTED_SET:
      return sortedSetType(heap, entry);
    case TYPE_HASH:
      return hashType(heap, entry);
    default:
      return streamType(version);
  }
}

/** The value, without its type byte. Nothing may change the keyspace meanwhile. O(n). */
export function writeValue(output: RdbOutput, heap: Heap, entry: number, version: number): void {
  switch (typeOf(heap, entry)) {
    case TYPE_LIST:
      writeList(output, heap, entry);
      break;
    case TYPE_SET:
      writeSet(output, heap, entry, version);
      break;
    case TYPE_SORTED_SET:
      writeSortedSet(output, heap, entry);
      break;
    case TYPE_HASH:
      writeHash(output, heap, entry);
      break;
    default:
      writeStream(output, heap, entry, version);
  }
}
