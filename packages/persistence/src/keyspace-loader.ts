/**
 * Puts what a dump contains into an empty keyspace. Keys whose time has come are left out, as a Redis primary does with a dump file; the
 * base of an AOF keeps them, since the commands behind it were executed when they were still there.
 *
 * Nobody observes: a load is no change. Key counts in the dump size the tables in advance, but are only believed as far as a file
 * of that length can hold them.
 */
import { copyBytes, findInTable, NIL, reserveTable } from "@sider/datastructures";
import { Key, NO_EXPIRY, placeHeldValue, setAccess, setString, Slice } from "@sider/keyspace-engine";
import type { Database, Keyspace } from "@sider/keyspace-engine";
import { KeyspaceLoadBatch } from "./keyspace-load-batch.ts";
import type { RdbHandler } from "./rdb-handler.ts";
import { ValueReader } from "./values/value-reader.ts";

/** Type, length of the key, length of the value: no entry of a dump is shorter. */
const SMALLEST_ENTRY_BYTES = 3;

/** A dump that is sound, and still not to be loaded here. */
export class LoadError extends Error {
  override readonly name: string = "LoadError";
}

/** Is told what a dump says beside its data. */
export interface LoadNotes {
  /** A fact about the dump's writer: "redis-ver", "ctime" ... */
  fact(name: string, value: string): void;
  /** Something that was left out, described. */
  leftOut(what: string): void;
}

/** What a load may be told beside what it loads. */
export interface KeyspaceLoadOptions {
  /** Keys are loaded even if their time has come: for the base of an AOF. Default false. */
  readonly keepsExpired?: boolean;
  /** A key that is there already is replaced, instead of being an error: for the base of an AOF, DEBUG RELOAD NOFLUSH. Default false. */
  readonly replacesKeys?: boolean;
  /**
   * The access bits (see setAccess) of a key that was idle for so many seconds, or has such an LFU counter; either may be -1, the dump
   * does not say. -1: none. Default: a key is as one just used.
   */
  readonly accessOf?: (idleSeconds: number, frequency: number) => number;
}

const NOT_SAID = -1;

/** The handler of a reader whose dump goes into a keyspace. */
export class KeyspaceLoader implements RdbHandler {
  loadedKeys = 0;
  expiredKeys = 0;
  /** Keys that were left out because their value was empty: a bug of old servers wrote such. */
  emptyKeys = 0;
  /** The function libraries of the dump, for who can use them; `writeKeyspace` takes them back. */
  readonly functionLibraries: Uint8Array[] = [];
  private readonly options: KeyspaceLoadOptions;
  private readonly notes: LoadNotes;
  private readonly keyspace: Keyspace;
  private readonly fileBytes: number;
  private readonly nowMs: number;
  private readonly key = new Key();
  private readonly value = new Slice();
  private readonly reader: ValueReader;
  private readonly batch = new KeyspaceLoadBatch();
  private keyCopy = new Uint8Array(64);
  private keyCopyLength = 0;
  private expiresAtMs = NO_EXPIRY;
  private idleSeconds = NOT_SAID;
  private frequency = NOT_SAID;
  private database: Database;

  /** For a dump of `fileBytes` bytes. */
  constructor(keyspace: Keyspace, notes: LoadNotes, fileBytes: number, options: KeyspaceLoadOptions = {}) {
    this.options = options;
    this.notes = notes;
    this.keyspace = keyspace;
    this.reader = new ValueReader(keyspace);
    this.fileBytes = fileBytes;
    this.nowMs = keyspace.clock.nowMs();
    this.database = keyspace.databases[0];
  }

  onAux(name: string, value: string): void {
    this.notes.fact(name, value);
  }

  onSelectDatabase(index: number): void {
    const count = this.keyspace.databases.length;
    if (index >= count) {
      throw new LoadError(
        `it has a database ${String(index)}, but this server has ${String(count)} (directive databases)`,
      );
    }
    this.settle();
    this.database = this.keyspace.databases[index];
  }

  onResizeDatabase(keyCount: number, expireCount: number): void {
    this.settle();
    const possible = Math.floor(this.fileBytes / SMALLEST_ENTRY_BYTES);
    // where there is no memory in advance the tables grow as they fill
    reserveTable(this.keyspace.heap, this.database.entries, Math.min(keyCount, possible));
    reserveTable(this.keyspace.heap, this.database.expires, Math.min(expireCount, possible));
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
    if (this.isOver(expireAtMs)) {
      this.expiredKeys++;
      return;
    }
    const byteLength = keyLength + valueLength;
    if (KeyspaceLoadBatch.takes(byteLength)) {
      this.addToBatch(byteLength, keyBytes, keyOffset, keyLength, expireAtMs, idleSeconds, frequency);
      this.batch.addString(valueBytes, valueOffset, valueLength);
      return;
    }
    const { keyspace, key } = this;
    const hash = keyspace.hash(keyBytes, keyOffset, keyLength);
    this.settle();
    key.set(keyBytes, keyOffset, keyLength, hash);
    this.value.set(valueBytes, valueOffset, valueLength);
    this.place(NIL, expireAtMs, idleSeconds, frequency);
  }

