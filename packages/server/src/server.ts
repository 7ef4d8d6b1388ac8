/**
 * One server: a keyspace, its configuration, the sessions of its clients, and what they share.
 *
 * It owns no socket: listeners (`transport/`) open sessions on it, and `createServer` in `create-server.ts` puts the parts together.
 */
import { createHeap } from "@sider/datastructures";
import type { Heap } from "@sider/datastructures";
import { Keyspace } from "@sider/keyspace-engine";
import type { Clock, Random } from "@sider/keyspace-engine";
import { runInThread, runInTurns, SnapshotController } from "@sider/persistence";
import type { FileSystem } from "@sider/persistence";
import { createRequestLimits, discardingSink, ReplyWriter } from "@sider/resp-protocol";
import { followConfiguration } from "./config-listeners.ts";
import type { Configuration, OutputBufferLimits, Rename } from "./config/index.ts";
import { CommandTable } from "./dispatch/command-table.ts";
import { Executor } from "./dispatch/executor.ts";
import type { Handler } from "./dispatch/handler.ts";
import { GATE_LOADING, GATE_MEMORY, GATE_PAUSE, GATE_SNAPSHOT } from "./gates.ts";
import type { Logger } from "./log/index.ts";
import { Eviction } from "./memory/eviction.ts";
import { MemoryGate } from "./memory/memory-gate.ts";
import { MemoryUsage } from "./memory/memory-usage.ts";
import { KeyspaceEvents } from "./pubsub/keyspace-events.ts";
import { PubSub } from "./pubsub/pubsub.ts";
import { Pushes } from "./pubsub/pushes.ts";
import { AppendOnlyService } from "./persistence/append-only-service.ts";
import { PersistenceService } from "./persistence/persistence-service.ts";
import { SnapshotGate } from "./persistence/snapshot-gate.ts";
import { admissionRefusal } from "./session/admission.ts";
import { LoginGuard } from "./acl/login-guard.ts";
import { UserFile } from "./acl/user-file.ts";
import { AccessControl } from "./acl/access-control.ts";
import { Users } from "./acl/users.ts";
import type { Propagation } from "./propagation/index.ts";
import { ClientEviction } from "./session/client-eviction.ts";
import { KeyWatchers } from "./session/key-watchers.ts";
import { EventLoopMeter } from "./observation/event-loop.ts";
import { Observation } from "./observation/observation.ts";
import { Pause } from "./session/pause.ts";
import { Session } from "./session/session.ts";
import type { Transport } from "./session/transport.ts";
import { WatchedKeys } from "./session/watched-keys.ts";
import { Shutdown } from "./shutdown.ts";
import type { ShutdownEnd, ShutdownRequest } from "./shutdown.ts";
import { SteadyClock } from "./steady-clock.ts";
import { Tracking } from "./tracking/tracking.ts";
import { Statistics } from "./statistics.ts";

export interface ServerParts {
  /** By the names of the command table. Handed in, so that the server knows no command and a command may know the server. */
  readonly handlers: Readonly<Record<string, Handler>>;
  readonly configuration: Configuration;
  readonly log: Logger;
  readonly heap?: Heap;
  readonly clock?: Clock;
  readonly random?: Random;
  /** Commands that have other names, or none (`rename-command`). */
  readonly renames?: readonly Rename[];
  /** Where dumps are kept. Default: that of the machine. */
  readonly fileSystem?: FileSystem;
  /** A clock that only goes forward, for durations, in milliseconds. Default: that of the machine. */
  readonly steadyMs?: () => number;
}

