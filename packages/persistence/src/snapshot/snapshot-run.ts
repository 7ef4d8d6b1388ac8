/** How a job is run: in a thread of its own, or in turns of this thread's event loop where the file system is not the machine's. */
import { removeQuietly } from "../file-steps.ts";
import { FileError, type FileSystem, nodeFileSystem } from "../file-system.ts";
import { startThread } from "../threads.ts";
import { SnapshotJob, type SnapshotJobPlan } from "./snapshot-job.ts";

/** How a job has ended. */
export type JobEnd =
  | { readonly kind: "done"; readonly byteLength: number; readonly keysWritten: number }
  | { readonly kind: "failed"; readonly error: Error };

export interface RunEvents {
  /** Something that main waits for may be saved. */
  saved(): void;
  /** The last event: the job touches nothing any more. */
  ended(end: JobEnd): void;
}

export interface SnapshotRun {
  /** Lets the job work where main would only block it by waiting. False where it works by itself. */
  readonly help: () => boolean;
  /** Ends the job, which has been cancelled. Resolves when it touches nothing any more; no event follows. */
  readonly stop: () => Promise<void>;
}

export type StartRun = (plan: SnapshotJobPlan, events: RunEvents) => SnapshotRun;

/** What the worker tells. An error loses its class on the way. */
export type WorkerMessage =
  | { readonly kind: "saved" }
  | { readonly kind: "done"; readonly byteLength: number; readonly keysWritten: number }
  | {
      readonly kind: "failed";
      readonly message: string;
      readonly operation: string;
      readonly path: string;
      readonly code: string;
    };

/** The job makes no garbage to speak of: a small heap keeps the thread small. */
const YOUNG_GENERATION_MIB = 1;
const OLD_GENERATION_MIB = 64;
const STACK_MIB = 1;

/** Runs it in a thread of its own, on the file system of the machine. */
export function runInThread(plan: SnapshotJobPlan, events: RunEvents): SnapshotRun {
  let isOver = false;
  const end = (how: JobEnd): void => {
    if (isOver) return;
    isOver = true;
    events.ended(how);
  };
  createQuietly(plan.request.temporaryPath);
  const worker = startThread("snapshot/snapshot-worker.js", {
    workerData: plan,
    name: "snapshot",
    resourceLimits: {
      maxYoungGenerationSizeMb: YOUNG_GENERATION_MIB,
      maxOldGenerationSizeMb: OLD_GENERATION_MIB,
      stackSizeMb: STACK_MIB,
    },
  });
  let result: JobEnd | null = null;
  worker.on("message", (message: WorkerMessage) => {
    if (message.kind === "saved") events.saved();
    else result = message.kind === "done" ? message : { kind: "failed", error: errorOf(message) };
  });
  worker.on("error", (error: Error) => {
    result = { kind: "failed", error };
  });
  worker.on("exit", () => {
    if (result?.kind !== "done") removeQuietly(nodeFileSystem, plan.request.temporaryPath);
    end(result ?? { kind: "failed", error: new Error("the thread that saves has ended without a result") });
  });
  worker.unref();
  return {
    help: () => false,
    stop: async () => {
      isOver = true;
      await worker.terminate();
      removeQuietly(nodeFileSystem, plan.request.temporaryPath);
    },
  };
}

/** A thread takes its time to begin; the file says from now on that a snapshot runs. What is wrong with its place the thread will tell. */
function createQuietly(path: string): void {
  try {
    nodeFileSystem.close(nodeFileSystem.open(path, "w"));
  } catch {
    // as said
  }
}

/** Runs it in steps between turns of the event loop, on any file system. */
export function runInTurns(fileSystem: FileSystem): StartRun {
  return (plan, events) => {
    const job = new SnapshotJob(plan, fileSystem, () => {
      setImmediate(() => events.saved());
    });
    let isOver = false;
    const step = (): boolean => {
      if (isOver) return false;
      try {
        if (job.step()) return true;
        finish({ kind: "done", byteLength: job.byteLength, keysWritten: job.keysWritten });
      } catch (error) {
        finish({ kind: "failed", error: error instanceof Error ? error : new Error(String(error)) });
      }
      return true;
    };
    const finish = (end: JobEnd): void => {
      isOver = true;
      setImmediate(() => {
        if (!isStopped) events.ended(end);
      });
    };
    let isStopped = false;
    const turn = (): void => {
      step();
      if (!isOver) setImmediate(turn);
    };
    setImmediate(turn);
    return {
      help: step,
      stop: () => {
        isStopped = true;
        step();
        isOver = true;
        return Promise.resolve();
      },
    };
  };
}

function errorOf(message: Extract<WorkerMessage, { kind: "failed" }>): Error {
  if (message.operation === "") return new Error(message.message);
  return new FileError(
    message.operation,
    message.path,
    Object.assign(new Error(message.message), { code: message.code }),
  );
}
