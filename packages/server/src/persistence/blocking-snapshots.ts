/**
 * What saves in the background where there is no thread for it: writes the dump at once, while everyone waits, and tells of its end in a
 * later turn of the event loop, as `SnapshotController` does.
 */
import type { SnapshotOutcome, SnapshotProgress, SnapshotRequest, Snapshots } from "@sider/persistence";

/** The part of `Snapshots` that saving dumps needs. */
export type BackgroundSaver = Pick<Snapshots, "isRunning" | "progress" | "start" | "cancel">;

const NO_PROGRESS: SnapshotProgress = { keysProcessed: 0, keysTotal: 0, bytesWritten: 0, copiedBytes: 0 };

export class BlockingSnapshots implements BackgroundSaver {
  readonly progress = NO_PROGRESS;
  private readonly write: (request: SnapshotRequest) => void;
  private onEnd: ((outcome: SnapshotOutcome) => void) | null = null;
  private announcement: NodeJS.Immediate | null = null;

  /** @param write writes the file, or throws */
  constructor(write: (request: SnapshotRequest) => void) {
    this.write = write;
  }

  get isRunning(): boolean {
    return this.onEnd !== null;
  }

  start(request: SnapshotRequest, onEnd: (outcome: SnapshotOutcome) => void): void {
    if (this.onEnd !== null) throw new Error("a snapshot is running");
    this.onEnd = onEnd;
    const outcome = this.save(request);
    this.announcement = setImmediate(() => {
      this.end(outcome);
    });
  }

  private save(request: SnapshotRequest): SnapshotOutcome {
    const startedMs = performance.now();
    try {
      this.write(request);
      const durationMs = performance.now() - startedMs;
      return { kind: "saved", byteLength: 0, durationMs, keysWritten: 0, copiedBytes: 0 };
    } catch (error) {
      const reason = error instanceof Error ? error : new Error(String(error));
      return { kind: "failed", error: reason, durationMs: performance.now() - startedMs, copiedBytes: 0 };
    }
  }

  /** The file is there already, so this only ends the announcement. */
  cancel(): void {
    this.end({ kind: "cancelled", durationMs: 0, copiedBytes: 0 });
  }

  private end(outcome: SnapshotOutcome): void {
    const { onEnd } = this;
    if (this.announcement !== null) clearImmediate(this.announcement);
    this.announcement = null;
    this.onEnd = null;
    onEnd?.(outcome);
  }
}
