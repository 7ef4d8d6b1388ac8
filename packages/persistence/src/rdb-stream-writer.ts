/**
 * Writes plain objects as a dump: the other half of `read-rdb.ts`. Collections are written element by element, the forms that every server
 * reads and turns into the encoding that it prefers.
 */
import { NONE, RdbWriter, type RdbWriterOptions } from "./rdb-writer.ts";
import type { RdbOutput } from "./rdb-output.ts";
import type { ByteSink } from "./rdb-output.ts";
import type { WritableRdbEntry, WritableRdbItem } from "./rdb-items.ts";
import { plainValueType, writePlainValue } from "./values/write-plain-value.ts";

const NO_DATABASE = -1;
const textEncoder = new TextEncoder();

/** Takes items in the order of a dump: facts and functions first, then entry after entry, those of one database together. */
export class RdbStreamWriter {
  readonly #writer: RdbWriter;
  readonly #version: number;
  #hasBegun = false;
  #database = NO_DATABASE;

  constructor(sink: ByteSink, options: RdbWriterOptions = {}) {
    this.#writer = new RdbWriter(sink, options);
    this.#version = options.version ?? 11;
  }

  /** Length of the dump so far. */
  get bytesWritten(): number {
    return this.#writer.bytesWritten;
  }

  /** Writes one item. @throws TypeError when an id of a stream is none */
  write(item: WritableRdbItem): void {
    this.#begin();
    const writer = this.#writer;
    if (item.kind === "entry") this.#writeEntry(item);
    else if (item.kind === "aux") writer.auxField(item.name, item.value);
    else if (item.kind === "function") writer.functionLibrary(item.code, 0, item.code.length);
    else if (item.kind === "database") {
      this.#select(item.database);
      writer.resizeDatabase(item.keyCount, item.expireCount);
    }
  }

  /** The end mark and the checksum; afterwards the sink has everything. */
  finish(): void {
    this.#begin();
    this.#writer.finish();
  }

  #begin(): void {
    if (!this.#hasBegun) this.#writer.header();
    this.#hasBegun = true;
  }

  #select(database: number): void {
    if (database !== this.#database) this.#writer.selectDatabase(database);
    this.#database = database;
  }

  #writeEntry(entry: WritableRdbEntry): void {
    this.#select(entry.database ?? 0);
    const key = bytesOfText(entry.key);
    this.#writer.typedEntry(
      plainValueType(entry.type, this.#version),
      key,
      0,
      key.length,
      entry.expiresAtMs ?? NONE,
      entry.idleSeconds ?? NONE,
      entry.frequency ?? NONE,
      (output: RdbOutput) => {
        writePlainValue(output, entry, this.#version);
      },
    );
  }
}

/**
 * The dump of these items as chunks of bytes: `Readable.from(writeRdb(items))` is a stream of it. Constant memory.
 * @throws TypeError when an id of a stream is none; what `items` throws
 */
export async function* writeRdb(
  items: AsyncIterable<WritableRdbItem> | Iterable<WritableRdbItem>,
  options: RdbWriterOptions = {},
): AsyncGenerator<Uint8Array, void, void> {
  let chunks: Uint8Array[] = [];
  const writer = new RdbStreamWriter((bytes, start, end) => {
    chunks.push(bytes.slice(start, end));
  }, options);
  for await (const item of items) {
    writer.write(item);
    yield* chunks;
    chunks = [];
  }
  writer.finish();
  yield* chunks;
}

function bytesOfText(text: Uint8Array | string): Uint8Array {
  return typeof text === "string" ? textEncoder.encode(text) : text;
}
