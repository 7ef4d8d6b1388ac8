/**
 * Whether more memory is in use than allowed.
 *
 * There are two limits: `maxmemory`, against which the store and the clients' buffers count, and all but a reserve of the heap: without
 * memory not even a deletion of many keys could be done. While a limit is near, GATE_MEMORY lets every command ask `isClosed`, which
 * compares exactly; far below it nothing is compared. The timer moves the gate, so "near" leaves room for what can be written between two
 * of its ticks.
 */
import type { Heap } from "@sider/datastructures";
import type { Configuration } from "../config/index.ts";

/** Part of the heap that is kept free. */
const RESERVE_SHARE = 1 / 64;
/** More than what can be written between two ticks of the timer. */
const NEAR_BYTES = 256 * 2 ** 20;

/** What the gate looks at beside the heap. */
export interface MemoryGateParts {
  readonly configuration: Configuration;
  readonly heap: Heap;
  /** What counts against maxmemory although it is not in the heap, as of the last look. */
  readonly clientBytes: () => number;
  /** What does not count although it is in the heap. */
  readonly heldBytes: () => number;
  /** Looks once more at what clients take, unless it has just done so, and calls `update`. */
  readonly lookAgain: () => void;
}

export class MemoryGate {
  private readonly parts: MemoryGateParts;
  /** What may be allocated, by the heap's own limit and by maxmemory; and the lower of both. */
  private usableBytes = 0;
  private maximumBytes = 0;
  private limitBytes = 0;
  private isStale = false;

  constructor(parts: MemoryGateParts) {
    this.parts = parts;
    this.update();
  }

  /** Takes the limits from the configuration; says whether one is so near that each command must ask `isClosed`. */
  update(): boolean {
    const { configuration, heap, clientBytes } = this.parts;
    const { allocatedBytes, capacityBytes } = heap;
    this.usableBytes = capacityBytes * (1 - RESERVE_SHARE);
    const maximumBytes = configuration.get("maxmemory");
    this.maximumBytes = maximumBytes === 0 ? Infinity : maximumBytes - clientBytes();
    heap.growthLimitBytes = this.maximumBytes;
    this.limitBytes = Math.min(this.usableBytes, this.maximumBytes);
    this.isStale = false;
    // The heap itself refuses what is beyond its capacity; maxmemory is kept by nobody else.
    const nearBytes = maximumBytes === 0 ? Math.min(NEAR_BYTES, capacityBytes / 8) : NEAR_BYTES;
    return allocatedBytes + nearBytes > this.limitBytes;
  }

  /** The buffers of a client have grown since the last look: who asks next must look. */
  buffersGrew(): void {
    if (this.maximumBytes === Infinity) return;
    this.isStale = true;
    this.limitBytes = -1;
  }

  /** Whether more is in use than allowed. */
  get isClosed(): boolean {
    const { allocatedBytes } = this.parts.heap;
    if (allocatedBytes <= this.limitBytes) return false;
    if (this.isStale) this.parts.lookAgain();
    return allocatedBytes > this.usableBytes || allocatedBytes - this.parts.heldBytes() > this.maximumBytes;
  }
}
