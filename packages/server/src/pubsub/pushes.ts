/**
 * Messages on their way to sessions that did not ask for them with a command: what is published, and what clients that keep copies of
 * keys are told. A message is encoded once for each protocol, and nothing of it is copied for who gets it:
 *
 *   log (one a protocol)   [message][message][message][message]        those of one turn of the event loop
 *   session.pushRun                 ^start               ^end          a run of them that is to be written, in one write
 *
 * A run grows while its session gets each message; one that it does not get ends the run, which is written. At the end of the turn all
 * runs are. Replies and messages stay in order: the run of a session is written before it executes commands, and what it gets while one
 * of its own is executed follows that command's reply.
 */
import type { ReplyWriter } from "@sider/resp-protocol";
import { CommandBuffer, HEAD } from "../propagation/command-buffer.ts";
import type { Server } from "../server.ts";
import type { Session } from "../session/session.ts";

/** What knows how the message looks that is sent now. */
export interface PushEncoder {
  encode(buffer: CommandBuffer, protocol: 2 | 3): void;
}

/** A log longer than this is written before the end of the turn. */
const LOG_BYTES_MAXIMUM = 256 * 1024;
/** The message that is sent now has not been encoded for this protocol. */
const NOT_ENCODED = -1;

class MessageLog {
  readonly buffer = new CommandBuffer();
  readonly protocol: 2 | 3;
  /** Where the message begins that is sent now. */
  messageStart = NOT_ENCODED;

  constructor(protocol: 2 | 3) {
    this.protocol = protocol;
  }
}

/** What a session is to be written: bytes [start .. end) of a log; nothing while `log` is null. */
export class PushRun {
  log: MessageLog | null = null;
  start = 0;
  end = 0;
}

export class Pushes {
  private readonly server: Server;
  private readonly logs = [new MessageLog(2), new MessageLog(3)] as const;
  private encoder: PushEncoder | null = null;
  /** Sessions that have, or had, a run in this turn. */
  private readonly sessions: Session[] = [];
  /** What sessions get whose commands are being executed. */
  private held: { readonly session: Session; readonly bytes: Uint8Array }[] = [];
  private isScheduled = false;
  /** Called at the end of the turn, before all is written: there may be more. */
  beforeFlush: () => void = () => undefined;

  constructor(server: Server) {
    this.server = server;
  }

  /** Begins a message, which `send` then sends. It ends where the next begins. */
  begin(encoder: PushEncoder): void {
    const [log2, log3] = this.logs;
    if (log2.buffer.length > LOG_BYTES_MAXIMUM || log3.buffer.length > LOG_BYTES_MAXIMUM) this.writeAll();
    log2.messageStart = NOT_ENCODED;
    log3.messageStart = NOT_ENCODED;
    this.encoder = encoder;
  }

  /** Sends the message to a session. */
  send(session: Session): void {
    if (session.closing) return;
    const log = this.logs[session.protocol - 2];
    if (log.messageStart === NOT_ENCODED) this.encode(log);
    if (this.isReplying(session)) return this.hold(session, log);
    const run = (session.pushRun ??= new PushRun());
    if (run.log !== log || run.end !== log.messageStart) this.openRun(session, run, log);
    run.end = log.buffer.length;
  }

  private encode(log: MessageLog): void {
    log.messageStart = log.buffer.length;
    this.encoder?.encode(log.buffer, log.protocol);
  }

  private openRun(session: Session, run: PushRun, log: MessageLog): void {
    if (run.log === null) this.sessions.push(session);
    else writeRun(session, run);
    run.log = log;
    run.start = log.messageStart;
    this.schedule();
  }

  /** Has `flush` called at the end of the turn. */
  schedule(): void {
    if (this.isScheduled) return;
    this.isScheduled = true;
    setImmediate(() => {
      this.isScheduled = false;
      this.flush();
    });
  }

  /** Whether a command of the session is being executed, so that what is sent must follow its reply. */
  private isReplying(session: Session): boolean {
    const { executor } = this.server;
    return executor.session === session || executor.waiting.session === session;
  }

  private hold(session: Session, log: MessageLog): void {
    const bytes = log.buffer.bytes.slice(log.messageStart, log.buffer.length);
    this.held.push({ session, bytes });
    this.server.executor.waiting.needsAttention = true;
  }

  /** Writes what a session got while its command was executed, behind the reply. CLIENT REPLY does not hold it back. */
  release(session: Session, reply: ReplyWriter): void {
    if (this.held.length === 0) return;
    const own = this.held.filter((message) => message.session === session);
    if (own.length === 0) return;
    this.held = this.held.filter((message) => message.session !== session);
    speakAloud(session, reply, () => {
      for (const { bytes } of own) reply.raw(bytes);
    });
  }

  /** Writes the run of one session, if it has any, before something else is written to it. */
  flushSession(session: Session): void {
    if (session.pushRun !== null) writeRun(session, session.pushRun);
  }

  /** The session is going: what it has not been sent it does not get. */
  forget(session: Session): void {
    if (session.pushRun !== null) session.pushRun.log = null;
    if (this.held.length > 0) this.held = this.held.filter((message) => message.session !== session);
  }

  /** Writes all runs: the end of the turn. */
  flush(): void {
    this.beforeFlush();
    this.writeAll();
  }

  private writeAll(): void {
    for (let at = 0; at < this.sessions.length; at++) this.flushSession(this.sessions[at]);
    this.sessions.length = 0;
    for (const log of this.logs) if (log.buffer.length > HEAD) log.buffer.clear();
  }
}

/** Lets `write` write to the session though CLIENT REPLY may have muted it. */
export function speakAloud(session: Session, reply: ReplyWriter, write: () => void): void {
  const { sink } = reply;
  if (sink === session.transport) return write();
  reply.flush();
  reply.sink = session.transport;
  write();
  reply.flush();
  reply.sink = sink;
}

function writeRun(session: Session, run: PushRun): void {
  const { log, start, end } = run;
  if (log === null) return;
  run.log = null;
  session.transport.push(log.buffer.bytes, start, end);
}
