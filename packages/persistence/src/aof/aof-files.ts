/**
 * The directory of a multi-part append only file: which files there are, on disk and in the manifest.
 *
 *     <dir>/appendonlydir/appendonly.aof.manifest       replaced as a whole: temp-, sync, rename, sync of the directory
 *     <dir>/appendonlydir/appendonly.aof.1.base.rdb
 *     <dir>/appendonlydir/appendonly.aof.1.incr.aof
 *
 * The order of steps is such that whatever a crash leaves, the manifest on disk names files that are there and fit together.
 * A failure after the manifest has its name but before that is durable leaves open which of two manifests a power cut would
 * leave: then the files of both are kept until a later manifest is durable. Log lines are those of Redis's aof.c.
 */

import { dirname, join } from "node:path";
import { closeQuietly, removeQuietly, syncDirectory } from "../file-steps.ts";
import { errorCode, errorReason, type FileSystem } from "../file-system.ts";
import { AofError, type AofLogger, refuse } from "./aof-format.ts";
import type { AofWatch } from "./aof-watch.ts";
import {
  type AofManifest,
  EMPTY_MANIFEST,
  filesToLoad,
  manifestName,
  temporaryIncrementName,
  withIncrementsAsHistory,
  withNewBase,
  withNewIncrement,
  withoutHistory,
} from "./manifest.ts";
import { type Persisted, readManifest, replaceManifest } from "./manifest-file.ts";

export interface AofFilesOptions {
  readonly fileSystem: FileSystem;
  readonly logger: AofLogger;
  /** The server's directory (dir). */
  readonly directory: string;
  /** Of the append only file in it (appenddirname). */
  readonly directoryName: string;
  /** What the names of the files begin with (appendfilename). */
  readonly fileName: string;
}

/** A file that is open to append. */
export interface OpenIncrement {
  readonly descriptor: number;
  readonly byteLength: number;
}

/** The files of one append only file, and the steps that change which they are. Throws `FileError`. */
export class AofFiles {
  readonly fileSystem: FileSystem;
  readonly logger: AofLogger;
  /** Old files stay (DEBUG SET-DISABLE-AUTO-GC / aof-disable-auto-gc). */
  keepHistory = false;
  /** Null while nobody wants to know. */
  watch: AofWatch | null = null;
  readonly #directory: string;
  readonly #directoryName: string;
  readonly #fileName: string;
  #manifest = EMPTY_MANIFEST;
  /** Whether the manifest on disk may be another. */
  #dirty = false;
  /** Whether the manifest that was loaded may still be lost: its writer may have been killed before it was durable. */
  #unsynced = false;

  constructor(options: AofFilesOptions) {
    this.fileSystem = options.fileSystem;
    this.logger = options.logger;
    this.#directory = options.directory;
    this.#directoryName = options.directoryName;
    this.#fileName = options.fileName;
  }

  get manifest(): AofManifest {
    return this.#manifest;
  }

