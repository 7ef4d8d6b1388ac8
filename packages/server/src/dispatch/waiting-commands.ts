/**
 * Lets commands wait, and runs them again: the other half of `session/blocking.ts`.
 *
 * After each command that made a key ready the executor calls `serve`: the keys in the order in which they became ready, for each key
 * those who wait for it in their order of arrival. A command that runs again has a context and a reply writer of its own, since it runs
 * in the middle of another session's batch. What its session has sent after it is executed when all commands that run now are done.
 */
import { NIL } from "@sider/datastructures";
import { peek, TYPE_STREAM, typeOf } from "@sider/keyspace-engine";
import type { Keyspace } from "@sider/keyspace-engine";
import { discardingSink, ReplyWriter } from "@sider/resp-protocol";
import { GATE_MEMORY } from "../gates.ts";
import { persistenceRefusal } from "../persistence/refusals.ts";
import type { Server } from "../server.ts";
import { replyTimeout, Waiter } from "../session/blocking.ts";
import type { Session } from "../session/session.ts";
import { KeyQueues, NO_VALUE } from "../session/key-queues.ts";
import type { KeyQueue } from "../session/key-queues.ts";
import { GATE_ACL } from "../session/session.ts";
import { startTimer } from "../timer.ts";
import { CommandContext } from "./command-context.ts";
import { FLAG_DENY_OOM, FLAG_WRITE } from "./command-table.ts";
import { OUT_OF_MEMORY } from "./error-texts.ts";
import type { Executor } from "./executor.ts";

const NO_HASHES = new Int32Array(0);

export class WaitingCommands {
  /** Set when a command is to wait, or a key has become ready: the executor looks after each command. */
  needsAttention = false;
  readonly queues: KeyQueues;
  /** Sessions that wait, and those of them that have a timeout. */
  count = 0;
  countWithTimeout = 0;
  /** Those that wait for no key, but for what they have written to be kept elsewhere. */
  private readonly unacknowledged = new Set<Waiter>();
  /** Whose command runs again. */
  session: Session | null = null;
  private readonly server: Server;
  private readonly executor: Executor;
  private readonly keyspace: Keyspace;
  private readonly reply = new ReplyWriter(discardingSink);
  private readonly context: CommandContext;

  constructor(server: Server, executor: Executor) {
    this.server = server;
    this.executor = executor;
    this.keyspace = server.keyspace;
    this.queues = new KeyQueues(server.keyWatchers);
    this.queues.onReady = () => {
      this.needsAttention = true;
    };
    this.context = new CommandContext(server, this.reply);
  }

  /** After a command: lets it wait if it asked for that, and serves the keys that it has made ready. */
  attend(context: CommandContext): void {
    if (context.takeWait()) this.begin(context);
    if (context.session.tracker !== null) this.server.tracking.commandDone(context);
    this.serve();
    this.server.pushes.release(context.session, context.reply);
  }

  private begin(context: CommandContext): void {
    const { session, database, wait } = context;
    this.server.table.calls[context.command]--; // it is counted when it ends
    const isMuted = context.reply.sink !== session.transport;
    const isWrite = (this.server.table.flags[context.command] & FLAG_WRITE) !== 0;
    const wakesWhenGone = wait.type === TYPE_STREAM && isWrite;
    const waiter = new Waiter(session, context.command, context.keepRequest(), wait, wakesWhenGone, isMuted);
    for (let index = wait.firstKey; index <= wait.lastKey; index++) {
      this.queues.join(waiter, database, context.key(index));
    }
    session.waiter = waiter;
    if (waiter.timeoutReply === "asked") this.unacknowledged.add(waiter);
    this.count++;
    if (waiter.deadlineMs === 0) return;
    this.countWithTimeout++;
    this.watchDeadline(waiter);
  }

  /** Ends the wait when its time has come. The timer keeps a process alive, as a socket would: somebody expects a reply. */
  private watchDeadline(waiter: Waiter): void {
    const leftMs = waiter.deadlineMs - this.keyspace.clock.nowMs();
    if (leftMs <= 0 && waiter.timer !== null) return this.end(waiter, null);
    waiter.timer = startTimer(leftMs, () => this.watchDeadline(waiter));
  }

  /** The wait is over, however it ended: what the session has sent meanwhile is its next input. */
  forget(waiter: Waiter): void {
    const { session } = waiter;
    if (session.waiter !== waiter) return;
    session.waiter = null;
    this.queues.leave(waiter);
    this.unacknowledged.delete(waiter);
    this.count--;
    if (waiter.deadlineMs !== 0) this.countWithTimeout--;
    if (waiter.timer !== null) clearTimeout(waiter.timer);
    waiter.timer = null;
  }

