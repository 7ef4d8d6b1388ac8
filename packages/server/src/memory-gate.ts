/**
 * When commands that need memory are refused.
 *
 * The limit is `maxmemory`, or else all but a reserve of the heap: without memory not even a deletion of many keys could be done.
 * While a limit is near, GATE_MEMORY sends every command through the dispatcher's slow way, which compares exactly; far below it
 * nothing is compared. The timer moves the gate, so "near" leaves room for what can be written between two of its ticks.
 */
import type { Heap } from "@sider/datastructures";
import type { Configuration } from "./config/index.ts";

/** Part of the heap that is kept free. */
const RESERVE_SHARE = 1 / 64;
/** More than what can be written between two ticks of the timer. */
const NEAR_BYTES = 256 * 2 ** 20;

export class MemoryGate {
  private readonly configuration: Configuration;
  private readonly heap: Heap;
  private limitBytes = 0;

  constructor(configuration: Configuration, heap: Heap) {
    this.configuration = configuration;
    this.heap = heap;
    this.update();
  }

  /** Takes the limit from the configuration; says whether it is so near that each command must ask `isClosed`. */
  update(): boolean {
    const capacityBytes = this.heap.capacityBytes;
    const usableBytes = capacityBytes * (1 - RESERVE_SHARE);
    const maximumBytes = this.configuration.get("maxmemory");
    this.limitBytes = maximumBytes === 0 ? usableBytes : Math.min(maximumBytes, usableBytes);
    // The heap itself refuses what is beyond its capacity; maxmemory is kept by nobody else.
    const nearBytes = maximumBytes === 0 ? Math.min(NEAR_BYTES, capacityBytes / 8) : NEAR_BYTES;
    return this.heap.allocatedBytes + nearBytes > this.limitBytes;
  }

  /** Whether more is in use than allowed. */
  isClosed(): boolean {
    return this.heap.allocatedBytes > this.limitBytes;
  }
}
