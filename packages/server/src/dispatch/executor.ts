/**
 * The way of a command from a session's bytes to its reply, batch by batch:
 *
 *   parse      up to 128 complete requests as offsets (`RequestParser.next`)
 *   prepare    find the commands, hash their keys and read what they will read (`PreparedBatch.prepare`)
 *   execute    one handler after the other, replies into the server's one buffer
 *   flush      one write
 *
 * Nothing on this way allocates.
 */
import { OutOfMemoryError, resizeAlong } from "@sider/keyspace-engine";
import type { Keyspace } from "@sider/keyspace-engine";
import { discardingSink, ReplyTooLongError } from "@sider/resp-protocol";
import type { ReplyWriter, RequestBatch } from "@sider/resp-protocol";
import { GATE_LOGINS, GATE_MEMORY, GATE_SHUTDOWN, GATE_SNAPSHOT } from "../gates.ts";
import { CommandClock } from "../observation/command-clock.ts";
import type { EventLoopMeter } from "../observation/event-loop.ts";
import { noteSlowRun } from "../observation/slow-run.ts";
import { persistenceRefusal } from "../persistence/refusals.ts";
import type { Server } from "../server.ts";
import { GATE_ACL, GATE_REPLY, GATE_TRACKING } from "../session/session.ts";
import { closeOverLimit, describeSession, hardLimitOf } from "../session/output-limit.ts";
import type { Session } from "../session/session.ts";
import { CommandContext } from "./command-context.ts";
import type { CommandTable } from "./command-table.ts";
import {
  FLAG_CONTAINER,
  FLAG_DENY_OOM,
  FLAG_ENDS_TRANSACTION,
  FLAG_MAY_REPLICATE,
  FLAG_NO_AUTH,
  FLAG_NO_MULTI,
  FLAG_PROTECTED,
  FLAG_READONLY,
  FLAG_SUBSCRIBED,
  FLAG_UNQUEUED,
  FLAG_WRITE,
} from "./command-table.ts";
import {
  INTERNAL_ERROR,
  MONITOR_ONLY,
  NOT_AUTHENTICATED,
  NOT_IN_TRANSACTION,
  OUT_OF_MEMORY,
  TRANSACTION_TOO_LARGE,
} from "./error-texts.ts";
import type { Handler } from "./handler.ts";
import { protectionRefusal } from "./protected-commands.ts";
import { PreparedBatch } from "./prepared-batch.ts";
import { QueuedCommands } from "./queued-commands.ts";
import { endHttp, isHttp } from "./foreign-protocol.ts";
import { notWhileSubscribed, transactionAborted, unknownCommand, unknownSubcommand, wrongArity } from "./refusals.ts";
import { WaitingCommands } from "./waiting-commands.ts";

const BATCH_COMMANDS = 128;
/** What the parser says of a request beyond client-query-buffer-limit. */
const REQUEST_TOO_BIG = "Protocol error: too big request";

export class Executor {
  readonly waiting: WaitingCommands;
  readonly queued: QueuedCommands;
  private readonly server: Server;
  private readonly table: CommandTable;
  private readonly keyspace: Keyspace;
  private readonly prepared: PreparedBatch;
  private readonly batch: RequestBatch;
  private readonly context: CommandContext;
  /** Whose commands are being executed. */
  session: Session | null = null;
  private readonly clock: CommandClock;
  private readonly loop: EventLoopMeter;
  private running = false;
  private deferred: (() => void)[] = [];
  private runningDeferred = false;
  private readonly exec: number;
  private readonly ping: number;

  constructor(server: Server) {
    this.server = server;
    this.table = server.table;
    this.keyspace = server.keyspace;
    this.prepared = new PreparedBatch(server.keyspace, server.table, BATCH_COMMANDS);
    this.batch = this.prepared.batch;
    this.context = new CommandContext(server, server.reply);
    this.clock = new CommandClock(server.table, server.observation, this.prepared.numbers);
    this.loop = server.loop;
    this.clock.onSlowRun = (first, end, elapsedMs) => {
      const { batch, numbers } = this.prepared;
      noteSlowRun({ session: this.context.session, batch, numbers, first, end, elapsedMs });
    };
    this.waiting = new WaitingCommands(server, this);
    this.queued = new QueuedCommands(server, this);
    this.exec = this.table.numberOf("exec");
    this.ping = this.table.numberOf("ping");
  }

