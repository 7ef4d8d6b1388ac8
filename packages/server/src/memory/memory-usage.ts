/**
 * What the server's memory is used for, as INFO, MEMORY STATS and the limit of memory see it: the store, and what waits outside of it to be
 * read, written or saved. The runtime's own memory is not in it.
 */
import type { Server } from "../server.ts";
import { sessionBytes } from "../session/session-memory.ts";

/** A look costs some 20 ns a client: so it takes a hundredth of the time at most. */
const MS_BETWEEN_LOOKS_A_CLIENT = 0.002;

export class MemoryUsage {
  /** Buffers and queues of all clients, as `lookAtClients` has last seen them. */
  clientBytes = 0;
  private nextLookMs = 0;
  private readonly server: Server;

  constructor(server: Server) {
    this.server = server;
  }

  /** Counts what clients take that are not on their way out. O(clients); for the timer, and who asks for figures. */
  lookAtClients(): void {
    let bytes = 0;
    for (const session of this.server.sessions.values()) if (!session.closing) bytes += sessionBytes(session);
    this.clientBytes = bytes;
    this.nextLookMs = performance.now() + this.server.sessions.size * MS_BETWEEN_LOOKS_A_CLIENT;
  }

  /** Whether the last look is so long ago that a new one is cheap; `nowMs` is the steady clock's. */
  isLookDue(nowMs: number): boolean {
    return nowMs >= this.nextLookMs;
  }

  /** What waits to be written to the append-only file. */
  get logBytes(): number {
    return this.server.appendOnly.bufferedBytes;
  }

  /** All of it. */
  get usedBytes(): number {
    return this.server.keyspace.heap.allocatedBytes + this.clientBytes + this.logBytes;
  }

  /** The part that evicting keys would not help against, and that comes back by itself: the file's buffer, what a snapshot holds. */
  get uncountedBytes(): number {
    return this.logBytes + this.server.snapshots.heldBytes;
  }
}
