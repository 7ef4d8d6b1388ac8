/**
 * One client: bytes in, bytes out, and the state that its commands see. Knows nothing of sockets.
 *
 * `receive` parses and executes at once. A session that may not execute now (its peer does not take replies, or the server is
 * paused) keeps what it has received in its parser and stops its transport, until `drained` or `proceed`. While a command of it waits
 * for a key (`blocking.ts`) it goes on to receive, since that is how it learns that its peer is gone, and holds what comes.
 */
import { RequestParser } from "@sider/resp-protocol";
import type { Server } from "../server.ts";
import type { User } from "../acl/user.ts";
import type { Waiter } from "./blocking.ts";
import { HeldInput } from "./held-input.ts";
import type { Subscriptions } from "../pubsub/pubsub.ts";
import type { Tracker } from "../tracking/tracker.ts";
import type { PushRun } from "../pubsub/pushes.ts";
import { enforceOutputLimit } from "./output-limit.ts";
import { closeTransaction, openTransaction } from "./transaction.ts";
import type { Transaction } from "./transaction.ts";
import type { Transport } from "./transport.ts";
import type { WatchedKey } from "./watched-keys.ts";

/** Why commands of this session take the slow way through the dispatcher. */
export const GATE_AUTHENTICATION = 1;
export const GATE_REPLY = 2;
export const GATE_TRANSACTION = 4;
export const GATE_SUBSCRIBED = 8;
/** What it reads is remembered. */
export const GATE_TRACKING = 64;
/** Its user may not do everything. */
export const GATE_ACL = 16;
/** It is a monitor, and may not reach for keys. */
export const GATE_MONITOR = 32;

/** CLIENT REPLY: replies are sent, dropped, or dropped for the next command. */
export type ReplyMode = "on" | "off" | "skip";

/** What executes the commands of a log. */
export interface Replay {
  /** @param name of the command, "" when there is none; Latin-1 */
  commandFailed(name: string, error: string): void;
}

export class Session {
  readonly id: number;
  readonly server: Server;
  readonly transport: Transport;
  readonly parser: RequestParser;
  readonly createdMs: number;
  lastActiveMs: number;
  databaseIndex = 0;
  protocol: 2 | 3;
  name = "";
  libraryName = "";
  libraryVersion = "";
  /** Whose rights it has. Changed by `logIn` and `logOut`. */
  user: User;
  /** Somebody has logged in, or nobody had to. */
  authenticated: boolean;
  replyMode: ReplyMode = "on";
  /** Flags of CLIENT NO-EVICT and NO-TOUCH. */
  noEvict = false;
  noTouch = false;
  /** GATE_* bits; 0 is the fast way. */
  gates = 0;
  /** Number of the last command in the command table, or -1. */
  lastCommand = -1;
  /** Bytes of the input that is worked on now; 0 between two inputs. */
  inputBytes = 0;
  /** Its commands come from the append-only file: nothing refuses them. Who is told when one fails all the same; null for clients. */
  replay: Replay | null = null;
  /** Held back by CLIENT PAUSE. */
  paused = false;
  /** Its command that waits for a key, or null. */
  waiter: Waiter | null = null;
  /** What has come while it waited. */
  private held: HeldInput | null = null;
  /** What it has queued since MULTI; null outside of a transaction. */
  transaction: Transaction | null = null;
  readonly watchedKeys: WatchedKey[] = [];
  /** About what these take. */
  watchedBytes = 0;
  /** A key that it watched has changed. */
  hasBrokenWatch = false;
  /** What it listens to; null while it has never listened. */
  subscriptions: Subscriptions | null = null;
  /** What CLIENT TRACKING has set; null while it has never been called. */
  tracker: Tracker | null = null;
  /** Messages that it is to be sent; null while it has never got any. */
  pushRun: PushRun | null = null;
  /** Since when its waiting replies are over the soft limit, Unix milliseconds; 0 when they are not. */
  overSoftLimitSinceMs = 0;
  /** It is being closed for its replies: they are too long. */
  isOverLimit = false;
  /** Its part of what counts against maxmemory-clients. */
  countedBytes = 0;
  /** While it waits in WAITAOF: how much of what was appended must be durable. */
  awaitedBytes = 0;
  closing = false;
  closed = false;

  constructor(server: Server, id: number, transport: Transport, authenticated: boolean, nowMs: number) {
    this.server = server;
    this.id = id;
    this.transport = transport;
    this.protocol = server.defaultProtocol;
    this.user = server.users.defaultUser;
    this.authenticated = authenticated;
    this.parser = new RequestParser(server.requestLimits, authenticated);
    this.createdMs = nowMs;
    this.lastActiveMs = nowMs;
    this.updateRights();
  }

  /** Whether it listens to anything: with RESP2 it may do little else then. */
  get isSubscriber(): boolean {
    return (this.gates & GATE_SUBSCRIBED) !== 0;
  }

  /** Whether the next command may be executed now. */
  get ready(): boolean {
    return (
      !this.closing &&
      !this.paused &&
      this.waiter === null &&
      this.transport.pendingBytes <= this.transport.waitingReplyBytes
    );
  }

  /**
   * Takes bytes from the peer. They are free again when it returns; bytes[start - headroom .. start) may be overwritten.
   */
  receive(bytes: Uint8Array, start: number, end: number, headroom: number): void {
    if (this.closing) return;
    if (this.waiter !== null) return this.hold(bytes, start, end);
    this.parser.feed(bytes, start, end, headroom);
    this.inputBytes = end - start;
    this.server.executor.run(this);
    this.inputBytes = 0;
    if (this.parser.pendingBytes > 0) this.server.memoryGate.buffersGrew();
    if (this.server.clientEviction.isOn) this.server.clientEviction.update(this);
  }