  /** Executes what a session has received, as far as it may go now. */
  run(session: Session): void {
    if (this.running) throw new Error("the executor is not reentrant");
    this.running = true;
    this.keyspace.updateClock();
    if (session.pushRun !== null) this.server.pushes.flushSession(session);
    this.session = session;
    this.startClock();
    session.lastActiveMs = this.keyspace.nowMs;
    const reply = this.server.reply;
    reply.sink = session.transport;
    reply.protocol = session.protocol;
    this.keyspace.touchesOnLookup = !session.noTouch;
    const limitBytes = hardLimitOf(session);
    const isLimited = limitBytes !== Infinity;
    if (isLimited) this.holdReplies(limitBytes);
    try {
      this.runBatches(session);
      if (isLimited) this.limitReplies(session);
      reply.flush();
      this.settle(session);
    } catch (error) {
      this.abandon(session, reply, error);
    }
    if (isLimited) this.letRepliesGo();
    this.loop.leave(this.clock.lookedMs);
    this.session = null;
    this.running = false;
    if (this.deferred.length > 0) this.runDeferred();
  }

  private startClock(): void {
    const { steadyClock } = this.server;
    if (steadyClock !== null) this.clock.startAt(steadyClock.lastMs);
    this.loop.enter(steadyClock === null ? -1 : steadyClock.lastMs);
  }

  /** Replies are kept until all are written, and so many bytes of them at most. */
  private holdReplies(limitBytes: number): void {
    const { reply } = this.server;
    reply.isHeld = true;
    reply.limitTo(limitBytes);
  }

  private letRepliesGo(): void {
    const { reply } = this.server;
    reply.isHeld = false;
    reply.limitTo(Infinity);
  }

  /** Closes the session if the replies to all that it has sent at once are over its limit. */
  private limitReplies(session: Session): void {
    const { reply } = this.server;
    if (reply.limitedBytes >= hardLimitOf(session)) closeOverLimit(session);
    if (session.isOverLimit) reply.length = 0;
  }

  /** Does what may change keys or sessions while no commands run, or in the middle of one. */
  outsideOfBatches(action: () => void): void {
    const wasRunning = this.running;
    if (!wasRunning) this.keyspace.updateClock();
    this.running = true;
    try {
      action();
    } finally {
      this.running = wasRunning;
    }
    if (!wasRunning && this.deferred.length > 0) this.runDeferred();
  }

  /** Serves commands that wait for keys which were changed outside of commands. */
  serveWaiting(): void {
    if (!this.waiting.queues.hasReady) return;
    this.outsideOfBatches(() => {
      this.waiting.serve();
    });
  }

  /** Calls `action` once the commands that run now, and what was deferred before, are done; at once when there is nothing. */
  defer(action: () => void): void {
    if (this.running || this.runningDeferred) this.deferred.push(action);
    else action();
  }

  /** What an action defers comes after all others, and not on top of it: chains of sessions that wake each other may be long. */
  private runDeferred(): void {
    if (this.runningDeferred) return;
    this.runningDeferred = true;
    try {
      for (let at = 0; at < this.deferred.length; at++) this.deferred[at]();
    } finally {
      this.deferred = [];
      this.runningDeferred = false;
    }
  }

  /** A bug outside of the handlers: this session cannot go on, all others can. */
  abandon(session: Session, reply: ReplyWriter, error: unknown): void {
    this.logBug(`Error while serving client ${String(session.id)}`, error);
    reply.length = 0;
    this.clock.forget();
    session.destroy();
  }

