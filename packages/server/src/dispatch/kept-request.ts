/** Arguments in memory of their own, one after the other. */
import type { KeptRequest } from "../session/blocking.ts";

/** Copies arguments. O(bytes). */
export function joinArguments(parts: readonly Uint8Array[]): KeptRequest {
  const argumentLengths = Int32Array.from(parts, (part) => part.length);
  const argumentOffsets = new Int32Array(parts.length);
  let end = 0;
  parts.forEach((part, index) => {
    argumentOffsets[index] = end;
    end += part.length;
  });
  const bytes = new Uint8Array(end);
  parts.forEach((part, index) => {
    bytes.set(part, argumentOffsets[index]);
  });
  return { bytes, argumentOffsets, argumentLengths, count: parts.length };
}
