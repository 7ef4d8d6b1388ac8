/**
 * The replies of one turn of the event loop: all sessions that have something to read are served first, then all their replies are
 * written, one write a session.
 *
 * A peer that sleeps is woken by each write, and where both are on different processors waking costs as much as the write itself. Peers
 * that are one process (a benchmark, a proxy, a pool of connections) are woken once a turn this way, instead of once a session (measured
 * at depth 16, 50 connections: see ARCHITECTURE.md). Where turn after turn serves one session only, its replies leave at once.
 */
import { copyBytes } from "@sider/datastructures";
import { jointTurns } from "../observation/event-loop.ts";

/** What a round writes to. */
export interface RoundMember {
  /** Writes bytes[start .. end) now. */
  writeNow(bytes: Uint8Array, start: number, end: number): void;
}

const ROUND_BYTES = 256 * 1024;
const MEMBERS_MAXIMUM = 4096;
/** Longer replies are worth a write of their own. */
const JOINED_BYTES_MAXIMUM = 16 * 1024;
/** After so many rounds of one member the next replies leave at once, */
const LONELY_ROUNDS_MAXIMUM = 8;
/** and so many of them, before a round is tried again. */
const DIRECT_WRITES = 256;

/** Stands where a member was, so that a round keeps nobody alive. */
const NOBODY: RoundMember = { writeNow: () => undefined };

export class ReplyRound {
  private readonly bytes = new Uint8Array(ROUND_BYTES);
  /** The first `count` are written to. Neither shrinks: an array that is emptied and filled again each turn costs more than its replies. */
  private readonly members: RoundMember[] = [];
  private readonly ends = new Int32Array(MEMBERS_MAXIMUM);
  private count = 0;
  private length = 0;
  private lonelyRounds = 0;
  private directWrites = 0;
  private isScheduled = false;
  private isFlushing = false;
  /** Kept, since the global name is a getter. */
  private readonly timer = performance;
  private readonly flushScheduled = (): void => {
    this.isScheduled = false;
    this.flush();
    jointTurns.isOpen = false;
    jointTurns.ended = (jointTurns.ended + 1) | 0;
    jointTurns.endedMs = this.timer.now();
  };

  /** Whether there is nothing to write. */
  get isEmpty(): boolean {
    return this.count === 0;
  }

  /**
   * Keeps a copy of bytes[start .. end) for the end of the turn. False when they are to be written at once. `isGrouped`: what they
   * acknowledge is yet to be made durable, which is done once for all replies of a turn.
   */
  add(member: RoundMember, bytes: Uint8Array, start: number, end: number, isGrouped: boolean): boolean {
    const length = end - start;
    if (this.isFlushing || length > JOINED_BYTES_MAXIMUM || (!isGrouped && this.goesDirect())) return false;
    if (this.length + length > ROUND_BYTES || this.count === MEMBERS_MAXIMUM) this.flush();
    copyBytes(this.bytes, this.length, bytes, start, length);
    this.length += length;
    const isNext = this.count > 0 && this.members[this.count - 1] === member;
    const index = isNext ? this.count - 1 : this.count++;
    this.members[index] = member;
    this.ends[index] = this.length;
    if (!this.isScheduled) {
      this.isScheduled = true;
      jointTurns.isOpen = true;
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
    const { bytes, count, ends, members } = this;
    if (count === 0 || this.isFlushing) return;
    this.isFlushing = true;
    for (let index = 0, start = 0; index < count; index++) {
      const member = members[index];
      members[index] = NOBODY;
      member.writeNow(bytes, start, ends[index]);
      start = ends[index];
    }
    this.count = 0;
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
