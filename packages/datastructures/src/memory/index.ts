export {
  GRANULE_BYTES,
  MAXIMUM_CAPACITY_BYTES,
  NIL,
  WINDOW_BYTES,
  doubleOf,
  offsetOf,
  wordOf,
  type Ref,
} from "./ref.ts";
export { Heap, windowOf, type HeapGuard, type Reserve } from "./heap.ts";
export { heapView } from "./heap-view.ts";
export { createHeap, defaultCapacityBytes, type HeapOptions } from "./create.ts";
export { allocate, free, reallocateInPlace, usableBytes } from "./allocator.ts";
export { withRoomToGrow } from "./size-classes.ts";
export { releaseEmptySlabs } from "./blocks.ts";
export { copyBytes, copyToBlock } from "./copy-bytes.ts";
export {
  copyBlock,
  copyBlockStart,
  copyIn,
  copyOut,
  duplicateBlock,
  equalsBytes,
  fillBytes,
  moveWithin,
} from "./bytes.ts";
export { Checks, type CheckOptions } from "./checks.ts";
export { heapStatistics, type HeapStatistics, type SizeClassStatistics } from "./statistics.ts";
export { verifyHeap } from "./verify.ts";
