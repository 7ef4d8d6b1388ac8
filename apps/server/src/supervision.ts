/**
 * `supervised`: tells upstart or systemd when the server is ready. Upstart waits until the process stops itself. Systemd listens on a datagram
 * socket, of which Node knows none, so the program `systemd-notify` speaks for the server: the unit needs `NotifyAccess=all`.
 */
import type { Configuration, Logger } from "@sider/server";
import { childProcess } from "./child-process.ts";

/** Who supervises: as INFO names it. */
export type Supervisor = "no" | "systemd" | "upstart";

const READY = ["STATUS=Ready to accept connections", "READY=1"];

/** Who supervises this process, by `supervised` and by what it was started with. */
export function findSupervisor(configuration: Configuration, environment: NodeJS.ProcessEnv = process.env): Supervisor {
  const wanted = configuration.get("supervised");
  const isUpstart = environment["UPSTART_JOB"] !== undefined;
  const isSystemd = environment["NOTIFY_SOCKET"] !== undefined;
  if (isUpstart && (wanted === "upstart" || wanted === "auto")) return "upstart";
  return isSystemd && (wanted === "systemd" || wanted === "auto") ? "systemd" : "no";
}

/** The first word to the supervisor; says in the log when one was asked for that is not there. */
export function reportToSupervisor(supervisor: Supervisor, configuration: Configuration, log: Logger): void {
  const wanted = configuration.get("supervised");
  if (supervisor === "upstart") {
    log.notice("supervised by upstart, will stop to signal readiness");
    process.kill(process.pid, "SIGSTOP");
  } else if (supervisor === "systemd") {
    log.notice(
      "Supervised by systemd. Please make sure you set appropriate values for TimeoutStartSec and TimeoutStopSec in your service unit.",
    );
    notifySystemd(["STATUS=Sider is loading..."], log);
  } else if (wanted === "upstart") {
    log.warning("upstart supervision requested, but UPSTART_JOB not found");
  } else if (wanted === "systemd") {
    log.warning("systemd supervision requested, but NOTIFY_SOCKET not found");
  }
}

/** The data is loaded: what was started after this server may begin. */
export function reportReady(supervisor: Supervisor, log: Logger): void {
  if (supervisor === "systemd") notifySystemd(READY, log);
}

function notifySystemd(states: readonly string[], log: Logger): void {
  childProcess().execFile("systemd-notify", [`--pid=${String(process.pid)}`, ...states], (error) => {
    if (error !== null) log.warning(`systemd-notify failed: ${error.message.trim()}`);
  });
}
