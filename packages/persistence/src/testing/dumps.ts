/** Dumps in memory, for tests: write one through a callback, read one into plain data. */
import type { RdbHandler } from "../rdb-handler.ts";
import { type ByteSource, RdbReader, type RdbReaderOptions } from "../rdb-reader.ts";
import { RdbWriter, type RdbWriterOptions } from "../rdb-writer.ts";

/** Bytes as a Latin-1 string: comparable, printable, one character a byte. */
export function latin1(bytes: Uint8Array, offset = 0, length = bytes.length - offset): string {
  return Buffer.from(bytes.subarray(offset, offset + length)).toString("latin1");
}

export function bytesOf(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, "latin1"));
}

export interface TestEntry {
  readonly database: number;
  readonly key: string;
  readonly value: string;
  readonly expireAtMs: number;
  readonly idleSeconds: number;
  readonly frequency: number;
}

/** An entry with what is not said left out. All text is Latin-1. */
export function entry(key: string, value: string, rest: Partial<TestEntry> = {}): TestEntry {
  return { database: 0, key, value, expireAtMs: -1, idleSeconds: -1, frequency: -1, ...rest };
}

/** Remembers everything that a reader tells. */
export class CollectingHandler implements RdbHandler {
  readonly entries: TestEntry[] = [];
  readonly aux: Record<string, string> = {};
  readonly sizes: string[] = [];
  readonly skipped: string[] = [];
  database = 0;

  onAux(name: string, value: string): void {
    this.aux[name] = value;
  }

  onSelectDatabase(index: number): void {
    this.database = index;
  }

  onResizeDatabase(keyCount: number, expireCount: number): void {
    this.sizes.push(`${String(this.database)}: ${String(keyCount)} ${String(expireCount)}`);
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
    const key = latin1(keyBytes, keyOffset, keyLength);
    const value = latin1(valueBytes, valueOffset, valueLength);
    this.entries.push({ database: this.database, key, value, expireAtMs, idleSeconds, frequency });
  }

  onSkipped(what: string, offset: number): void {
    this.skipped.push(`${what} @${String(offset)}`);
  }
}

/** Everything a callback writes. */
export function written(write: (writer: RdbWriter) => void, options: RdbWriterOptions = {}): Uint8Array {
  const pieces: Uint8Array[] = [];
  write(new RdbWriter((bytes, start, end) => pieces.push(bytes.slice(start, end)), options));
  return new Uint8Array(Buffer.concat(pieces));
}

/** Writes entries, which are in the order of their databases, between header and end. */
export function writeEntries(writer: RdbWriter, entries: readonly TestEntry[]): void {
  let database = -1;
  for (const one of entries) {
    if (one.database !== database) {
      database = one.database;
      const same = entries.filter((other) => other.database === database);
      writer.selectDatabase(database);
      writer.resizeDatabase(same.length, same.filter((other) => other.expireAtMs !== -1).length);
    }
    const key = bytesOf(one.key);
    const value = bytesOf(one.value);
    writer.entry(key, 0, key.length, value, 0, value.length, one.expireAtMs, one.idleSeconds, one.frequency);
  }
}

/** A whole dump of these entries. */
export function dumpOf(entries: readonly TestEntry[], options: RdbWriterOptions = {}): Uint8Array {
  return written((writer) => {
    writer.header({ "redis-ver": "7.2.4", "redis-bits": 64 });
    writeEntries(writer, entries);
    writer.finish();
  }, options);
}

/** Reads a whole dump, fed in pieces of `pieceBytes`. */
export function readAll(
  dump: Uint8Array,
  options: RdbReaderOptions = {},
  pieceBytes: number = dump.length,
): { reader: RdbReader; handler: CollectingHandler } {
  const handler = new CollectingHandler();
  const reader = new RdbReader(handler, options);
  for (let at = 0; at < dump.length; at += pieceBytes) {
    reader.feed(dump, at, Math.min(at + pieceBytes, dump.length));
  }
  reader.end();
  return { reader, handler };
}

/** A dump put together by hand: Latin-1 text and bytes. */
export function joined(...parts: readonly (string | readonly number[] | Uint8Array)[]): Uint8Array {
  return new Uint8Array(
    Buffer.concat(parts.map((part) => (typeof part === "string" ? Buffer.from(part, "latin1") : Buffer.from(part)))),
  );
}

/** Bytes as a file that is read piece by piece. */
export function sourceOf(bytes: Uint8Array): ByteSource {
  let at = 0;
  return (target, offset, length) => {
    const count = Math.min(length, bytes.length - at);
    target.set(bytes.subarray(at, at + count), offset);
    at += count;
    return count;
  };
}