/** What all sessions of a server share. */
export class Server {
  readonly configuration: Configuration;
  readonly log: Logger;
  readonly keyspace: Keyspace;
  readonly table: CommandTable;
  readonly reply = new ReplyWriter(discardingSink);
  readonly requestLimits = createRequestLimits();
  readonly statistics = new Statistics();
  readonly observation: Observation;
  readonly loop = new EventLoopMeter();
  /** What tells the time, unless a clock was handed in. */
  readonly steadyClock: SteadyClock | null;
  readonly sessions = new Map<number, Session>();
  readonly pause = new Pause();
  readonly clientEviction: ClientEviction;
  /** client-output-buffer-limit. */
  outputLimits: OutputBufferLimits;
  readonly keyWatchers: KeyWatchers;
  readonly watchedKeys: WatchedKeys;
  readonly users: Users;
  readonly userFile: UserFile;
  readonly logins: LoginGuard;
  /** What users may do, and what was denied them. */
  readonly access: AccessControl;
  readonly executor: Executor;
  readonly pushes: Pushes;
  readonly pubsub: PubSub;
  readonly keyspaceEvents: KeyspaceEvents;
  readonly tracking: Tracking;
  /** What writes all data to disk while commands go on. */
  readonly snapshots: SnapshotController;
  readonly snapshotGate: SnapshotGate;
  readonly persistence: PersistenceService;
  readonly ending: Shutdown;
  readonly appendOnly: AppendOnlyService;
  /** Tells feeds (`addFeed`) of each change; null while there is none. */
  propagation: Propagation | null = null;
  /** Ticks of the timer in a second: `hz`, or more with many clients. */
  hz = 10;
  /** The configuration file that CONFIG REWRITE writes; empty when the server was started without one. */
  configFile = "";
  /** Who supervises the process: "no", "systemd" or "upstart". */
  supervisor = "no";
  /** Called when the server goes down: closes what surrounds it, and ends the process if that is what it is for. */
  onShutdown: () => void = () => undefined;
  readonly startedMs: number;
  /** GATE_* bits (`gates.ts`); 0 is the fast way. */
  gates = 0;
  /** What is on disk has been loaded: directives that change mean what they say from now on. */
  isStarted = false;
  /** The timer does nothing, for tests (DEBUG PAUSE-CRON). */
  isTimerPaused = false;
  /** 40 hexadecimal digits that no other start of a server has. */
  readonly runId: string;
  /** Memory in use before there was any key. */
  readonly startupBytes: number;
  readonly memoryUsage: MemoryUsage;
  readonly memoryGate: MemoryGate;
  readonly eviction: Eviction;
  private lastSessionId = 0;

  constructor(parts: ServerParts) {
    this.configuration = parts.configuration;
    this.log = parts.log;
    this.outputLimits = this.configuration.get("client-output-buffer-limit");
    this.steadyClock = parts.clock === undefined ? new SteadyClock() : null;
    const clock = parts.clock ?? this.steadyClock;
    const heap = parts.heap ?? createHeap({});
    this.keyspace = new Keyspace({
      heap,
      databaseCount: parts.configuration.get("databases"),
      ...(clock === null ? {} : { clock }),
      ...(parts.random === undefined ? {} : { random: parts.random }),
    });
    this.startedMs = this.keyspace.nowMs;
    this.table = new CommandTable(parts.handlers);
    for (const [name, newName] of parts.renames ?? []) this.table.rename(name, newName);
    this.users = new Users(this);
    this.logins = new LoginGuard(this);
    this.userFile = new UserFile(this, parts.fileSystem);
    this.access = new AccessControl(this);
    this.observation = new Observation(parts.steadyMs);
    this.keyWatchers = new KeyWatchers(this.keyspace);
    this.watchedKeys = new WatchedKeys(this.keyspace, this.keyWatchers);
    this.executor = new Executor(this);
    this.clientEviction = new ClientEviction(this);
    this.pushes = new Pushes(this);
    this.pubsub = new PubSub(this);
    this.keyspaceEvents = new KeyspaceEvents(this);
    this.tracking = new Tracking(this);
    const { fileSystem } = parts;
    this.snapshots = new SnapshotController(
      this.keyspace,
      fileSystem === undefined ? runInThread : runInTurns(fileSystem),
    );
    this.snapshots.onChange = (isRunning) => {
      this.setGate(GATE_SNAPSHOT, isRunning);
      if (isRunning) this.statistics.snapshots++;
    };
    this.snapshotGate = new SnapshotGate(this);
    this.persistence = new PersistenceService(this, parts.fileSystem);
    this.ending = new Shutdown(this);
    this.appendOnly = new AppendOnlyService(this, parts.fileSystem);
    this.appendOnly.onProgress = () => this.executor.waiting.acknowledge();
    this.runId = Array.from({ length: 40 }, () => this.keyspace.random(16).toString(16)).join("");
    this.startupBytes = heap.allocatedBytes;
    this.memoryUsage = new MemoryUsage(this);
    this.memoryGate = new MemoryGate({
      configuration: this.configuration,
      heap,
      clientBytes: () => this.memoryUsage.clientBytes,
      heldBytes: () => this.snapshots.heldBytes,
      lookAgain: () => {
        if (this.memoryUsage.isLookDue(performance.now())) this.updateMemoryGate();
      },
    });
    followConfiguration(this);
    this.eviction = new Eviction(this);
  }

