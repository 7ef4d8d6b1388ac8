/**
 * What is asked of a snapshot, and what becomes of it.
 *
 * A snapshot is one point in time: that at which `SnapshotController.start` was called. Commands go on meanwhile.
 */
import type { RdbWriterOptions } from "../rdb-writer.ts";

/** Which file is to be written. Plain data: it is sent to another thread. */
export interface SnapshotRequest {
  /** `rdb`: a dump. `aof`: commands that make the data, each a complete request. */
  readonly format: "rdb" | "aof";
  /** The file. It is replaced as a whole when all is written and synced, or not at all. */
  readonly path: string;
  /** Where it is written until then, in the same directory. */
  readonly temporaryPath: string;
  /** How the dump is written. Only for `rdb`. */
  readonly rdb?: RdbWriterOptions;
  /** The facts at the head of the dump, in their order: redis-ver, redis-bits, ctime, used-mem, aof-base. Only for `rdb`. */
  readonly auxFields?: Readonly<Record<string, string | number>>;
  /** What the access bits of entries mean, and is written with each (maxmemory-policy). Only for `rdb`. */
  readonly access?: "idle" | "frequency" | null;
  /** Function libraries, as KeyspaceLoader has kept them. Only for `rdb`. */
  readonly functionLibraries?: readonly Uint8Array[];
  /** What is to come before everything else, such as the annotation of a time. Only for `aof`. */
  readonly head?: Uint8Array;
  /** Syncs after so many bytes, so that the end has little left to wait for (rdb-save-incremental-fsync); 0: only at the end. */
  readonly syncEveryBytes?: number;
  /** Sleeps so long after each key, or -n: a microsecond for each n keys; for tests (rdb-key-save-delay). */
  readonly keyDelayMicroseconds?: number;
}

/** How a snapshot ended. The file is in its place with `saved`, and as it was before with the others. */
export type SnapshotOutcome =
  | {
      readonly kind: "saved";
      /** Length of the file. */
      readonly byteLength: number;
      readonly durationMs: number;
      readonly keysWritten: number;
      /** Bytes of old values that were copied because they were changed meanwhile: the counterpart of what fork copies on write. */
      readonly copiedBytes: number;
    }
  | {
      readonly kind: "failed";
      /** A FileError where a file operation failed; else what happened to the thread. */
      readonly error: Error;
      readonly durationMs: number;
      readonly copiedBytes: number;
    }
  | { readonly kind: "cancelled"; readonly durationMs: number; readonly copiedBytes: number };

/** How far a snapshot is. */
export interface SnapshotProgress {
  readonly keysProcessed: number;
  /** Keys there were when it began. */
  readonly keysTotal: number;
  readonly bytesWritten: number;
  /** Bytes of old values copied so far. */
  readonly copiedBytes: number;
}
