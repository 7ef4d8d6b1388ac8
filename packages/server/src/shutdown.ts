/**
 * The end of a server: SHUTDOWN, SIGTERM and SIGINT. Saves if it should, and tells the surroundings when all is done; whether a process
 * ends then is for them to decide.
 *
 *   ask (a signal) -- poll (the timer; SHUTDOWN ABORT takes it back) --.
 *   SHUTDOWN ----------------------------------------------------------+-- begin: background save ended, log flushed,
 *                                                                           last save (clients wait) -- done, or the server goes on
 */
import { GATE_SHUTDOWN } from "./gates.ts";
import type { Server } from "./server.ts";
import type { Session } from "./session/session.ts";

export interface ShutdownRequest {
  /** Save: when save points are configured, in any case, or not at all. Default: default. */
  readonly save?: "default" | "always" | "never";
  /** Do not wait for replicas. */
  readonly now?: boolean;
  /** Go down even when the data cannot be saved. */
  readonly force?: boolean;
}

/** Is told whether the server is going down; false when it goes on, since its data could not be saved: the log says why. */
export type ShutdownEnd = (isDown: boolean) => void;

export class Shutdown {
  /** Brings the append-only file to the disk; false when that failed and `isForced` is not set. */
  flushLog: (isForced: boolean) => boolean = () => true;
  private readonly server: Server;
  /** What a signal has asked for. */
  private asked: ShutdownRequest | null = null;
  private isEnding = false;
  private waiting: Session[] = [];

  constructor(server: Server) {
    this.server = server;
  }

  /**
   * A signal. The server goes down at the next tick of its timer. Gives false when nobody should wait for that any more: SIGINT again.
   */
  ask(signal: "SIGTERM" | "SIGINT"): boolean {
    const { configuration, log, persistence } = this.server;
    if (this.asked !== null && signal === "SIGINT") {
      log.warning("You insist... exiting now.");
      persistence.saving.removeTemporaryFile();
      this.server.appendOnly.rewriting.stop();
      return false;
    }
    log.warning(
      persistence.loading
        ? "Received shutdown signal during loading, scheduling shutdown."
        : `Received ${signal} scheduling shutdown...`,
    );
    const chosen = configuration.get(signal === "SIGTERM" ? "shutdown-on-sigterm" : "shutdown-on-sigint");
    const save = chosen.includes("save") ? "always" : chosen.includes("nosave") ? "never" : "default";
    this.asked ??= { save, now: chosen.includes("now"), force: chosen.includes("force") };
    return true;
  }

  /** Does what a signal has asked for. */
  poll(): void {
    if (this.asked !== null && !this.isEnding) this.server.shutdown(this.asked);
  }

  /** SHUTDOWN ABORT: takes back what a signal has asked for. False when there is nothing to take back. */
  abort(): boolean {
    if (this.asked === null) return false;
    this.asked = null;
    this.server.log.notice("Shutdown manually aborted.");
    return true;
  }

  /** Ends the work of the server, and calls `end`: at once or in a later turn. */
  begin(request: ShutdownRequest, end: ShutdownEnd): void {
    if (this.isEnding) return end(false);
    const { log, persistence } = this.server;
    this.isEnding = true;
    log.warning("User requested shutdown...");
    if (persistence.saving.isInBackground) log.warning("There is a child saving an .rdb. Killing it!");
    persistence.loadState.cancel();
    persistence.saving.cancel(() => {
      persistence.saving.removeTemporaryFile();
      this.save(request, end);
    });
  }

  private save(request: ShutdownRequest, end: ShutdownEnd): void {
    const { log, persistence } = this.server;
    const isForced = request.force === true;
    if (!this.flushLog(isForced)) return this.goOn(end);
    if (!this.saves(request)) return this.goDown(end);
    log.notice("Saving the final RDB snapshot before exiting.");
    this.server.setGate(GATE_SHUTDOWN, true);
    persistence.saving.saveFinally((isSaved) => {
      if (isSaved) return this.goDown(end);
      log.warning(`Error trying to save the DB${isForced ? ". Exit anyway." : ", can't exit."}`);
      if (isForced) this.goDown(end);
      else this.goOn(end);
    });
  }

  /** What is half loaded is never saved. */
  private saves({ save = "default" }: ShutdownRequest): boolean {
    const { configuration, persistence } = this.server;
    if (persistence.loading || save === "never") return false;
    return save === "always" || configuration.get("save").length > 0;
  }

  private goDown(end: ShutdownEnd): void {
    this.server.log.warning("Sider is now ready to exit, bye bye...");
    end(true);
  }

  private goOn(end: ShutdownEnd): void {
    const { server, waiting } = this;
    server.log.warning("Errors trying to shut down the server. Check the logs for more information.");
    this.isEnding = false;
    this.asked = null;
    this.waiting = [];
    server.setGate(GATE_SHUTDOWN, false);
    end(false);
    for (const session of waiting) session.paused = false;
    server.executor.defer(() => {
      for (const session of waiting) session.proceed();
    });
  }

  /** Lets a session wait until the server is down, or goes on. */
  hold(session: Session): void {
    session.paused = true;
    this.waiting.push(session);
  }
}
