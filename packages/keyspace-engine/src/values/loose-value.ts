/**
 * A value that is, or is not yet, under a key: its encoding and its block, which functions change that know nothing of keys. Made once and
 * pointed at one value after the other.
 */
import { NIL } from "@sider/datastructures";
import type { Heap } from "@sider/datastructures";
import { ENCODING_LISTPACK, encodingOf, setEncoding } from "../keyspace/entry.ts";
import { setValueBlock, valueBlockOf } from "./value-block.ts";

/** Encoding and block of a value, with or without a key. */
export class LooseValue {
  encoding = ENCODING_LISTPACK;
  block: number = NIL;
}

/** Points `value` at what an entry has; `closeLooseValue` must follow a change. */
export function openLooseValue(heap: Heap, entry: number, value: LooseValue): void {
  value.encoding = encodingOf(heap, entry);
  value.block = valueBlockOf(heap, entry);
}

/** Writes encoding and block back to the entry. */
export function closeLooseValue(heap: Heap, entry: number, value: LooseValue): void {
  setEncoding(heap, entry, value.encoding);
  setValueBlock(heap, entry, value.block);
}
