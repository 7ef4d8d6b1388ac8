/** What the thread that prepares a dump does with its file, in one go and in this thread. */
import type { PlainDump } from "../ahead/plain-dump.ts";
import type { RdbInput } from "../rdb-input.ts";
import type { ByteSource } from "../rdb-reader.ts";

/** Prepares all that a source gives to the input of a dump, up to where the rest is the reader's. */
export function prepareAll(dump: PlainDump, input: RdbInput, source: ByteSource): void {
  for (;;) {
    dump.run();
    if (dump.isOver) break;
    dump.beforeMove();
    input.makeRoom();
    dump.moved();
    const count = source(input.bytes, input.limit, input.bytes.length - input.limit);
    if (count === 0) break;
    input.limit += count;
  }
  dump.flush();
}
