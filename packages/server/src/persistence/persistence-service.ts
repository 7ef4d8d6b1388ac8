/**
 * What a server has on disk: which data set is loaded at the start, the saves of the dump file (`saving`), and whether what cannot be
 * written may be changed.
 */
import type { Keyspace } from "@sider/keyspace-engine";
import { LoadError, RdbError } from "@sider/persistence";
import type { FileSystem, KeyspaceLoadOptions, KeyspaceWriteOptions, Snapshots } from "@sider/persistence";
import { join } from "node:path";
import type { Configuration } from "../config/index.ts";
import { GATE_DISK, GATE_LOADING } from "../gates.ts";
import type { Logger } from "../log/index.ts";
import { describeLoadFailure, logDamage } from "./load-failure.ts";
import { Loading } from "./loading.ts";
import { RdbSaving } from "./rdb-saving.ts";
import { BACKGROUND_SAVE_ERROR } from "./refusals.ts";
import { openRdbSource } from "./rdb-source.ts";
import type { RdbSource } from "./rdb-source.ts";

/** What the service works with; `Server` is one. */
export interface PersistenceParts {
  readonly configuration: Configuration;
  readonly keyspace: Keyspace;
  readonly log: Logger;
  /** What saves in the background. */
  readonly snapshots: Snapshots;
  setGate(gate: number, isClosed: boolean): void;
}

/** What is known of a dump when it has been loaded. */
export interface LoadedDump {
  readonly loadedKeys: number;
  readonly expiredKeys: number;
  readonly functionLibraries: readonly Uint8Array[];
}

export class PersistenceService {
  readonly saving: RdbSaving;
  readonly loadState: Loading;
  /** Keys that the last load has put in, and those that it has left out because their time had come. */
  lastLoadKeysLoaded = 0;
  lastLoadKeysExpired = 0;
  /** RESTORE takes payloads whose checksum is wrong, for tests. */
  skipsChecksums = false;
  /** Loads the append-only file while everyone waits, after it was brought to the disk and `forget` was called; null while there is none. */
  reloadLog: ((forget: () => void) => void) | null = null;
  /** Why the append-only file cannot be written, or null. */
  private logError: string | null = null;
  /** Function libraries of the dump that was loaded: nobody calls them yet, but they are saved again. */
  private functionLibraries: readonly Uint8Array[] = [];
  private readonly parts: PersistenceParts;
  private readonly fileSystem: FileSystem | undefined;

  constructor(parts: PersistenceParts, fileSystem?: FileSystem) {
    const { configuration, keyspace, log, snapshots } = parts;
    this.parts = parts;
    this.fileSystem = fileSystem;
    this.saving = new RdbSaving({
      configuration,
      keyspace,
      log,
      ...(fileSystem === undefined ? {} : { fileSystem }),
      snapshots,
      path: () => this.path,
      extras: () => this.extras,
      statusChanged: () => {
        this.updateDiskGate();
      },
    });
    this.loadState = new Loading({
      configuration,
      keyspace,
      log,
      changed: (isActive) => {
        parts.setGate(GATE_LOADING, isActive);
      },
    });
    for (const name of ["save", "stop-writes-on-bgsave-error"] as const) {
      configuration.onChange(name, () => {
        this.updateDiskGate();
      });
    }
  }

  /** Whether a data set is being loaded. */
  get loading(): boolean {
    return this.loadState.isActive;
  }

  /** Changes of keys that are not in the dump file. */
  get changesSinceSave(): number {
    return this.parts.keyspace.dirty;
  }

  /** The dump file. */
  get path(): string {
    const { configuration } = this.parts;
    return join(configuration.text("dir") || ".", configuration.get("dbfilename"));
  }

  /** What a dump of this server holds beside its keys. */
  get extras(): KeyspaceWriteOptions {
    const policy = this.parts.configuration.get("maxmemory-policy");
    const access = policy.endsWith("-lfu") ? "frequency" : policy.endsWith("-lru") ? "idle" : null;
    return { functionLibraries: this.functionLibraries, access };
  }

  /** Writes the dump file while everyone waits. @throws FileError when it cannot; it has been logged */
  save(): void {
    this.saving.save();
  }

  /** Lets what runs in the background fail, for tests. False when nothing runs. */
  failSnapshot(): boolean {
    return this.saving.fail();
  }

  /** Ends what is under way, without saving. */
  close(): void {
    this.loadState.cancel();
    this.saving.cancel(() => undefined);
  }

  /** Says why the append-only file cannot be written, or that it can be again (null). */
  setLogError(reason: string | null): void {
    this.logError = reason;
    this.updateDiskGate();
  }

  /** Why commands that change data are refused: the error reply; null when they are not. */
  get diskError(): string | null {
    const { configuration } = this.parts;
    const isRdbBroken =
      !this.saving.lastOk && configuration.get("stop-writes-on-bgsave-error") && configuration.get("save").length > 0;
    if (isRdbBroken) return BACKGROUND_SAVE_ERROR;
    return this.logError === null ? null : `MISCONF Errors writing to the AOF file: ${this.logError}`;
  }

  private updateDiskGate(): void {
    this.parts.setGate(GATE_DISK, this.diskError !== null);
  }

  /**
   * Loads the dump file into the keyspace, which must be empty, turn by turn. False when there is none.
   * Rejects with LoadError when it cannot be used (the message is ready for the log), and with LoadCancelled. The file stays as it is.
   */
  async loadInTurns(): Promise<boolean> {
    const startedMs = performance.now();
    const source = this.open({ ahead: true });
    if (source === null) return false;
    try {
      await this.loadState.inTurns(source);
    } catch (error) {
      throw this.failure(error);
    }
    this.loaded(source, startedMs);
    return true;
  }

  /** As `loadInTurns`, while everyone waits. @throws LoadError */
  load(options: KeyspaceLoadOptions = {}): boolean {
    const startedMs = performance.now();
    const source = this.open(options);
    if (source === null) return false;
    try {
      this.loadState.atOnce(source);
    } catch (error) {
      throw this.failure(error);
    }
    this.loaded(source, startedMs);
    return true;
  }

  private open(options: KeyspaceLoadOptions & { readonly ahead?: boolean }): RdbSource | null {
    if (this.parts.configuration.get("dbfilename") === "") return null;
    const { fileSystem } = this;
    try {
      return openRdbSource(this.path, { ...this.parts, ...(fileSystem === undefined ? {} : { fileSystem }) }, options);
    } catch (error) {
      throw this.failure(error);
    }
  }

  /** Keeps what is known of a dump that was loaded. */
  remember(dump: LoadedDump): void {
    this.lastLoadKeysLoaded = dump.loadedKeys;
    this.lastLoadKeysExpired = dump.expiredKeys;
    this.functionLibraries = dump.functionLibraries;
  }

  private loaded({ loader }: RdbSource, startedMs: number): void {
    this.remember(loader);
    this.parts.log.notice(`DB loaded from disk: ${((performance.now() - startedMs) / 1000).toFixed(3)} seconds`);
  }

  private failure(error: unknown): unknown {
    const reason = describeLoadFailure(error);
    if (reason === null) return error;
    if (error instanceof RdbError) logDamage(this.parts.log, error);
    return new LoadError(`Fatal error loading the DB: ${this.path}: ${reason}. Exiting.`, { cause: error });
  }
}