  private hold(bytes: Uint8Array, start: number, end: number): void {
    this.held ??= new HeldInput();
    this.held.push(bytes, start, end);
    if (this.held.isFull) this.transport.pauseReading();
    if (this.server.clientEviction.isOn) this.server.clientEviction.update(this);
  }

  /** More replies wait for the peer: it may have gone over the limits. */
  repliesGrew(): void {
    enforceOutputLimit(this, this.server.keyspace.nowMs);
    this.server.memoryGate.buffersGrew();
    if (this.server.clientEviction.isOn) this.server.clientEviction.update(this);
  }

  /** The peer has taken all replies: goes on with what was kept. */
  drained(): void {
    this.proceed();
  }

  /** Goes on after a pause. */
  proceed(): void {
    if (!this.ready) return;
    this.transport.resumeReading();
    this.server.executor.run(this);
  }

  /** Goes on when its command waits no more. */
  proceedAfterWait(): void {
    if (this.closing) return;
    if (this.held !== null) this.parser.feed(this.held.bytes, 0, this.held.length, 0);
    this.held = null;
    if (this.ready) this.proceed();
    else this.transport.pauseReading();
  }

  /** Nothing of it is in the way of others, or held for it, any more. */
  private letGo(): void {
    if (this.waiter !== null) this.server.executor.waiting.forget(this.waiter);
    this.held = null;
    this.server.clientEviction.forget(this);
    if (this.isMonitor) this.setMonitor(false);
    this.endTransaction();
    this.server.pubsub.leaveAll(this);
    this.server.tracking.forget(this);
    this.server.pushes.forget(this);
  }

  /** Has the rights of this user from now on. */
  logIn(user: User): void {
    this.user = user;
    this.authenticated = true;
    this.updateRights();
  }

  /** Is as a new session: nobody has logged in, which may be enough. */
  logOut(): void {
    const { users } = this.server;
    this.user = users.defaultUser;
    this.authenticated = !users.requiresLogin;
    this.updateRights();
  }

  /** Whether nothing but a login is possible. */
  get mustLogIn(): boolean {
    return (this.gates & GATE_AUTHENTICATION) !== 0;
  }

  /** Who it is, or what that user may do, has changed: the gates follow, and the protocol's limits. */
  updateRights(): void {
    const mustLogIn = !this.authenticated && this.server.users.requiresLogin;
    this.parser.authenticated = !mustLogIn;
    this.setGate(GATE_AUTHENTICATION, mustLogIn);
    this.setGate(GATE_ACL, !this.user.isUnrestricted && this.replay === null);
  }

  private setGate(gate: number, isClosed: boolean): void {
    this.gates = isClosed ? this.gates | gate : this.gates & ~gate;
  }

  /** CLIENT REPLY. */
  setReplyMode(mode: ReplyMode): void {
    this.replyMode = mode;
    this.gates = mode === "on" ? this.gates & ~GATE_REPLY : this.gates | GATE_REPLY;
  }

  /** MONITOR. */
  setMonitor(isMonitor: boolean): void {
    const { observation } = this.server;
    this.gates = isMonitor ? this.gates | GATE_MONITOR : this.gates & ~GATE_MONITOR;
    if (isMonitor) observation.monitors.add(this);
    else observation.monitors.delete(this);
    observation.update();
  }

  get isMonitor(): boolean {
    return (this.gates & GATE_MONITOR) !== 0;
  }

  /** MULTI. */
  beginTransaction(): void {
    this.transaction = openTransaction();
    this.gates |= GATE_TRANSACTION;
  }

  /** The transaction is over, and its watches are, however it ended. */
  endTransaction(): void {
    if (this.transaction !== null) closeTransaction(this.transaction);
    this.transaction = null;
    this.gates &= ~GATE_TRANSACTION;
    this.unwatch();
  }

  /** UNWATCH. */
  unwatch(): void {
    this.server.watchedKeys.unwatch(this);
    this.hasBrokenWatch = false;
  }

  /** RESET: everything that commands have set is as in a new session. */
  reset(): void {
    this.databaseIndex = 0;
    this.protocol = this.server.defaultProtocol;
    this.name = "";
    this.noEvict = false;
    this.noTouch = false;
    if (this.isMonitor) this.setMonitor(false);
    this.endTransaction();
    this.server.pubsub.leaveAll(this);
    this.server.tracking.stop(this);
    this.setReplyMode("on");
    this.logOut();
  }

  /** Ends the session once its replies are taken, also that of the command that runs now; nothing more is executed. */
  close(): void {
    if (this.closing) return;
    this.closing = true;
    this.server.pushes.flushSession(this);
    this.letGo();
    this.server.executor.defer(() => {
      this.transport.close();
    });
  }

  /** Ends the session at once. */
  destroy(): void {
    this.closing = true;
    this.letGo();
    this.transport.destroy();
  }

  /** The connection is gone, by whomever. */
  connectionEnded(): void {
    this.closing = true;
    this.closed = true;
    this.letGo();
  }

  /** Bytes of input that are held while it waits. */
  get heldBytes(): number {
    return this.held === null ? 0 : this.held.bytes.length;
  }
}
