/**
 * How much a node may hold, by the directive list-max-listpack-size (`fill`): from 0 on a number of entries (0 means 1), -1 to -5 a size
 * of 4, 8, 16, 32 or 64 KiB. Where entries are counted, a node of several stays below 8 KiB all the same. The figures are Redis's, so
 * that a list has its nodes, and changes its encoding, where Redis does.
 */

const COUNTED_NODE_BYTES = 8192;
const SMALLEST_NODE_BYTES = 4096;
const LARGEST_STEP = 4;
/** What Redis adds to a text's length when it asks whether a node has room for its entry. */
const ENTRY_OVERHEAD_BYTES = 8;

/** The size in bytes that a listpack of several entries may have. O(1). */
export function nodeLimitBytes(fill: number): number {
  if (fill >= 0) return COUNTED_NODE_BYTES;
  const step = -fill - 1;
  return SMALLEST_NODE_BYTES << (step < LARGEST_STEP ? step : LARGEST_STEP);
}

/** Whether a listpack of so many bytes and entries is too large for one node. O(1). */
export function exceedsNode(fill: number, bytes: number, count: number): boolean {
  if (bytes > nodeLimitBytes(fill)) return true;
  return fill >= 0 && count > (fill === 0 ? 1 : fill);
}

/** Whether a node of so many bytes and entries is too full for one more text of `length`. O(1). */
export function isTooFull(fill: number, bytes: number, count: number, length: number): boolean {
  return exceedsNode(fill, bytes + length + ENTRY_OVERHEAD_BYTES, count + 1);
}

/** Whether the only node of a list that got shorter is small enough for a listpack again: half of what one may hold. O(1). */
export function isHalfOfNode(fill: number, bytes: number, count: number): boolean {
  return fill < 0 ? bytes <= nodeLimitBytes(fill) >> 1 : count <= (fill === 0 ? 1 : fill) >> 1;
}

/** What decides how a list is kept; the names are those of Redis's directives, so that a keyspace's limits serve. */
export interface QuicklistLimits {
  /** `fill`, see above. */
  listMaxListpackSize: number;
  /** Nodes at either end that stay uncompressed; 0: none is compressed. */
  listCompressDepth: number;
  /** From this length on a text is a node of its own (quicklist-packed-threshold). */
  listPlainBytes: number;
}