  private logBug(what: string, error: unknown): void {
    this.server.log.warning(`${what}: ${error instanceof Error ? String(error.stack) : String(error)}`);
  }

  private runBatches(session: Session): void {
    const batch = this.batch;
    while (session.ready) {
      const count = session.parser.next(batch, BATCH_COMMANDS);
      if (count === 0) return;
      this.prepared.prepare(session.databaseIndex, count);
      this.context.openBatch(session, batch, this.prepared.hashes);
      for (let command = 0; command < count; command++) {
        const isMuted = (session.gates & GATE_REPLY) !== 0;
        if (!session.ready || !(isMuted ? this.executeMuted(session, command) : this.execute(session, command))) {
          this.clock.stop(command);
          this.loop.commands += command;
          session.parser.unread(batch, command);
          return;
        }
      }
      this.clock.stop(count);
      resizeAlong(this.keyspace, this.keyspace.databases[session.databaseIndex], count);
      this.loop.commands += count;
      if (session.parser.isEmpty) return batch.clear();
    }
  }

  /** After the batch: a broken stream ends the session; a session that cannot go on stops reading. */
  private settle(session: Session): void {
    const error = session.parser.error;
    if (error !== null && !session.closing && session.ready) {
      this.refuseInput(session, error);
      session.close();
    } else if (!session.ready && !session.closing) {
      session.parser.park();
      if (session.waiter === null) session.transport.pauseReading();
    }
  }

  /** Says what is wrong with the input: to the session, or of one beyond client-query-buffer-limit, as Redis does, to the log alone. */
  private refuseInput(session: Session, error: string): void {
    const { reply, log, statistics } = this.server;
    if (error === REQUEST_TOO_BIG) {
      statistics.requestLimitDisconnections++;
      return log.warning(`Closing client that reached max query buffer length: ${describeSession(session)}`);
    }
    if (log.shows("verbose")) log.log("verbose", `${error}: closing client ${describeSession(session)}`);
    reply.errorLatin1(`ERR ${error}`);
    reply.flush();
  }

  /** Executes one command of the batch. False when it must wait: nothing has happened then. */
  private execute(session: Session, command: number): boolean {
    const { batch, context, prepared, server, table } = this;
    const start = batch.commandStarts[command];
    const count = batch.commandStarts[command + 1] - start;
    let number = prepared.numbers[command];
    const first = number < 0 ? 0 : table.firstKey[number];
    context.openCommand(
      number,
      start,
      count,
      first === 0 ? 1 : first,
      prepared.hashedLast[command],
      number < 0 ? 1 : table.keyStep[number],
    );
    if (number < 0) return this.rejectUnknown(session, command);
    if ((table.flags[number] & FLAG_CONTAINER) !== 0 && count > 1) {
      number = table.numberOf(`${table.commands[number].name}|${context.text(1).toLowerCase()}`);
      if (number < 0) return this.reject(session, command, number, unknownSubcommand(context));
      context.command = number;
    }
    const arity = table.arity[number];
    const handler = table.handlers[number];
    if ((arity > 0 ? count !== arity : count < -arity) || handler === null) {
      return this.reject(session, command, number, wrongArity(table.commands[number]));
    }
    if ((session.gates | server.gates) !== 0 && this.mustAsk(session)) {
      const verdict = this.admit(session, number);
      if (verdict === "wait") return false;
      if (verdict === "queue") return this.queue(session, command, number);
      if (verdict !== "go") return this.reject(session, command, number, verdict);
      if ((session.gates & GATE_TRACKING) !== 0) this.waiting.needsAttention = true;
      if ((server.gates & GATE_SNAPSHOT) !== 0 && this.waitsForSnapshot(session, number, start, count)) return false;
    }
    session.lastCommand = number;
    if (this.clock.command !== number) this.clock.turnTo(number, command);
    this.call(context, handler);
    table.calls[number]++;
    if (this.clock.isAlone) this.clock.stopAlone(context);
    if (this.waiting.needsAttention) this.waiting.attend(context);
    return true;
  }

