import type { Heap } from "../memory/index.ts";

export function rawNode(_heap: Heap, _list: number, node: number): number {
  return node;
}
export function settleEnds(_heap: Heap, _list: number, _depth: number): void {}
export function settleNode(_heap: Heap, _list: number, _node: number, _depth: number): void {}
export function uncompress(_heap: Heap, _node: number, _target: Uint8Array, _at: number): void {}
