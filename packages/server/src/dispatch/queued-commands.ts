/**
 * Runs the commands that a session has queued: what EXEC does. One after the other with no other session's command in between, at one
 * point in time, in a context of their own, in which no command waits.
 */
import { discardingSink } from "@sider/resp-protocol";
import { CommandClock } from "../observation/command-clock.ts";
import { noteSlowRun } from "../observation/slow-run.ts";
import type { Server } from "../server.ts";
import { GATE_ACL } from "../session/session.ts";
import type { Session } from "../session/session.ts";
import type { Transaction } from "../session/transaction.ts";
import { CommandContext } from "./command-context.ts";
import type { Executor } from "./executor.ts";

const NO_HASHES = new Int32Array(0);

export class QueuedCommands {
  private readonly server: Server;
  private readonly executor: Executor;
  private readonly context: CommandContext;
  private readonly clock: CommandClock;
  /** Whether a transaction is being executed. */
  isRunning = false;
  /** The replies before CLIENT REPLY OFF; null while none was executed. */
  private before: Uint8Array | null = null;

  constructor(server: Server, executor: Executor) {
    this.server = server;
    this.executor = executor;
    this.context = new CommandContext(server, server.reply);
    this.context.neverWaits = true;
    this.clock = new CommandClock(server.table, server.observation, new Int16Array(0));
  }

  /** Runs all of them and replies with an array of their replies. Errors are replies like others. */
  run(session: Session, transaction: Transaction): void {
    const { clock, context, executor } = this;
    const { reply, table } = this.server;
    reply.arrayHeader(transaction.count);
    this.isRunning = true;
    context.openBatch(session, transaction, NO_HASHES);
    clock.numbers = transaction.commandNumbers;
    clock.onSlowRun = (first, end, elapsedMs) => {
      noteSlowRun({ session, batch: transaction, numbers: transaction.commandNumbers, first, end, elapsedMs });
    };
    for (let at = 0; at < transaction.count; at++) {
      const number = transaction.commandNumbers[at];
      const start = transaction.commandStarts[at];
      context.openCommand(number, start, transaction.commandStarts[at + 1] - start, 1, 0, 1);
      const denial = (session.gates & GATE_ACL) === 0 ? null : this.server.access.refusalInExec(context);
      if (denial === null) {
        if (clock.command !== number) clock.turnTo(number, at);
        executor.call(context, table.handlers[number]);
        if (session.tracker !== null) this.server.tracking.commandDone(context);
        table.calls[number]++;
        if (clock.isAlone) clock.stopAlone(context);
      } else {
        clock.stop(at);
        executor.replyError(denial);
      }
      if (session.replyMode === "off") this.muteRest(session);
    }
    clock.stop(transaction.count);
    this.server.loop.commands += transaction.count;
    this.isRunning = false;
    if (reply.sink === discardingSink) this.endMute(session);
    if (executor.waiting.needsAttention) this.server.keyspace.updateClock(); // who is served now sees the time of now
  }

  /** CLIENT REPLY OFF, itself queued, holds from there on. What was replied before leaves when EXEC is done, as ever. */
  private muteRest(session: Session): void {
    const { reply } = this.server;
    if (reply.sink !== session.transport) return;
    this.before = reply.takeBack();
    reply.sink = discardingSink;
  }

  private endMute(session: Session): void {
    const { reply } = this.server;
    reply.flush();
    reply.sink = session.transport;
    if (this.before !== null) reply.raw(this.before);
    this.before = null;
  }
}
