/**
 * Snapshots of a keyspace: starts them, knows how far they are, and says how they ended. `shared-state.ts` explains how they work,
 * `snapshot-guard.ts` is what commands meet, and `snapshot-walk.ts` what saves.
 */
import { findInTable, NIL } from "@sider/datastructures";
import type { Keyspace } from "@sider/keyspace-engine";
import { BYTES, CANCELLED, isOver, KEYS, PHASE, RUNNING } from "./shared-state.ts";
import type { Snapshots } from "./snapshot-api.ts";
import { SnapshotGuard } from "./snapshot-guard.ts";
import type { SnapshotJobPlan } from "./snapshot-job.ts";
import type { SnapshotOutcome, SnapshotProgress, SnapshotRequest } from "./snapshot-request.ts";
import { type JobEnd, runInThread, type SnapshotRun, type StartRun } from "./snapshot-run.ts";

const NOTHING: SnapshotProgress = { keysProcessed: 0, keysTotal: 0, bytesWritten: 0, copiedBytes: 0 };

/** One that is being taken. */
interface Running {
  readonly guard: SnapshotGuard;
  readonly onEnd: (outcome: SnapshotOutcome) => void;
  readonly startedMs: number;
  readonly keysTotal: number;
  /** Null until the job of the last one is out of the way. */
  run: SnapshotRun | null;
}

/** The snapshots of one keyspace, one at a time. */
export class SnapshotController implements Snapshots {
  /** Told when one begins, and when it is over. */
  onChange: (isRunning: boolean) => void = () => undefined;
  private readonly keyspace: Keyspace;
  private readonly startRun: StartRun;
  private running: Running | null = null;
  /** The last one, which may still have to give memory back. */
  private lastGuard: SnapshotGuard | null = null;
  private waiting: (() => void)[] = [];
  /** Resolves when the job that was stopped last is out of the way. */
  private stopped: Promise<void> | null = null;

  /** @param startRun how jobs are run; default: in a thread, on the file system of the machine */
  constructor(keyspace: Keyspace, startRun: StartRun = runInThread) {
    this.keyspace = keyspace;
    this.startRun = startRun;
  }

  get isRunning(): boolean {
    return this.running !== null;
  }

  get heldBytes(): number {
    return this.lastGuard === null ? 0 : this.lastGuard.heldBytes;
  }

  get progress(): SnapshotProgress {
    if (this.running === null) return NOTHING;
    const { guard, keysTotal } = this.running;
    const { words } = guard;
    const bytesWritten = words[BYTES + 1] * 2 ** 32 + (words[BYTES] >>> 0);
    return { keysProcessed: words[KEYS], keysTotal, bytesWritten, copiedBytes: guard.copiedBytes };
  }

  start(request: SnapshotRequest, onEnd: (outcome: SnapshotOutcome) => void): void {
    if (this.running !== null) throw new Error("a snapshot is being taken");
    const { keyspace } = this;
    const { buffer } = keyspace.heap.i32;
    if (!(buffer instanceof SharedArrayBuffer)) throw new Error("snapshots need shared memory");
    const guard = new SnapshotGuard(
      keyspace,
      isPartOfLog(request),
      () => running.run?.help() ?? false,
      (reason) => setImmediate(() => this.abandon(running, new Error(reason))),
    );
    const keysTotal = guard.plans.reduce((sum, plan) => sum + plan.keyCount, 0);
    const running: Running = { guard, onEnd, startedMs: performance.now(), keysTotal, run: null };
    this.running = running;
    this.lastGuard = guard;
    this.onChange(true);
    const plan: SnapshotJobPlan = {
      request,
      buffer,
      words: guard.words,
      plans: guard.plans,
      accessClock: keyspace.accessClock,
    };
    if (this.stopped === null) this.launch(running, plan);
    else void this.stopped.then(() => this.launch(running, plan));
  }

  cancel(): void {
    const { running } = this;
    if (running === null) return;
    const phase = Atomics.compareExchange(running.guard.words, PHASE, RUNNING, CANCELLED);
    if (phase === RUNNING || phase === CANCELLED) this.abandon(running, null);
  }

  mustWait(databaseIndex: number, bytes: Uint8Array, offset: number, length: number, hash: number): boolean {
    const { running, keyspace } = this;
    if (running === null || isOver(running.guard.words)) return false;
    const database = keyspace.databases[databaseIndex];
    if (running.guard.isSaved(database.entries, hash)) return false;
    const entry = findInTable(keyspace.heap, database.entries, bytes, offset, length, hash);
    return entry !== NIL && running.guard.mustWait(database, hash, entry);
  }

  whenSaved(proceed: () => void): void {
    if (this.running === null) setImmediate(proceed);
    else this.waiting.push(proceed);
  }

  private launch(running: Running, plan: SnapshotJobPlan): void {
    if (this.running !== running) return;
    try {
      running.run = this.startRun(plan, {
        saved: () => {
          if (this.running === running) this.wake();
        },
        ended: (end) => this.finish(running, end),
      });
    } catch (error) {
      setImmediate(() =>
        this.finish(running, { kind: "failed", error: error instanceof Error ? error : new Error(String(error)) }),
      );
    }
  }

  private finish(running: Running, end: JobEnd): void {
    const durationMs = performance.now() - running.startedMs;
    const { copiedBytes } = running.guard;
    this.settle(
      running,
      end.kind === "done"
        ? { kind: "saved", byteLength: end.byteLength, keysWritten: end.keysWritten, durationMs, copiedBytes }
        : { kind: "failed", error: end.error, durationMs, copiedBytes },
    );
  }

  /** Ends one that was cancelled, or given up with an error. Its job may go on reading for a moment, but puts no file in place. */
  private abandon(running: Running, error: Error | null): void {
    if (this.running !== running) return;
    const { run } = running;
    if (run !== null) {
      const stopped = run.stop().then(() => {
        if (this.stopped === stopped) this.stopped = null;
      });
      this.stopped = stopped;
    }
    const figures = { durationMs: performance.now() - running.startedMs, copiedBytes: running.guard.copiedBytes };
    this.settle(running, error === null ? { kind: "cancelled", ...figures } : { kind: "failed", error, ...figures });
  }

  private settle(running: Running, outcome: SnapshotOutcome): void {
    if (this.running !== running) return;
    this.running = null;
    running.guard.release();
    this.onChange(false);
    this.wake();
    running.onEnd(outcome);
  }

  private wake(): void {
    const { waiting } = this;
    this.waiting = [];
    for (const proceed of waiting) proceed();
  }
}

/** Whether commands that were executed after the beginning of the snapshot will follow it. */
function isPartOfLog(request: SnapshotRequest): boolean {
  return request.format === "aof" || request.auxFields?.["aof-base"] === 1;
}
