/**
 * Commands that wait: a handler that finds nothing to serve calls `context.waitForKeys` and returns without a reply. Its session stops,
 * its request is kept, and the handler runs again from its beginning when one of the keys may serve it; then it replies, or waits on in
 * its place. Who came first is served first.
 *
 *   session.waiter -> Waiter ------ place --- place        one place in the queue of each key (`key-queues.ts`)
 *                     request         |         |
 *                     deadline      queue     queue        first come, first served
 *
 * `dispatch/waiting-commands.ts` lets them wait and runs them again.
 */
import type { ReplyWriter } from "@sider/resp-protocol";
import type { Place } from "./key-queues.ts";
import type { Session } from "./session.ts";

/** What a session that waited too long is told; `asked`: what its handler says, which runs once more and may wait no longer. */
export type TimeoutReply = "null" | "nullArray" | "asked";

/** Replies that the time is over. Who is asked again replies by itself. */
export function replyTimeout(reply: ReplyWriter, kind: TimeoutReply): void {
  if (kind === "null") reply.nullBulk();
  else reply.nullArray();
}

/** Arguments that outlive the input they came in. */
export interface KeptRequest {
  readonly bytes: Uint8Array;
  readonly argumentOffsets: Int32Array;
  readonly argumentLengths: Int32Array;
  readonly count: number;
}

/** What a handler asks for when it lets its session wait. */
export class WaitRequest {
  /** Arguments [firstKey .. lastKey] are the keys. */
  firstKey = 0;
  lastKey = 0;
  /** TYPE_* of the values that can serve it. */
  type = 0;
  /** 0: for ever. */
  timeoutMs = 0;
  timeoutReply: TimeoutReply = "nullArray";
  /** How long its command took until it had to wait. */
  spentMs = 0;
}

/** One command that waits. */
export class Waiter {
  readonly session: Session;
  /** Number in the command table. */
  readonly command: number;
  readonly request: KeptRequest;
  readonly type: number;
  /** Runs again too when its key is deleted or becomes something else: the group that it reads from may be gone. */
  readonly wakesWhenGone: boolean;
  /** Its reply is dropped (CLIENT REPLY). */
  readonly isMuted: boolean;
  readonly timeoutReply: TimeoutReply;
  /** Unix milliseconds; 0 for never. */
  readonly deadlineMs: number;
  timer: NodeJS.Timeout | null = null;
  /** How long it has been executed so far. */
  spentMs: number;
  readonly places: Place[] = [];

  constructor(
    session: Session,
    command: number,
    request: KeptRequest,
    wait: WaitRequest,
    wakesWhenGone: boolean,
    isMuted: boolean,
  ) {
    this.session = session;
    this.command = command;
    this.request = request;
    this.type = wait.type;
    this.timeoutReply = wait.timeoutReply;
    this.deadlineMs = wait.timeoutMs === 0 ? 0 : session.server.keyspace.nowMs + wait.timeoutMs;
    this.spentMs = wait.spentMs;
    this.wakesWhenGone = wakesWhenGone;
    this.isMuted = isMuted;
  }
}