  /** What sessions speak until they say HELLO. */
  get defaultProtocol(): 2 | 3 {
    return this.configuration.get("client-default-resp") === 3 ? 3 : 2;
  }

  /** Goes down, unless the data must be saved and cannot be: then it logs why and goes on. `end` is told, now or in a later turn. */
  shutdown(request: ShutdownRequest = {}, end: ShutdownEnd = () => undefined): void {
    this.ending.begin(request, (isDown) => {
      if (isDown) {
        this.reply.flush();
        this.pushes.flush();
        this.onShutdown();
      }
      end(isDown);
    });
  }

  /** Closes or opens a gate (GATE_*): while one is closed all commands take the slow way through the dispatcher. */
  setGate(gate: number, isClosed: boolean): void {
    this.gates = isClosed ? this.gates | gate : this.gates & ~gate;
    if (gate === GATE_LOADING) this.keyspaceEvents.pause(isClosed);
  }

  /** Looks how near the limit of memory is; for the timer, and after a change of the limit. */
  updateMemoryGate(): void {
    this.memoryUsage.lookAtClients();
    this.setGate(GATE_MEMORY, this.memoryGate.update());
  }

  /** CLIENT PAUSE: sessions wait with all commands, or with those that write. Never shortens a pause. */
  pauseSessions(untilMs: number, coversAll: boolean): void {
    this.pause.start(untilMs, coversAll);
    this.gates |= GATE_PAUSE;
    this.pause.schedule(this.keyspace.clock, () => this.endPause());
  }

  /** Ends a pause. Sessions that waited go on as soon as the commands that run now are done. */
  endPause(): void {
    this.gates &= ~GATE_PAUSE;
    this.keyspace.keepsExpired = false;
    const waiting = this.pause.end();
    this.executor.defer(() => {
      this.executor.serveWaiting();
      for (const session of waiting) session.proceed();
    });
  }

  /** A session on a connection; null when it is not taken (the transport has been told why and closed). */
  openSession(transport: Transport): Session | null {
    const refusal = admissionRefusal(this, transport);
    if (refusal !== null) {
      this.statistics.connectionsRejected++;
      const bytes = new TextEncoder().encode(refusal);
      transport.write(bytes, 0, bytes.length);
      transport.close();
      return null;
    }
    this.statistics.connectionsReceived++;
    const nowMs = this.keyspace.clock.nowMs();
    const session = new Session(this, ++this.lastSessionId, transport, !this.users.requiresLogin, nowMs);
    this.sessions.set(session.id, session);
    return session;
  }

  /** Called by the transport when the connection is gone. */
  closeSession(session: Session): void {
    session.connectionEnded();
    this.sessions.delete(session.id);
  }
}
