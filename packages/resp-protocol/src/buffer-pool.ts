/**
 * Buffers for requests that arrive in pieces, used again and again: to allocate (and to clear) 64 KiB for each 64 KiB value costs
 * more than to copy it. The pool is shared by all parsers of the process and holds at most 4 MiB.
 */
const SMALLEST_BYTES = 4096;
const LARGEST_BYTES = 1 << 18;
const POOLED_BYTES_MAXIMUM = 4 << 20;
const SMALLEST_LOG2 = 12;

/** Free buffers by the logarithm of their size. */
const free: Uint8Array[][] = Array.from({ length: 7 }, () => []);
let pooledBytes = 0;

/** A buffer of at least `byteLength` bytes, with any contents. */
export function takeBuffer(byteLength: number): Uint8Array {
  if (byteLength > LARGEST_BYTES) return new Uint8Array(byteLength);
  const log2 = byteLength <= 1 ? 0 : 32 - Math.clz32(byteLength - 1);
  const size = 1 << log2;
  const pooled = size < SMALLEST_BYTES ? undefined : free[log2 - SMALLEST_LOG2].pop();
  if (pooled === undefined) return new Uint8Array(size);
  pooledBytes -= size;
  return pooled;
}

/** Gives a buffer of `takeBuffer` back. Nobody may use it afterwards. */
export function giveBuffer(buffer: Uint8Array): void {
  const size = buffer.length;
  const isPooled = size >= SMALLEST_BYTES && size <= LARGEST_BYTES && (size & (size - 1)) === 0;
  if (!isPooled || pooledBytes + size > POOLED_BYTES_MAXIMUM) return;
  pooledBytes += size;
  free[31 - Math.clz32(size) - SMALLEST_LOG2].push(buffer);
}
