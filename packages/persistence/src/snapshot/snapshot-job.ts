/**
 * The whole work of the worker, in steps: walk, sink and file together. A thread runs it to its end; a test, or a server on a file system
 * of its own, step by step.
 */
import { heapView } from "@sider/datastructures";
import type { FileSystem } from "../file-system.ts";
import { AofSink } from "./aof-sink.ts";
import type { EntrySink } from "./entry-sink.ts";
import { RdbSink } from "./rdb-sink.ts";
import { BYTES, COMMITTING, FAILED, HEARTBEAT, isOver, KEYS, PHASE, RUNNING, type TablePlan } from "./shared-state.ts";
import { SnapshotFile } from "./snapshot-file.ts";
import type { SnapshotRequest } from "./snapshot-request.ts";
import { SnapshotWalk } from "./snapshot-walk.ts";

/** All that a job needs. Plain data and shared memory: it is sent to the worker. */
export interface SnapshotJobPlan {
  readonly request: SnapshotRequest;
  /** The heap's. */
  readonly buffer: ArrayBufferLike;
  readonly words: Int32Array;
  readonly plans: readonly TablePlan[];
  readonly accessClock: number;
}

export class SnapshotJob {
  readonly words: Int32Array;
  private readonly file: SnapshotFile;
  private readonly sink: EntrySink;
  private readonly walk: SnapshotWalk;
  private isOpen = false;
  private isEnded = false;

  /** @param onSaved told that something that main waits for may be saved */
  constructor(plan: SnapshotJobPlan, fileSystem: FileSystem, onSaved: () => void) {
    const { request, plans, words } = plan;
    this.words = words;
    const heap = heapView(plan.buffer);
    const file = new SnapshotFile(fileSystem, request);
    this.file = file;
    const take = (bytes: Uint8Array, start: number, end: number): void => {
      file.append(bytes, start, end);
    };
    this.sink =
      request.format === "rdb"
        ? new RdbSink(take, request, plans, heap, plan.accessClock)
        : new AofSink(take, request, heap);
    this.walk = new SnapshotWalk(heap, words, plans, this.sink);
    this.walk.onSaved = onSaved;
    this.walk.onLocked = (isLocked) => {
      file.isLocked = isLocked;
    };
    file.onWritten = () => {
      words[BYTES] = file.byteLength | 0;
      words[BYTES + 1] = Math.floor(file.byteLength / 2 ** 32);
      Atomics.add(words, HEARTBEAT, 1);
    };
  }

  get byteLength(): number {
    return this.file.byteLength;
  }

  get keysWritten(): number {
    return this.words[KEYS];
  }

  /**
   * Does some of the work. False when there is none left: the file is in its place, or the snapshot was cancelled and nothing is left of it.
   * @throws FileError, or what has gone wrong; nothing is left of the file then, and main waits for nothing
   */
  step(): boolean {
    if (this.isEnded) return false;
    try {
      return this.advance();
    } catch (error) {
      Atomics.store(this.words, PHASE, FAILED);
      this.isEnded = true;
      this.file.discard();
      throw error;
    }
  }

  private advance(): boolean {
    if (isOver(this.words)) {
      this.isEnded = true;
      this.file.discard();
      return false;
    }
    if (!this.isOpen) {
      this.isOpen = true;
      this.file.open();
      this.sink.begin();
      return true;
    }
    if (this.walk.step()) {
      this.file.writeCollected();
      return true;
    }
    this.sink.finish();
    this.file.close();
    if (Atomics.compareExchange(this.words, PHASE, RUNNING, COMMITTING) !== RUNNING) return true;
    this.file.commit();
    this.isEnded = true;
    return false;
  }
}
