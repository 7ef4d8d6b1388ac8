/**
 * Freeing large values off the requests' time: while the keyspace's queue has work, one short slice in each turn of the event loop,
 * so between batches of requests.
 */
import type { LazyFreeQueue } from "@sider/keyspace-engine";

/** Short beside what a batch of requests takes; a million fields are gone after some hundred turns. */
const SLICE_MS = 0.5;

const steadyMs = (): number => performance.now();

export class LazyFreeWorker {
  private readonly queue: LazyFreeQueue;
  private immediate: NodeJS.Immediate | null = null;

  constructor(queue: LazyFreeQueue) {
    this.queue = queue;
  }

  /** Begins to follow the queue. */
  start(): void {
    this.queue.onWork = () => {
      this.schedule();
    };
    if (!this.queue.isEmpty) this.schedule();
  }

  /** Ends for good; what waits is still freed when memory runs short. */
  stop(): void {
    this.queue.onWork = () => undefined;
    if (this.immediate !== null) clearImmediate(this.immediate);
    this.immediate = null;
  }

  private schedule(): void {
    this.immediate ??= setImmediate(() => {
      this.immediate = null;
      if (!this.queue.freeFor(SLICE_MS, steadyMs)) this.schedule();
    });
  }
}