  /** Ends a wait without a key: with the reply for that, or with an error. */
  end(waiter: Waiter, error: string | null): void {
    if (error === null && waiter.timeoutReply === "asked") return this.askAgain([waiter], true);
    this.executor.outsideOfBatches(() => {
      this.openReply(waiter);
      if (error === null) replyTimeout(this.reply, waiter.timeoutReply);
      else {
        this.server.table.failedCalls[waiter.command]++;
        this.replyError(error);
      }
      this.addCall(waiter);
      this.finish(waiter);
    });
  }

  /** Why a command must not run by now, though it could when it began to wait; null if it may. Evicts where memory is short. */
  private refusalByNow(context: CommandContext): string | null {
    const { access, eviction, gates, table } = this.server;
    const denial = (context.session.gates & GATE_ACL) === 0 ? null : access.refusal(context);
    if (denial !== null) return denial;
    const flags = table.flags[context.command];
    const hasRoom = (gates & GATE_MEMORY) === 0 || eviction.makeRoom() !== "none";
    if (!hasRoom && (flags & FLAG_DENY_OOM) !== 0) return OUT_OF_MEMORY;
    return persistenceRefusal(this.server, flags, false);
  }

  /** Ends a wait with an error: as if the command had been refused at once, it is no call. */
  private refuse(waiter: Waiter, error: string): void {
    this.server.table.rejectedCalls[waiter.command]++;
    this.replyError(error);
    this.finish(waiter);
  }

  private replyError(error: string): void {
    this.server.statistics.countError(error);
    this.reply.errorLatin1(error);
  }

  /** What was written may be kept elsewhere by now: who waits for that asks again, once the commands that run now are done. */
  acknowledge(): void {
    if (this.unacknowledged.size === 0) return;
    this.executor.defer(() => {
      this.askAgain([...this.unacknowledged], false);
    });
  }

  private askAgain(waiters: readonly Waiter[], isLast: boolean): void {
    const touches = this.keyspace.touchesOnLookup;
    this.executor.outsideOfBatches(() => {
      this.context.neverWaits = isLast;
      for (const waiter of waiters) this.runAgain(waiter);
      this.context.neverWaits = false;
    });
    this.keyspace.touchesOnLookup = touches;
  }

  /** Runs all commands again that ready keys may serve, until no key is ready. Does nothing while writes are paused. */
  serve(): void {
    this.needsAttention = false;
    if (!this.queues.hasReady || this.server.pause.holds(true)) return;
    const touches = this.keyspace.touchesOnLookup;
    for (let queue = this.queues.takeReady(); queue !== null; queue = this.queues.takeReady()) this.serveQueue(queue);
    this.keyspace.touchesOnLookup = touches;
    this.needsAttention = false;
  }

  private serveQueue(queue: KeyQueue): void {
    const last = queue.last;
    let place = queue.first;
    let type = this.typeHeld(queue);
    while (place !== null && queue.isServedBy(type)) {
      const next = place === last ? null : place.next;
      const { waiter } = place;
      if (waiter.type === type || waiter.wakesWhenGone) {
        this.runAgain(waiter);
        type = this.typeHeld(queue);
      }
      place = next;
    }
  }

  private typeHeld(queue: KeyQueue): number {
    const entry = peek(this.keyspace, queue.database, queue.key);
    return entry === NIL ? NO_VALUE : typeOf(this.keyspace.heap, entry);
  }

  private runAgain(waiter: Waiter): void {
    const { context } = this;
    const { session, request } = waiter;
    if (session.waiter !== waiter) return;
    this.openReply(waiter);
    this.keyspace.touchesOnLookup = !session.noTouch;
    context.openBatch(session, request, NO_HASHES);
    context.openCommand(waiter.command, 0, request.count, 1, 0, 1);
    const refusal = this.refusalByNow(context);
    if (refusal !== null) return this.refuse(waiter, refusal);
    this.session = session;
    const { observation, table } = this.server;
    const startedMs = observation.steadyMs();
    try {
      this.executor.call(context, table.handlers[waiter.command]);
      if (session.tracker !== null) this.server.tracking.commandDone(context);
      this.server.pushes.release(session, this.reply);
      waiter.spentMs += observation.steadyMs() - startedMs;
      if (!context.takeWait()) {
        this.addCall(waiter);
        observation.noteSlow(context, waiter.spentMs);
        this.finish(waiter);
      }
    } catch (error) {
      this.executor.abandon(session, this.reply, error);
    }
    this.session = null;
  }

  /** Counts the command, which has ended: it is one call, however often it ran. */
  private addCall({ command, spentMs }: Waiter): void {
    const { table, observation } = this.server;
    table.calls[command]++;
    table.addTime(command, spentMs, 1, observation.tracksLatency);
  }

  private openReply(waiter: Waiter): void {
    this.server.pushes.flushSession(waiter.session);
    this.reply.sink = waiter.isMuted ? discardingSink : waiter.session.transport;
    this.reply.protocol = waiter.session.protocol;
  }

  private finish(waiter: Waiter): void {
    this.forget(waiter);
    this.reply.flush();
    this.executor.defer(() => {
      waiter.session.proceedAfterWait();
    });
  }
}