  /**
   * Calls the handler of a context's command, replies with its error if there is one, and propagates what it has changed: before the
   * first byte of a reply that acknowledges a change leaves.
   */
  call(context: CommandContext, handler: Handler | null): void {
    const { propagation } = this.server;
    if (propagation === null) return this.callHandler(context, handler);
    const { command, reply } = context;
    const dirtyBefore = this.keyspace.dirty;
    const outer = propagation.enter();
    const wasHeld = reply.isHeld;
    reply.isHeld = wasHeld || command === this.exec || (this.table.flags[command] & FLAG_WRITE) !== 0;
    try {
      this.callHandler(context, handler);
    } finally {
      propagation.leave(context, command, dirtyBefore, outer);
      reply.isHeld = wasHeld;
    }
  }

  private callHandler(context: CommandContext, handler: Handler | null): void {
    const repliedBytes = context.reply.totalBytes;
    try {
      if (handler !== null) handler(context);
    } catch (error) {
      this.handlerFailed(context, error, repliedBytes);
    }
    if (context.error !== null) {
      this.table.failedCalls[context.command]++;
      this.server.statistics.countError(context.error);
      context.session.replay?.commandFailed(this.table.commands[context.command].fullName, context.error);
      context.reply.errorLatin1(context.error);
    }
  }

  /** Makes the exception of a handler its reply. What it had replied before is taken back, or ends the session when it was sent. */
  private handlerFailed(context: CommandContext, error: unknown, repliedBytes: number): void {
    const { reply, session } = context;
    if (error instanceof ReplyTooLongError) return closeOverLimit(session);
    context.error = error instanceof OutOfMemoryError ? OUT_OF_MEMORY : INTERNAL_ERROR;
    if (context.error === INTERNAL_ERROR) {
      this.logBug(`Error in the command ${this.table.commands[context.command].fullName}`, error);
    }
    const partialBytes = reply.totalBytes - repliedBytes;
    if (partialBytes <= reply.length) reply.length -= partialBytes;
    else
      this.defer(() => {
        session.close();
      });
  }

  /** Executes one command without its reply (CLIENT REPLY), unless that command turns replies on. */
  private executeMuted(session: Session, command: number): boolean {
    const reply = this.server.reply;
    const mode = session.replyMode;
    reply.flush();
    reply.sink = discardingSink;
    if (mode === "skip") session.setReplyMode("on");
    const isDone = this.execute(session, command);
    if (!isDone) session.setReplyMode(mode);
    reply.flush();
    reply.sink = session.transport;
    return isDone;
  }

  /** A name that is none of ours, or the first line of another protocol. */
  private rejectUnknown(session: Session, command: number): boolean {
    if (isHttp(this.context)) endHttp(session);
    return this.reject(session, command, -1, unknownCommand(this.context));
  }

  /** Refuses a command before it runs. A transaction that it belongs to can only be dropped then. */
  private reject(session: Session, command: number, number: number, error: string): boolean {
    this.clock.stop(command);
    this.loop.commands--;
    if (number >= 0) this.table.rejectedCalls[number]++;
    session.replay?.commandFailed(number < 0 ? "" : this.table.commands[number].fullName, error);
    if (session.transaction !== null) session.transaction.isBroken = true;
    if (number === this.exec) session.endTransaction();
    this.replyError(number === this.exec ? transactionAborted(error) : error);
    return true;
  }

  /** Queues a command until EXEC; one of a transaction that will not run needs not be kept. */
  private queue(session: Session, command: number, number: number): boolean {
    this.clock.stop(command);
    const { transaction } = session;
    const isKept = transaction !== null && !transaction.isBroken && !session.hasBrokenWatch;
    if (isKept && !this.context.queueIn(transaction))
      return this.reject(session, command, number, TRANSACTION_TOO_LARGE);
    this.loop.commands--;
    session.lastCommand = number;
    this.server.reply.simpleString("QUEUED");
    return true;
  }

