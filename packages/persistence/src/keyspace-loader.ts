/**
 * Puts what a dump contains into an empty keyspace. Keys whose time has come are left out, as a Redis primary does.
 *
 * Nobody observes: a load is no change. Key counts in the dump size the tables in advance, but are only believed as far as a file
 * of that length can hold them.
 */
import { findInTable, NIL, reserveTable } from "@sider/datastructures";
import { Key, NO_EXPIRY, setString, Slice } from "@sider/keyspace-engine";
import type { Database, Keyspace } from "@sider/keyspace-engine";
import type { RdbHandler } from "./rdb-reader.ts";

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
  private database: Database;

  /** For a dump of `fileBytes` bytes. */
  constructor(keyspace: Keyspace, notes: LoadNotes, fileBytes: number) {
    this.notes = notes;
    this.keyspace = keyspace;
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
    key.set(keyBytes, keyOffset, keyLength, keyspace.hash(keyBytes, keyOffset, keyLength));
    if (findInTable(keyspace.heap, database.entries, keyBytes, keyOffset, keyLength, key.hash) !== NIL) {
      throw new LoadError(`it has a key twice in database ${String(database.index)}`);
    }
    value.set(valueBytes, valueOffset, valueLength);
    setString(keyspace, database, key, NIL, value, expireAtMs >= 0 ? expireAtMs : NO_EXPIRY);
    this.loadedKeys++;
  }

  onSkipped(what: string): void {
    this.notes.leftOut(what);
  }
}
