/** Waiting for the reader of a stream. */
import type { Writable } from "node:stream";

/** Resolves when a stream that has been written to takes more. A stream that breaks is someone else's affair: this waits for ever then. */
export async function drained(stream: Pick<Writable, "writableNeedDrain" | "on" | "once" | "off">): Promise<void> {
  if (stream.writableNeedDrain) await new Promise((resolve) => stream.once("drain", resolve));
}
