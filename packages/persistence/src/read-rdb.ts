/**
 * A dump as an async sequence of plain objects, one at a time: memory is bounded by the largest value, whatever the size of the dump.
 *
 *     for await (const item of readRdb(createReadStream("dump.rdb"))) if (item.kind === "entry") ...
 */
import { rdbTypeName, RDB_TYPE_STRING } from "./rdb-format.ts";
import type { RdbItem } from "./rdb-items.ts";
import type { RdbHandler, ValueParts } from "./rdb-handler.ts";
import { RdbReader, type RdbReaderOptions } from "./rdb-reader.ts";
import { PlainValueReader } from "./values/plain-value.ts";

/** So much is read before what was found is handed on. */
const PIECE_BYTES = 16 * 1024;

/**
 * Reads a dump out of any source of bytes: a Node stream, a web stream, an array of chunks. What comes behind the dump is not looked at.
 * @throws RdbError where the dump is broken or ends too early; what the source throws. What was read until then was delivered
 */
export async function* readRdb(
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  options: RdbReaderOptions = {},
): AsyncGenerator<RdbItem, void, void> {
  const collector = new ItemCollector();
  const reader = new RdbReader(collector, options);
  for await (const chunk of source) {
    for (let at = 0; at < chunk.length && !reader.done; at += PIECE_BYTES) {
      const failure = attempt(() => {
        reader.feed(chunk, at, Math.min(at + PIECE_BYTES, chunk.length));
      });
      yield* collector.take();
      if (failure !== null) throw failure.error;
    }
    if (reader.done) return;
  }
  reader.end();
}

/** What was found before an error is delivered before it is thrown. */
function attempt(action: () => void): { readonly error: unknown } | null {
  try {
    action();
    return null;
  } catch (error) {
    return { error };
  }
}

/** Makes items of what a reader tells. */
export class ItemCollector implements RdbHandler {
  #items: RdbItem[] = [];
  #database = 0;
  #value = new PlainValueReader(RDB_TYPE_STRING);
  #entry = entryFacts(0, new Uint8Array(0), -1, -1, -1, RDB_TYPE_STRING);

  /** What has come since the last call. */
  take(): RdbItem[] {
    const items = this.#items;
    this.#items = [];
    return items;
  }

  onAux(name: string, value: string): void {
    this.#items.push({ kind: "aux", name, value });
  }

  onSelectDatabase(index: number): void {
    this.#database = index;
  }

  onResizeDatabase(keyCount: number, expireCount: number): void {
    this.#items.push({ kind: "database", database: this.#database, keyCount, expireCount });
  }

  onString(
    keyBytes: Uint8Array,
    keyOffset: number,
    keyLength: number,
    valueBytes: Uint8Array,
    valueOffset: number,
    valueLength: number,
    expireAtMs: number,
    idleSeconds: number,
    frequency: number,
  ): void {
    const key = keyBytes.slice(keyOffset, keyOffset + keyLength);
    const facts = entryFacts(this.#database, key, expireAtMs, idleSeconds, frequency, RDB_TYPE_STRING);
    const value = valueBytes.slice(valueOffset, valueOffset + valueLength);
    this.#items.push({ ...facts, type: "string", value });
  }

  onValue(
    type: number,
    keyBytes: Uint8Array,
    keyOffset: number,
    keyLength: number,
    expireAtMs: number,
    idleSeconds: number,
    frequency: number,
  ): ValueParts {
    const key = keyBytes.slice(keyOffset, keyOffset + keyLength);
    this.#entry = entryFacts(this.#database, key, expireAtMs, idleSeconds, frequency, type);
    this.#value = new PlainValueReader(type);
    return this.#value;
  }

  onValueEnd(): void {
    if (this.#value.value !== null) this.#items.push({ ...this.#entry, ...this.#value.value });
  }

  onFunction(bytes: Uint8Array, offset: number, length: number): void {
    this.#items.push({ kind: "function", code: bytes.slice(offset, offset + length) });
  }

  onSkipped(what: string, offset: number): void {
    this.#items.push({ kind: "skipped", what, offset });
  }
}

/** An entry without its value. */
function entryFacts(
  database: number,
  key: Uint8Array,
  expireAtMs: number,
  idleSeconds: number,
  frequency: number,
  type: number,
) {
  return {
    kind: "entry" as const,
    database,
    key,
    expiresAtMs: numberOrNull(expireAtMs),
    idleSeconds: numberOrNull(idleSeconds),
    frequency: numberOrNull(frequency),
    encoding: rdbTypeName(type),
  };
}

function numberOrNull(value: number): number | null {
  return value === -1 ? null : value;
}
