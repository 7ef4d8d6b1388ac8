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
    idleSeconds: number,
    frequency: number,
  ): void {
    if (this.isOver(expireAtMs)) {
      this.expiredKeys++;
      return;
    }
    const { keyspace, database, key, value } = this;
    const old = this.setKey(keyBytes, keyOffset, keyLength);
    value.set(valueBytes, valueOffset, valueLength);
    const entry = setString(keyspace, database, key, old, value, expiryOf(expireAtMs));
    if (idleSeconds !== NOT_SAID || frequency !== NOT_SAID) this.applyAccess(entry, idleSeconds, frequency);
    this.loadedKeys++;
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
    const { keyspace, reader, idleSeconds, frequency } = this;
    if (reader.held === NIL) {
      this.emptyKeys++;
      this.notes.leftOut("a key with an empty value");
      return;
    }
    if (this.isOver(this.expiresAtMs)) {
      this.expiredKeys++;
      reader.abandon();
      return;
    }
    try {
      const old = this.setKey(this.keyCopy, 0, this.keyCopyLength);
      const entry = placeHeldValue(keyspace, this.database, this.key, old, reader.held, expiryOf(this.expiresAtMs));
      if (idleSeconds !== NOT_SAID || frequency !== NOT_SAID) this.applyAccess(entry, idleSeconds, frequency);
    } catch (error) {
      reader.abandon();
      throw error;
    }
    reader.take();
    this.loadedKeys++;
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

  /** Points `key` at a key, and returns its entry: NIL, unless keys may be replaced. */
  private setKey(bytes: Uint8Array, offset: number, length: number): number {
    const { keyspace, database, key } = this;
    key.set(bytes, offset, length, keyspace.hash(bytes, offset, length));
    const old = findInTable(keyspace.heap, database.entries, bytes, offset, length, key.hash);
    if (old !== NIL && this.options.replacesKeys !== true) {
      throw new LoadError(`it has a key twice in database ${String(database.index)}`);
    }
    return old;
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
