/** Stands in until datastructures has intsets: no set is made one before. */
import type { Heap } from "@sider/datastructures";
import type { Int64Scratch } from "../../numbers/int64.ts";

export const HAS_INTSETS: boolean = false;
const NOT_YET = "not there yet";
export function createIntset(_heap: Heap): number {
  throw new Error(NOT_YET);
}
export function intsetAdd(_heap: Heap, _ref: number, _high: number, _low: number): number {
  throw new Error(NOT_YET);
}
export function intsetRemove(_heap: Heap, _ref: number, _high: number, _low: number): boolean {
  throw new Error(NOT_YET);
}
export function intsetFind(_bytes: Uint8Array, _start: number, _high: number, _low: number): boolean {
  throw new Error(NOT_YET);
}
export function intsetAt(_bytes: Uint8Array, _start: number, _index: number, _out: Int64Scratch): void {
  throw new Error(NOT_YET);
}
export function intsetCount(_bytes: Uint8Array, _start: number): number {
  throw new Error(NOT_YET);
}
export function intsetBytes(_bytes: Uint8Array, _start: number): number {
  throw new Error(NOT_YET);
}
