/** The dump file as a data set that comes in steps. */
import type { Keyspace } from "@sider/keyspace-engine";
import { accessReader } from "./access-reader.ts";
import { FileError, KeyspaceLoader, nodeFileSystem, openRdbFile } from "@sider/persistence";
import type { FileSystem, KeyspaceLoadOptions, RdbFileLoad } from "@sider/persistence";
import type { Configuration } from "../config/index.ts";
import type { Logger } from "../log/index.ts";
import { sleepMicroseconds } from "../sleep.ts";
import { loadLog } from "./load-log.ts";
import type { LoadSource } from "./loading.ts";

/** Steps of the reader between two looks at the clock. */
const READER_STEPS = 64;

export interface RdbSourceParts {
  readonly configuration: Configuration;
  readonly keyspace: Keyspace;
  readonly log: Logger;
  readonly fileSystem?: FileSystem;
}

/** Opens the dump at `path`; null when there is none. `ahead`: it will be loaded in turns, see openRdbFile. @throws FileError */
export function openRdbSource(
  path: string,
  parts: RdbSourceParts,
  options: KeyspaceLoadOptions & { readonly ahead?: boolean } = {},
): RdbSource | null {
  const { configuration, fileSystem = nodeFileSystem, keyspace, log } = parts;
  const totalBytes = lengthOf(path, fileSystem);
  if (totalBytes === null) return null;
  const notes = loadLog(log, keyspace.clock.nowMs());
  const loader = new KeyspaceLoader(keyspace, notes, totalBytes, { accessOf: accessReader(keyspace), ...options });
  const load = openRdbFile(path, loader, {
    checksum: configuration.get("rdbchecksum"),
    maxStringBytes: Math.min(configuration.get("proto-max-bulk-len"), 2 ** 31 - 1),
    fileSystem,
    ahead: options.ahead === true,
  });
  return load === null ? null : new RdbSource(load, loader, totalBytes, notes, parts);
}

/** Bytes of the file at `path`; null when there is none. @throws FileError */
function lengthOf(path: string, fileSystem: FileSystem): number | null {
  try {
    return fileSystem.kind(path) === null ? null : fileSystem.sizeAt(path);
  } catch (error) {
    throw new FileError("read", path, error);
  }
}

export class RdbSource implements LoadSource {
  readonly totalBytes: number;
  readonly loader: KeyspaceLoader;
  private readonly load: RdbFileLoad;
  private readonly notes: { readonly usedMemoryBytes: number };
  private readonly parts: RdbSourceParts;
  private delayedKeys = 0;

  constructor(
    load: RdbFileLoad,
    loader: KeyspaceLoader,
    totalBytes: number,
    notes: { readonly usedMemoryBytes: number },
    parts: RdbSourceParts,
  ) {
    this.load = load;
    this.loader = loader;
    this.totalBytes = totalBytes;
    this.notes = notes;
    this.parts = parts;
  }

  get loadedBytes(): number {
    return this.load.consumedBytes;
  }

  get usedMemoryBytes(): number {
    return this.notes.usedMemoryBytes;
  }

  step(): boolean {
    const delayMicroseconds = this.parts.configuration.get("key-load-delay");
    const goesOn = this.load.steps(delayMicroseconds > 0 ? 1 : READER_STEPS);
    if (delayMicroseconds > 0) this.delay(delayMicroseconds);
    if (!goesOn) this.logEnd();
    return goesOn;
  }

  private delay(delayMicroseconds: number): void {
    const keys = this.loader.loadedKeys + this.loader.expiredKeys;
    sleepMicroseconds((keys - this.delayedKeys) * delayMicroseconds);
    this.delayedKeys = keys;
  }

  private logEnd(): void {
    const { configuration, log } = this.parts;
    const { emptyKeys, expiredKeys, loadedKeys } = this.loader;
    const { checksumState, version } = this.load.report();
    if (checksumState === "absent" && configuration.get("rdbchecksum") && version >= 5) {
      log.warning("RDB file was saved with checksum disabled: no check performed.");
    }
    const counts = `keys loaded: ${String(loadedKeys)}, keys expired: ${String(expiredKeys)}`;
    if (emptyKeys === 0) log.notice(`Done loading RDB, ${counts}.`);
    else log.warning(`Done loading RDB, ${counts}, empty keys skipped: ${String(emptyKeys)}.`);
  }

  close(): void {
    this.load.close();
  }
}