  /** Where the files are. */
  get path(): string {
    return join(this.#directory, this.#directoryName);
  }

  /** The path of one of the files. */
  pathOf(name: string): string {
    return join(this.path, name);
  }

  /** Whether a file of this name is one from before Redis 7: a dump may be followed by commands. */
  isOldStyle(name: string): boolean {
    return name === this.#fileName;
  }

  /** Reads the manifest; where there is no directory or no manifest, it is empty. @throws AofError, which has been logged */
  load(): void {
    this.#manifest = EMPTY_MANIFEST;
    this.#dirty = false;
    const path = this.pathOf(manifestName(this.#fileName));
    if (!this.#isThere(path)) return;
    this.#manifest = readManifest(this.fileSystem, path, this.logger);
    this.#unsynced = true;
  }

  /** Whether there is a file in the directory, which may be none, or closed to us. @throws AofError, which has been logged */
  #isThere(path: string): boolean {
    try {
      return this.fileSystem.kind(path) !== null;
    } catch (error) {
      return refuse(this.logger, "io", this.#directoryFailure(error), error);
    }
  }

  /**
   * Moves an append only file of Redis before 7 (one file in `dir`) into the directory, as its base. A crash in between is
   * made good by the next start. To be called after `load`. @throws AofError, which has been logged
   */
  upgrade(): void {
    if (!this.#needsUpgrade()) return;
    this.#makeDirectory();
    const name = this.#fileName;
    this.#manifest = { ...this.#manifest, base: { name, sequence: 1, type: "b" }, baseSequence: 1 };
    if (this.#persist(this.#manifest) !== "done") throw new AofError("io", "the manifest cannot be written");
    try {
      this.fileSystem.rename(join(this.#directory, name), this.pathOf(name));
      syncDirectory(this.fileSystem, this.path);
      syncDirectory(this.fileSystem, this.#directory);
    } catch (error) {
      const line = `Error trying to move the old AOF file ${name} into dir ${this.#directoryName}: ${errorReason(error)}`;
      refuse(this.logger, "io", line, error);
    }
    this.logger.notice(
      `Successfully migrated an old-style AOF file (${name}) into the AOF directory (${this.#directoryName}).`,
    );
  }

  /** Length of all files to load. @throws AofError when one is missing, which has been logged */
  totalBytes(): number {
    let bytes = 0;
    for (const { name } of filesToLoad(this.#manifest)) bytes += this.byteLength(name);
    return bytes;
  }

  /** Length of one file. @throws AofError, which has been logged */
  byteLength(name: string): number {
    try {
      return this.fileSystem.sizeAt(this.pathOf(name));
    } catch (error) {
      const kind = errorCode(error) === "ENOENT" ? "missing" : "io";
      return refuse(
        this.logger,
        kind,
        `Unable to obtain the AOF file ${name} length. stat: ${errorReason(error)}`,
        error,
      );
    }
  }

  /**
   * After the load at start: writes a base when there is nothing at all, and opens the last increment, or a first one.
   * @param rdb whether the base is a dump
   * @param writeBase writes the data (an empty data set, as a rule) to a path, atomically and durably
   * @throws AofError, which has been logged, and what `writeBase` throws
   */
  openOnStart(rdb: boolean, writeBase: (path: string) => void): OpenIncrement {
    this.#makeDirectory();
    if (!this.#syncNames()) throw new AofError("io", "the directory cannot be made durable");
    const hadIncrement = this.#manifest.increments.length > 0;
    if (this.#manifest.base === null && !hadIncrement) this.#createBase(rdb, writeBase);
    if (!hadIncrement) this.#change(withNewIncrement(this.#manifest, this.#fileName));
    const name = this.#manifest.increments.at(-1)?.name ?? "";
    const opened = this.#openToAppend(name, !hadIncrement);
    if (opened === null) throw new AofError("io", `${name} cannot be opened`);
    if (!this.#makeDurable(name, opened.descriptor)) {
      closeQuietly(this.fileSystem, opened.descriptor);
      throw new AofError("io", "the append only file cannot be made durable");
    }
    this.logger.notice(`${hadIncrement ? "Opening" : "Creating"} AOF incr file ${name} on server start`);
    return opened;
  }

  /**
   * A new increment for what changes while a rewrite runs. All that was written before must be durable.
   * @returns null, logged, where it cannot be had: the one before is then still the last
   */
  beginIncrement(): OpenIncrement | null {
    if (!this.#directoryIsThere()) return null;
    const next = withNewIncrement(this.#manifest, this.#fileName);
    const name = next.increments.at(-1)?.name ?? "";
    const opened = this.#openToAppend(name, true);
    if (opened === null) return null;
    if (this.#persistOrReturn(next)) {
      this.logger.notice(`Creating AOF incr file ${name} on background rewrite`);
      return opened;
    }
    closeQuietly(this.fileSystem, opened.descriptor);
    return null;
  }

  /** As `beginIncrement`, while there is no base that it could follow: under a temporary name, and not in the manifest. */
  beginTemporaryIncrement(): OpenIncrement | null {
    if (!this.#directoryIsThere()) return null;
    const name = temporaryIncrementName(this.#fileName);
    const opened = this.#openToAppend(name, true);
    if (opened !== null) this.logger.notice(`Creating AOF incr file ${name} on background rewrite`);
    return opened;
  }

  removeTemporaryIncrement(): void {
    const name = temporaryIncrementName(this.#fileName);
    this.logger.notice(`Removing the temp incr aof file ${name} in the background`);
    this.#remove(name);
  }

  /** Makes the directory unless it is there. @returns false, logged, where it cannot be had */
  ensureDirectory(): boolean {
    return this.#directoryIsThere();
  }

  /**
   * The rewrite is done: what it wrote becomes the base, and what it replaces is deleted.
   * @param temporaryPath the new base, durable, in the same file system
   * @param increment `last`: the last increment goes on; `temporary`: the one with the temporary name becomes the first;
   * `none`: nothing is appended
   * @returns the name of the base; null, logged, where it failed and all is as it was (the temporary file may be left)
   */
  finishRewrite(temporaryPath: string, rdb: boolean, increment: "last" | "temporary" | "none"): string | null {
    let next = withNewBase(this.#manifest, this.#fileName, rdb);
    const base = next.base?.name ?? "";
    if (!this.#rename("base", temporaryPath, base)) return null;
    this.logger.notice(`Successfully renamed the temporary AOF base file ${temporaryPath} into ${base}`);
    let added: string | null = null;
    if (increment === "temporary") {
      next = withNewIncrement(next, this.#fileName);
      added = next.increments.at(-1)?.name ?? "";
      const temporary = temporaryIncrementName(this.#fileName);
      if (!this.#rename("incr", this.pathOf(temporary), added)) {
        this.#remove(base);
        return null;
      }
      this.logger.notice(`Successfully renamed the temporary AOF incr file ${temporary} into ${added}`);
    }
    next = withIncrementsAsHistory(next, increment !== "none");
    const persisted = this.#persist(next);
    if (persisted === "failed") {
      this.#remove(base);
      if (added !== null) this.#remove(added);
      return null;
    }
    if (persisted === "unsure" && added !== null) {
      // It may count or not; in either case what follows must not get these names.
      const { baseSequence, incrementSequence } = next;
      this.#change({ ...this.#manifest, baseSequence, incrementSequence });
      return null;
    }
    // Unsure is as good here: what is appended goes to the last increment of both manifests, and the files of both are kept.
    this.#manifest = next;
    this.deleteHistory();
    return base;
  }

  /** Deletes what rewrites have replaced, if it is certain that no manifest needs it any more. To be called at start, too. */
  deleteHistory(): void {
    const { history } = this.#manifest;
    if (this.keepHistory || history.length === 0) return;
    if (this.#dirty ? this.#persist(this.#manifest) !== "done" : !this.#syncNames()) return;
    for (const { name } of history) {
      this.logger.notice(`Removing the history file ${name} in the background`);
      this.#remove(name);
    }
    this.#change(withoutHistory(this.#manifest));
    this.#persist(this.#manifest);
  }

  #needsUpgrade(): boolean {
    const { base, increments } = this.#manifest;
    const kindOf = (path: string): string | null => this.fileSystem.kind(path);
    if (kindOf(join(this.#directory, this.#fileName)) !== "file") return false;
    if (increments.length > 0) return kindOf(this.path) !== "directory";
    return base === null || (base.name === this.#fileName && kindOf(this.pathOf(base.name)) === null);
  }

  /** What a process that was killed has left is in the system's memory, perhaps, and not on the disk. */
  #makeDurable(name: string, descriptor: number): boolean {
    try {
      this.fileSystem.fsync(descriptor);
      for (const older of this.#manifest.increments.slice(0, -1)) this.#sync(older.name);
      if (!this.#dirty) syncDirectory(this.fileSystem, this.path);
    } catch (error) {
      this.logger.warning(`Fail to fsync the AOF file ${name}: ${errorReason(error)}`);
      return false;
    }
    return !this.#dirty || this.#persist(this.#manifest) === "done";
  }

  /** From here on a crash leaves this manifest, or a later one. */
  #syncNames(): boolean {
    if (!this.#unsynced) return true;
    try {
      syncDirectory(this.fileSystem, this.path);
      this.#unsynced = false;
    } catch (error) {
      this.logger.warning(`Fail to fsync AOF directory ${this.path}: ${errorReason(error)}`);
    }
    return !this.#unsynced;
  }

  #sync(name: string): void {
    const descriptor = this.fileSystem.open(this.pathOf(name), "a");
    try {
      this.fileSystem.fsync(descriptor);
    } finally {
      closeQuietly(this.fileSystem, descriptor);
    }
  }

  #change(manifest: AofManifest): void {
    this.#manifest = manifest;
    this.#dirty = true;
  }

  #createBase(rdb: boolean, writeBase: (path: string) => void): void {
    const next = withNewBase(this.#manifest, this.#fileName, rdb);
    const name = next.base?.name ?? "";
    writeBase(this.pathOf(name));
    this.#change(next);
    this.logger.notice(`Creating AOF base file ${name} on server start`);
  }

  #makeDirectory(): void {
    if (!this.#directoryIsThere()) throw new AofError("io", `there is no directory ${this.#directoryName}`);
  }

  #directoryIsThere(): boolean {
    try {
      if (this.fileSystem.kind(this.path) === null) this.fileSystem.makeDirectory(this.path);
      syncDirectory(this.fileSystem, dirname(this.path));
      return true;
    } catch (error) {
      this.logger.warning(this.#directoryFailure(error));
      return false;
    }
  }

  #directoryFailure(error: unknown): string {
    return `Can't open or create append-only dir ${this.#directoryName}: ${errorReason(error)}`;
  }

  /** A new file must be new: one of the same name, left by a rewrite that came to nothing, could have its old bytes after a crash. */
  #openToAppend(name: string, isNew: boolean): OpenIncrement | null {
    const path = this.pathOf(name);
    let descriptor: number | null = null;
    try {
      if (isNew && this.fileSystem.kind(path) !== null) this.fileSystem.unlink(path);
      descriptor = this.fileSystem.open(path, "a");
      return { descriptor, byteLength: this.fileSystem.size(descriptor) };
    } catch (error) {
      if (descriptor !== null) closeQuietly(this.fileSystem, descriptor);
      this.logger.warning(`Can't open the append-only file ${name}: ${errorReason(error)}`);
      return null;
    }
  }

  #rename(what: "base" | "incr", from: string, name: string): boolean {
    const { watch } = this;
    const startedMs = watch === null ? 0 : watch.steadyMs();
    try {
      this.fileSystem.rename(from, this.pathOf(name));
      if (watch !== null) watch.renamed(watch.steadyMs() - startedMs);
      return true;
    } catch (error) {
      const to = this.pathOf(name);
      this.logger.warning(
        `Error trying to rename the temporary AOF ${what} file ${from} into ${to}: ${errorReason(error)}`,
      );
      return false;
    }
  }

  /** The bytes of a file that loses its name are freed off the thread. A file that cannot be removed is in nobody's way. */
  #remove(name: string): void {
    const path = this.pathOf(name);
    let descriptor: number | null = null;
    try {
      descriptor = this.fileSystem.open(path, "r");
    } catch {
      // Then they are freed here.
    }
    removeQuietly(this.fileSystem, path);
    if (descriptor !== null) this.fileSystem.closeLater(descriptor);
  }

  /** Makes `next` the manifest; false, and the one before is it, where that fails. */
  #persistOrReturn(next: AofManifest): boolean {
    const before = this.#manifest;
    const persisted = this.#persist(next);
    if (persisted === "done") {
      this.#manifest = next;
      return true;
    }
    // Where it is not certain that the next one is not there, the one before takes its place again. If that fails too, what
    // differs is an empty increment at the end, which loads as nothing, as long as nothing else gets its name.
    if (persisted === "unsure" && this.#persist(before) !== "done") {
      this.#change({ ...before, incrementSequence: next.incrementSequence });
    }
    return false;
  }

  #persist(manifest: AofManifest): Persisted {
    const persisted = replaceManifest(this.fileSystem, this.path, this.#fileName, manifest, this.logger);
    if (persisted === "done") {
      this.#dirty = false;
      this.#unsynced = false;
    } else if (persisted === "unsure") {
      this.#dirty = true;
    }
    return persisted;
  }
}
