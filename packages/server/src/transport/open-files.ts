/** How many clients the system's limit of open files allows. */
import { readFileSync } from "node:fs";
import { type Configuration, ConfigurationError } from "../config/index.ts";
import type { Server } from "../server.ts";
import { ListenError } from "./listen-error.ts";

/** Files that are not clients: listeners, the runtime's own, a dump. */
const RESERVED_FILES = 32;

/** The limit of open files of this process, or null where it is not known. The runtime has raised it as far as it may. */
export function openFilesLimit(): number | null {
  try {
    const limit = /^Max open files\s+(\d+)/m.exec(readFileSync("/proc/self/limits", "latin1"));
    return limit === null ? null : Number(limit[1]);
  } catch {
    return null; // no /proc here
  }
}

/** The most clients that a limit of open files allows. */
function clientsWithin(limit: number | null): number {
  return limit === null ? Infinity : Math.max(0, limit - RESERVED_FILES);
}

/** Lowers `maxclients` to what `limit` allows, and says so in the log. Throws `ListenError` when that is nobody. */
export function fitClientsToOpenFiles(server: Server, limit: number | null): void {
  const { configuration, log } = server;
  const wanted = configuration.get("maxclients");
  const needed = wanted + RESERVED_FILES;
  const possible = clientsWithin(limit);
  if (limit === null || wanted <= possible) return;
  if (possible === 0) {
    throw new ListenError(
      `Your current 'ulimit -n' of ${String(limit)} is not enough for the server to start. ` +
        `Please increase your open file limit to at least ${String(needed)}. Exiting.`,
    );
  }
  log.warning(
    `You requested maxclients of ${String(wanted)} requiring at least ${String(needed)} max file descriptors.`,
  );
  log.warning(`Server can't set maximum open files to ${String(needed)} because of OS error: Operation not permitted.`);
  log.warning(
    `Current maximum open files is ${String(limit)}. maxclients has been reduced to ${String(possible)} to compensate for low ulimit. ` +
      `If you need higher maxclients increase 'ulimit -n'.`,
  );
  configuration.assign("maxclients", [String(possible)]);
}

/** From now on refuses a `maxclients` that `limit` does not allow. */
export function refuseMoreClients(configuration: Configuration, limit: number | null): void {
  const possible = clientsWithin(limit);
  configuration.onChange("maxclients", (clients) => {
    if (clients <= possible) return;
    throw new ConfigurationError(
      `The operating system is not able to handle the specified number of clients, try with ${String(possible)}`,
    );
  });
}
