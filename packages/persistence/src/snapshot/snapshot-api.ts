/** What the rest of a server knows of snapshots. `SnapshotController` is the implementation. */
import type { SnapshotOutcome, SnapshotProgress, SnapshotRequest } from "./snapshot-request.ts";

/** Takes snapshots of one keyspace, one at a time. */
export interface Snapshots {
  /** Whether one is being taken. */
  readonly isRunning: boolean;
  /** How far it is; all zero while none runs. */
  readonly progress: SnapshotProgress;
  /** Bytes of the heap that copies of changed entries, and lists of entries, take now. They come back when it is over. */
  readonly heldBytes: number;
  /**
   * Begins one of the data as they are now. Returns at once (tens of microseconds, and memory of half a byte a key).
   * @param onEnd called once, in a later turn of the event loop, or from within `cancel`; `isRunning` is false by then
   * @throws Error when one is running
   */
  start(request: SnapshotRequest, onEnd: (outcome: SnapshotOutcome) => void): void;
  /** Ends the running one without a file; does nothing while none runs, or when its file is being put in place. */
  cancel(): void;
  /**
   * Whether a command that changes this key had better wait: its value is large, and its old state is not saved yet. Without waiting the
   * change is right too, but copies the value first.
   * @param hash the key's, under the keyspace's hash key
   */
  mustWait(databaseIndex: number, bytes: Uint8Array, offset: number, length: number, hash: number): boolean;
  /** Calls back once when a value that `mustWait` said to wait for may have been saved, or the snapshot is over: then ask again. */
  whenSaved(proceed: () => void): void;
}