  /** An error reply for which no handler ran. */
  replyError(error: string): void {
    this.server.statistics.countError(error);
    this.server.reply.errorLatin1(error);
  }

  /** Whether any gate is really closed: near the limit of memory, but not beyond it, commands go their fast way. */
  private mustAsk(session: Session): boolean {
    const { gates, memoryGate, eviction } = this.server;
    return session.gates !== 0 || gates !== GATE_MEMORY || memoryGate.isClosed || eviction.isExceeded;
  }

  /** Evicts where memory is short; what the session is told of that comes before the reply. False when there is no room. */
  private makeRoom(session: Session): boolean {
    const outcome = this.server.eviction.makeRoom();
    this.server.pushes.release(session, this.server.reply);
    return outcome !== "none";
  }

  /** Lets a session wait whose command would change what a snapshot must have first. */
  private waitsForSnapshot(session: Session, number: number, start: number, count: number): boolean {
    const { transaction } = session;
    const gate = this.server.snapshotGate;
    const isHeld =
      transaction !== null && number === this.exec
        ? gate.holdsTransaction(session, transaction)
        : gate.holds(session, number, this.batch, start, count);
    if (isHeld) gate.add(session);
    return isHeld;
  }

  /** The checks that a session or server with special state needs: "go", "wait", "queue", or the error. */
  private admit(session: Session, number: number): string {
    const { transaction } = session;
    const own = this.table.flags[number];
    const flags = transaction !== null && number === this.exec ? own | transaction.flags : own;
    if (session.replay !== null) return transaction !== null && (own & FLAG_UNQUEUED) === 0 ? "queue" : "go";
    if (session.mustLogIn && (own & FLAG_NO_AUTH) === 0) return NOT_AUTHENTICATED;
    if (session.isMonitor && (flags & (FLAG_WRITE | FLAG_READONLY | FLAG_MAY_REPLICATE)) !== 0) return MONITOR_ONLY;
    const isSubcommand = this.table.commands[number].container !== null;
    const refusalInside = transaction === null ? null : refusalInTransaction(session, own, isSubcommand);
    if (refusalInside !== null) return refusalInside;
    if ((this.server.gates & GATE_LOGINS) !== 0 && this.server.logins.holds(this.context)) return "wait";
    const denial = (session.gates & GATE_ACL) === 0 ? null : this.server.access.refusal(this.context);
    if (denial !== null) return denial;
    const needsMemory = (flags & FLAG_DENY_OOM) !== 0 || (transaction !== null && (own & FLAG_ENDS_TRANSACTION) === 0);
    if ((this.server.gates & GATE_MEMORY) !== 0 && !this.makeRoom(session) && needsMemory) return OUT_OF_MEMORY;
    const refusal = persistenceRefusal(this.server, flags, number === this.ping);
    if (refusal !== null) return refusal;
    if (session.isSubscriber && session.protocol === 2 && (own & FLAG_SUBSCRIBED) === 0) {
      return notWhileSubscribed(this.table.commands[number]);
    }
    if ((this.server.gates & GATE_SHUTDOWN) !== 0) {
      this.server.ending.hold(session);
      return "wait";
    }
    if (this.server.pause.holds((flags & (FLAG_WRITE | FLAG_MAY_REPLICATE)) !== 0)) {
      this.server.pause.add(session);
      return "wait";
    }
    this.keyspace.keepsExpired = (own & FLAG_READONLY) !== 0 && this.server.pause.holds(true);
    if (transaction !== null && (own & FLAG_UNQUEUED) === 0) return "queue";
    return "go";
  }
}

/** Why a command with these flags cannot be queued. Of the protected commands only those of modules are subcommands. */
function refusalInTransaction(session: Session, flags: number, isSubcommand: boolean): string | null {
  if ((flags & FLAG_NO_MULTI) !== 0) return NOT_IN_TRANSACTION;
  return (flags & FLAG_PROTECTED) !== 0 ? protectionRefusal(session, isSubcommand ? "module" : "debug") : null;
}
