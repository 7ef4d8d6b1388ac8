/** Bytes as text for output: one character per byte. */
import { Buffer } from "node:buffer";

export function binaryTextOf(bytes: Uint8Array | undefined): string {
  return bytes === undefined ? "" : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
}
