/**
 * The dump file of a server: SAVE, the load at start, and when the last of both was. Everything here blocks.
 */
import { OutOfMemoryError } from "@sider/keyspace-engine";
import type { Keyspace } from "@sider/keyspace-engine";
import {
  FileError,
  KeyspaceLoader,
  LoadError,
  loadRdbFile,
  RdbError,
  saveRdbFile,
  writeKeyspace,
} from "@sider/persistence";
import type { FileSystem } from "@sider/persistence";
import { statSync } from "node:fs";
import { join } from "node:path";
import type { Configuration } from "../config/index.ts";
import type { Logger } from "../log/index.ts";
import { REDIS_VERSION } from "../version.ts";
import { loadLog } from "./load-log.ts";

/** What the service works with; `Server` is one. */
export interface PersistenceParts {
  readonly configuration: Configuration;
  readonly keyspace: Keyspace;
  readonly log: Logger;
}

export class PersistenceService {
  /** When the data was last on disk: the last successful save, or the start. Unix seconds. */
  lastSaveUnixSeconds: number;
  /** When a save was last tried, successfully or not. Unix seconds; 0 before. */
  lastAttemptUnixSeconds = 0;
  lastSaveOk = true;
  /** Saves since the start. */
  saves = 0;
  /** How long the last save took; -1 before the first. */
  lastSaveSeconds = -1;
  /** Keys that the load at start has put in, and those that it has left out because their time had come. */
  lastLoadKeysLoaded = 0;
  lastLoadKeysExpired = 0;
  loading = false;
  private readonly configuration: Configuration;
  private readonly keyspace: Keyspace;
  private readonly log: Logger;
  private readonly fileSystem: FileSystem | undefined;

  constructor(parts: PersistenceParts, fileSystem?: FileSystem) {
    this.configuration = parts.configuration;
    this.keyspace = parts.keyspace;
    this.log = parts.log;
    this.fileSystem = fileSystem;
    this.lastSaveUnixSeconds = this.unixSeconds();
  }

  /** Changes of keys that are not on disk. */
  get changesSinceSave(): number {
    return this.keyspace.dirty;
  }

  /** The dump file. */
  get path(): string {
    return join(this.directory, this.configuration.get("dbfilename"));
  }

  private get directory(): string {
    return this.configuration.text("dir") || ".";
  }

  private unixSeconds(): number {
    return Math.floor(this.keyspace.clock.nowMs() / 1000);
  }

  /**
   * Writes the dump file. The old one is replaced at the end or not at all. O(bytes of data).
   * @throws FileError when a file operation fails; it has been logged, and `lastSaveOk` says so too
   */
  save(): void {
    const { configuration, keyspace } = this;
    const startedMs = keyspace.clock.nowMs();
    this.lastAttemptUnixSeconds = this.unixSeconds();
    try {
      saveRdbFile(
        this.path,
        (writer) => {
          writeKeyspace(keyspace, writer, REDIS_VERSION);
        },
        {
          version: configuration.get("rdb-version") === 10 ? 10 : 11,
          checksum: configuration.get("rdbchecksum"),
          compression: configuration.get("rdbcompression"),
          ...(this.fileSystem === undefined ? {} : { fileSystem: this.fileSystem }),
        },
      );
    } catch (error) {
      this.lastSaveOk = false;
      this.log.warning(this.describeFailure(error));
      throw error;
    }
    keyspace.dirty = 0;
    this.saves++;
    this.lastSaveOk = true;
    this.lastSaveUnixSeconds = this.unixSeconds();
    this.lastSaveSeconds = Math.floor((keyspace.clock.nowMs() - startedMs) / 1000);
    this.log.notice("DB saved on disk");
  }

  private describeFailure(error: unknown): string {
    if (!(error instanceof FileError)) return `Write error saving DB on disk: ${String(error)}`;
    const reason = error.cause instanceof Error ? error.cause.message : error.message;
    const where = `(in server root dir ${this.directory})`;
    switch (error.operation) {
      case "create":
        return `Failed opening the temp RDB file ${error.path} ${where} for saving: ${reason}`;
      case "rename to its final name":
        return `Error moving temp DB file ${error.path} on the final destination ${this.path} ${where}: ${reason}`;
      default:
        return `Write error saving DB on disk(${error.operation}): ${reason}`;
    }
  }

  /**
   * Loads the dump file into the keyspace, which must be empty. False when there is none.
   * @throws LoadError when it cannot be used; the message is ready for the log. The file stays as it is.
   */
  load(): boolean {
    const { configuration, keyspace, log } = this;
    if (configuration.get("dbfilename") === "") return false;
    const startedMs = performance.now();
    const observer = keyspace.observer;
    keyspace.observer = null;
    this.loading = true;
    const loader = new KeyspaceLoader(keyspace, loadLog(log, keyspace.clock.nowMs()), fileLength(this.path));
    try {
      const report = loadRdbFile(this.path, loader, {
        checksum: configuration.get("rdbchecksum"),
        maxStringBytes: Math.min(configuration.get("proto-max-bulk-len"), 2 ** 31 - 1),
        ...(this.fileSystem === undefined ? {} : { fileSystem: this.fileSystem }),
      });
      if (report === null) return false;
      if (report.checksumState === "absent" && configuration.get("rdbchecksum") && report.version >= 5) {
        log.warning("RDB file was saved with checksum disabled: no check performed.");
      }
    } catch (error) {
      throw new LoadError(`Fatal error loading the DB: ${this.path}: ${describeLoadFailure(error)}. Exiting.`, {
        cause: error,
      });
    } finally {
      this.loading = false;
      keyspace.observer = observer;
      for (const database of keyspace.databases) keyspace.watch?.databaseChanged(database);
    }
    keyspace.dirty = 0;
    this.lastLoadKeysLoaded = loader.loadedKeys;
    this.lastLoadKeysExpired = loader.expiredKeys;
    const [loaded, expired] = [String(loader.loadedKeys), String(loader.expiredKeys)];
    log.notice(`Done loading RDB, keys loaded: ${loaded}, keys expired: ${expired}.`);
    log.notice(`DB loaded from disk: ${((performance.now() - startedMs) / 1000).toFixed(3)} seconds`);
    return true;
  }
}

function describeLoadFailure(error: unknown): string {
  if (error instanceof OutOfMemoryError) return "the data does not fit into memory (directive heap-capacity)";
  if (error instanceof LoadError || error instanceof RdbError) return error.message;
  if (error instanceof FileError) return error.message;
  throw error;
}

function fileLength(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
