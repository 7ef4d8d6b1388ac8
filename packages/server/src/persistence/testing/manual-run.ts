/** Snapshots whose work is done when a test says so, step by step. */
import type { StartRun } from "@sider/persistence";
import { nodeFileSystem, SnapshotJob } from "@sider/persistence";

export class ManualRun {
  private current: (() => void) | null = null;

  readonly start: StartRun = (plan, events) => {
    const job = new SnapshotJob(plan, nodeFileSystem, () => events.saved());
    let isOver = false;
    let isTold = false;
    const work = (): boolean => {
      if (isOver) return false;
      isOver = !job.step();
      return true;
    };
    this.current = () => {
      work();
      if (!isOver || isTold) return;
      isTold = true;
      events.ended({ kind: "done", byteLength: job.byteLength, keysWritten: job.keysWritten });
    };
    return {
      help: work,
      stop: () => {
        job.step();
        isOver = true;
        isTold = true;
        return Promise.resolve();
      },
    };
  };

  /** Does some of the work; tells when it was the last. */
  step(): void {
    this.current?.();
  }
}
