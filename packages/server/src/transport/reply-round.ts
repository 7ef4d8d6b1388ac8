/**
 * The replies of one turn of the event loop: all sessions that have something to read are served first, then all their replies are
 * written, one write a session.
 *
 * A peer that sleeps is woken by each write, and where both are on different processors waking costs as much as the write itself. Peers
 * that are one process (a benchmark, a proxy, a pool of connections) are woken once a turn this way, instead of once a session (measured
 * at depth 16, 50 connections: see ARCHITECTURE.md). Where turn after turn serves one session only, its replies leave at once.
 */
import { copyBytes } from "@sider/datastructures";

/** What a round writes to. */
export interface RoundMember {
  /** Writes bytes[start .. end) now. */
  writeNow(bytes: Uint8Array, start: number, end: number): void;
}

const ROUND_BYTES = 256 * 1024;
/** Longer replies are worth a write of their own. */
const JOINED_BYTES_MAXIMUM = 16 * 1024;
/** After so many rounds of one member the next replies leave at once, */
const LONELY_ROUNDS_MAXIMUM = 8;
/** and so many of them, before a round is tried again. */
const DIRECT_WRITES = 256;

export class ReplyRound {
  private readonly bytes = new Uint8Array(ROUND_BYTES);
  private readonly members: RoundMember[] = [];
  private readonly ends: number[] = [];
  private length = 0;
  private lonelyRounds = 0;
  private directWrites = 0;
  private isScheduled = false;
  private isFlushing = false;
  private readonly flushScheduled = (): void => {
    this.isScheduled = false;
    this.flush();
  };

  /** Whether there is nothing to write. */
  get isEmpty(): boolean {
    return this.members.length === 0;
  }

  /**
   * Keeps a copy of bytes[start .. end) for the end of the turn. False when they are to be written at once. `isGrouped`: what they
   * acknowledge is yet to be made durable, which is done once for all replies of a turn.
   */
  add(member: RoundMember, bytes: Uint8Array, start: number, end: number, isGrouped: boolean): boolean {
    const length = end - start;
    if (this.isFlushing || length > JOINED_BYTES_MAXIMUM || (!isGrouped && this.goesDirect())) return false;
    if (this.length + length > ROUND_BYTES) this.flush();
    copyBytes(this.bytes, this.length, bytes, start, length);
    this.length += length;
    const last = this.members.length - 1;
    if (last >= 0 && this.members[last] === member) this.ends[last] = this.length;
    else {
      this.members.push(member);
      this.ends.push(this.length);
    }
    if (!this.isScheduled) {
      this.isScheduled = true;
      setImmediate(this.flushScheduled);
    }
    return true;
  }

  private goesDirect(): boolean {
    if (this.directWrites === 0) return false;
    this.directWrites--;
    return true;
  }

  /** Writes what was kept, in order. */
  flush(): void {
    const count = this.members.length;
    if (count === 0 || this.isFlushing) return;
    this.isFlushing = true;
    let start = 0;
    for (let index = 0; index < count; index++) {
      this.members[index].writeNow(this.bytes, start, this.ends[index]);
      start = this.ends[index];
    }
    this.members.length = 0;
    this.ends.length = 0;
    this.length = 0;
    this.isFlushing = false;
    this.noteCompany(count);
  }

  private noteCompany(count: number): void {
    if (count > 1) this.lonelyRounds = 0;
    else if (++this.lonelyRounds >= LONELY_ROUNDS_MAXIMUM) {
      this.lonelyRounds = LONELY_ROUNDS_MAXIMUM - 1;
      this.directWrites = DIRECT_WRITES;
    }
  }
}
