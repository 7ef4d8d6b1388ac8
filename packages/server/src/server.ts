/**
 * One server: a keyspace, its configuration, the sessions of its clients, and what they share.
 *
 * It owns no socket: listeners (`transport/`) open sessions on it, and `createServer` in `create-server.ts` puts the parts together.
 */
import { createHeap } from "@sider/datastructures";
import type { Heap } from "@sider/datastructures";
import { Keyspace } from "@sider/keyspace-engine";
import type { Clock, Random } from "@sider/keyspace-engine";
import { createRequestLimits, discardingSink, ReplyWriter } from "@sider/resp-protocol";
import { allHandlers } from "./commands/index.ts";
import type { Configuration } from "./config/index.ts";
import { CommandTable } from "./dispatch/command-table.ts";
import { Executor } from "./dispatch/executor.ts";
import type { Logger } from "./log/index.ts";
import { Pause } from "./session/pause.ts";
import { Session } from "./session/session.ts";
import type { Transport } from "./session/transport.ts";
import { Statistics } from "./statistics.ts";

/** Why commands of all sessions take the slow way through the dispatcher. */
export const GATE_MEMORY = 1;
export const GATE_PAUSE = 2;

export interface ServerParts {
  readonly configuration: Configuration;
  readonly log: Logger;
  readonly heap?: Heap;
  readonly clock?: Clock;
  readonly random?: Random;
}

export class Server {
  readonly configuration: Configuration;
  readonly log: Logger;
  readonly keyspace: Keyspace;
  readonly table: CommandTable;
  readonly reply = new ReplyWriter(discardingSink);
  readonly requestLimits = createRequestLimits();
  readonly statistics = new Statistics();
  readonly sessions = new Map<number, Session>();
  readonly pause = new Pause();
  readonly executor: Executor;
  readonly startedMs: number;
  /** GATE_* bits; 0 is the fast way. */
  gates = 0;
  private lastSessionId = 0;

  constructor(parts: ServerParts) {
    this.configuration = parts.configuration;
    this.log = parts.log;
    const heap = parts.heap ?? createHeap({});
    this.keyspace = new Keyspace({
      heap,
      databaseCount: parts.configuration.get("databases"),
      ...(parts.clock === undefined ? {} : { clock: parts.clock }),
      ...(parts.random === undefined ? {} : { random: parts.random }),
    });
    this.startedMs = this.keyspace.nowMs;
    this.table = new CommandTable(allHandlers);
    this.executor = new Executor(this);
  }

  /** Whether commands that need memory are refused. */
  isOutOfMemory(): boolean {
    return (this.gates & GATE_MEMORY) !== 0;
  }

  /** A session on a connection; null when there may be no more (the transport has been told why and closed). */
  openSession(transport: Transport): Session | null {
    this.statistics.connectionsReceived++;
    const session = new Session(this, ++this.lastSessionId, transport, true, this.keyspace.clock.nowMs());
    this.sessions.set(session.id, session);
    return session;
  }

  /** Called by the transport when the connection is gone. */
  closeSession(session: Session): void {
    session.closing = true;
    session.closed = true;
    this.sessions.delete(session.id);
  }
}
