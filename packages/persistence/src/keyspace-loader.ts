/**
 * Puts what a dump contains into an empty keyspace. Keys whose time has come are left out, as a Redis primary does.
 *
 * Nobody observes: a load is no change. Key counts in the dump size the tables in advance, but are only believed as far as a file
 * of that length can hold them.
 */
import { findInTable, NIL, reserveTable } from "@sider/datastructures";
import { Key, NO_EXPIRY, placeHeldValue, setString, Slice } from "@sider/keyspace-engine";
import type { Database, Keyspace } from "@sider/keyspace-engine";
import type { RdbHandler } from "./rdb-reader.ts";
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

export class KeyspaceLoader implements RdbHandler {
  loadedKeys = 0;
  expiredKeys = 0;
  private readonly notes: LoadNotes;
  private readonly keyspace: Keyspace;
  private readonly fileBytes: number;
  private readonly nowMs: number;
  private readonly key = new Key();
  private readonly value = new Slice();
  private readonly reader: ValueReader;
  private keyCopy = new Uint8Array(0);
  private expiresAtMs = NO_EXPIRY;
  private database: Database;

  /** For a dump of `fileBytes` bytes. */
  constructor(keyspace: Keyspace, notes: LoadNotes, fileBytes: number) {
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
    this.database = this.keyspace.databases[index];
  }

  onResizeDatabase(keyCount: number, expireCount: number): void {
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
  ): void {
    if (expireAtMs >= 0 && expireAtMs < this.nowMs) {
      this.expiredKeys++;
      return;
    }
    const { keyspace, database, key, value } = this;
    this.setKey(keyBytes, keyOffset, keyLength);
    value.set(valueBytes, valueOffset, valueLength);
    setString(keyspace, database, key, NIL, value, expireAtMs >= 0 ? expireAtMs : NO_EXPIRY);
    this.loadedKeys++;
  }

  onValue(type: number, keyBytes: Uint8Array, keyOffset: number, keyLength: number, expireAtMs: number): ValueReader {
    // the bytes of the value that follow may push the key out of the reader's window
    this.keyCopy = keyBytes.slice(keyOffset, keyOffset + keyLength);
    this.expiresAtMs = expireAtMs >= 0 ? expireAtMs : NO_EXPIRY;
    this.reader.begin(type);
    return this.reader;
  }

  onValueEnd(): void {
    const { keyspace, reader } = this;
    if (reader.held === NIL) {
      this.notes.leftOut("a key with an empty value");
      return;
    }
    if (this.expiresAtMs !== NO_EXPIRY && this.expiresAtMs < this.nowMs) {
      this.expiredKeys++;
      reader.abandon();
      return;
    }
    try {
      this.setKey(this.keyCopy, 0, this.keyCopy.length);
      placeHeldValue(keyspace, this.database, this.key, NIL, reader.held, this.expiresAtMs);
    } catch (error) {
      reader.abandon();
      throw error;
    }
    reader.take();
    this.loadedKeys++;
  }

  /** Points `key` at a key that must be new. */
  private setKey(bytes: Uint8Array, offset: number, length: number): void {
    const { keyspace, database, key } = this;
    key.set(bytes, offset, length, keyspace.hash(bytes, offset, length));
    if (findInTable(keyspace.heap, database.entries, bytes, offset, length, key.hash) !== NIL) {
      throw new LoadError(`it has a key twice in database ${String(database.index)}`);
    }
  }

  onSkipped(what: string): void {
    this.notes.leftOut(what);
  }
}
