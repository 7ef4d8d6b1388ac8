/** `pidfile`: the number of the process, for scripts that end it; a daemon has one in any case. */
import type { Configuration, Logger } from "@sider/server";
import { rmSync, writeFileSync } from "node:fs";

const DAEMONS_FILE = "/var/run/redis.pid";

export interface PidFile {
  remove(): void;
}

/** Writes the file that the configuration asks for; null when it asks for none. One that cannot be written is logged. */
export function makePidFile(configuration: Configuration, isDaemon: boolean, log: Logger): PidFile | null {
  if (isDaemon && configuration.get("pidfile") === "") configuration.assign("pidfile", [DAEMONS_FILE]);
  const path = configuration.get("pidfile");
  if (path === "") return null;
  try {
    writeFileSync(path, `${String(process.pid)}\n`);
  } catch (error) {
    log.warning(`Failed to write PID file: ${error instanceof Error ? error.message : String(error)}`);
  }
  return {
    remove() {
      log.notice("Removing the pid file.");
      rmSync(path, { force: true });
    },
  };
}