  onValue(
    type: number,
    keyBytes: Uint8Array,
    keyOffset: number,
    keyLength: number,
    expireAtMs: number,
    idleSeconds: number,
    frequency: number,
  ): ValueReader {
    this.keepKey(keyBytes, keyOffset, keyLength);
    this.expiresAtMs = expireAtMs;
    this.idleSeconds = idleSeconds;
    this.frequency = frequency;
    this.reader.begin(type);
    return this.reader;
  }

  onValueEnd(): void {
    const { keyspace, reader, keyCopy, keyCopyLength, expiresAtMs, idleSeconds, frequency } = this;
    if (reader.held === NIL) {
      this.emptyKeys++;
      this.notes.leftOut(`skipping empty key: ${latin1(keyCopy, keyCopyLength)}`);
    } else if (this.isOver(expiresAtMs)) {
      this.expiredKeys++;
      reader.abandon();
    } else if (KeyspaceLoadBatch.takes(keyCopyLength)) {
      this.addToBatch(keyCopyLength, keyCopy, 0, keyCopyLength, expiresAtMs, idleSeconds, frequency);
      this.batch.addHeld(reader.take());
    } else {
      this.settle();
      this.key.set(keyCopy, 0, keyCopyLength, keyspace.hash(keyCopy, 0, keyCopyLength));
      this.place(reader.held, expiresAtMs, idleSeconds, frequency);
      reader.take();
    }
  }

  onEnd(): void {
    this.settle();
  }

  onAbandon(): void {
    this.batch.abandon(this.keyspace);
    this.reader.abandon();
  }

  onFunction(bytes: Uint8Array, offset: number, length: number): void {
    this.functionLibraries.push(bytes.slice(offset, offset + length));
  }

  private isOver(expireAtMs: number): boolean {
    return expireAtMs !== NOT_SAID && expireAtMs < this.nowMs && this.options.keepsExpired !== true;
  }

  /** The bytes of a value that follow may push its key out of the reader's window. */
  private keepKey(bytes: Uint8Array, offset: number, length: number): void {
    if (this.keyCopy.length < length) this.keyCopy = new Uint8Array(length * 2);
    copyBytes(this.keyCopy, 0, bytes, offset, length);
    this.keyCopyLength = length;
  }

  private addToBatch(
    byteLength: number,
    bytes: Uint8Array,
    offset: number,
    length: number,
    expireAtMs: number,
    idleSeconds: number,
    frequency: number,
  ): void {
    if (!this.batch.hasRoom(byteLength)) this.settle();
    this.batch.addKey(bytes, offset, length, expireAtMs, idleSeconds, frequency);
  }

  /** Puts the keys of the batch into the database. */
  private settle(): void {
    const { batch, key, value } = this;
    const { bytes, keyOffsets, keyLengths, valueLengths, hashes, held, expiresAtMs } = batch;
    batch.prepare(this.keyspace, this.database);
    for (let at = 0; at < batch.count; at++) {
      const keyOffset = keyOffsets[at];
      const keyLength = keyLengths[at];
      key.set(bytes, keyOffset, keyLength, hashes[at]);
      value.set(bytes, keyOffset + keyLength, valueLengths[at]);
      this.place(held[at], expiresAtMs[at], batch.idleSeconds[at], batch.frequencies[at]);
      batch.first = at + 1;
    }
    batch.clear();
  }

  /** Puts a value under `key`: a held one, or where that is NIL the string in `value`. */
  private place(held: number, expireAtMs: number, idleSeconds: number, frequency: number): void {
    const { keyspace, database, key, value } = this;
    const old = findInTable(keyspace.heap, database.entries, key.bytes, key.offset, key.length, key.hash);
    if (old !== NIL && this.options.replacesKeys !== true) {
      throw new LoadError(`it has a key twice in database ${String(database.index)}`);
    }
    const expiresAtMs = expiryOf(expireAtMs);
    const entry =
      held === NIL
        ? setString(keyspace, database, key, old, value, expiresAtMs)
        : placeHeldValue(keyspace, database, key, old, held, expiresAtMs);
    if (idleSeconds !== NOT_SAID || frequency !== NOT_SAID) this.applyAccess(entry, idleSeconds, frequency);
    this.loadedKeys++;
  }

  private applyAccess(entry: number, idleSeconds: number, frequency: number): void {
    const access = this.options.accessOf?.(idleSeconds, frequency) ?? NOT_SAID;
    if (access !== NOT_SAID) setAccess(this.keyspace.heap, entry, access);
  }

  onSkipped(what: string): void {
    this.notes.leftOut(what);
  }
}

/** The expiry of an entry from that in a dump: those before 1970 are over in any case. */
function expiryOf(expireAtMs: number): number {
  return expireAtMs === NOT_SAID ? NO_EXPIRY : Math.max(expireAtMs, 0);
}

function latin1(bytes: Uint8Array, length: number): string {
  return Array.from(bytes.subarray(0, length), (byte) => String.fromCharCode(byte)).join("");
}
