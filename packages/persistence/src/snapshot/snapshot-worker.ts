/** The thread that saves: runs a job to its end, tells how it went, and is gone. `snapshot-run.ts` starts it. */
import { getPriority, setPriority } from "node:os";
import { parentPort, workerData } from "node:worker_threads";
import { FileError, nodeFileSystem } from "../file-system.ts";
import { FAILED, isOver, PHASE, URGENT } from "./shared-state.ts";
import { SnapshotJob, type SnapshotJobPlan } from "./snapshot-job.ts";
import type { WorkerMessage } from "./snapshot-run.ts";

const SLEEP_MS = 10;
/** Who asks comes before who saves where both want a processor; a tenth of it is left to this thread at the least. */
const ADDED_NICENESS = 10;
const MOST_NICENESS = 19;

const plan = workerData as SnapshotJobPlan;
const sleeper = new Int32Array(new SharedArrayBuffer(4));

function tell(message: WorkerMessage): void {
  parentPort?.postMessage(message);
}

/** Sleeps, but for as long as something is waited for or the snapshot is over. */
function sleep(milliseconds: number): void {
  const endMs = performance.now() + milliseconds;
  for (let leftMs = milliseconds; leftMs > 0; leftMs = endMs - performance.now()) {
    if (isOver(plan.words) || Atomics.load(plan.words, URGENT) !== 0) return;
    Atomics.wait(sleeper, 0, 0, Math.min(leftMs, SLEEP_MS));
  }
}

/** Milliseconds to sleep for each key. */
function delayMs(): number {
  const delay = plan.request.keyDelayMicroseconds ?? 0;
  return delay >= 0 ? delay / 1000 : 0.001 / -delay;
}

/** Lowers the priority of this thread. Linux alone has one for each thread: elsewhere it would be that of the server. */
function giveWay(): void {
  if (process.platform !== "linux") return;
  try {
    setPriority(Math.min(getPriority() + ADDED_NICENESS, MOST_NICENESS));
  } catch {
    // Forbidden, in a sandbox for example: then all are equal.
  }
}

function run(): void {
  giveWay();
  const job = new SnapshotJob(plan, nodeFileSystem, () => {
    tell({ kind: "saved" });
  });
  const delay = delayMs();
  for (let keys = 0; job.step(); keys = job.keysWritten) if (delay > 0) sleep((job.keysWritten - keys) * delay);
  tell({ kind: "done", byteLength: job.byteLength, keysWritten: job.keysWritten });
}

try {
  run();
} catch (error) {
  Atomics.store(plan.words, PHASE, FAILED);
  const isFileError = error instanceof FileError;
  const cause = isFileError ? error.cause : error;
  tell({
    kind: "failed",
    message: cause instanceof Error ? cause.message : String(cause),
    operation: isFileError ? error.operation : "",
    path: isFileError ? error.path : "",
    code: isFileError ? error.code : "",
  });
}
