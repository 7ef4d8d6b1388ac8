/**
 * The end of a server: SHUTDOWN, SIGTERM and SIGINT. Saves if it should, and tells the surroundings when all is done; whether a process
 * ends then is for them to decide.
 */
import type { Server } from "./server.ts";

export interface ShutdownRequest {
  /** Save: when save points are configured, in any case, or not at all. Default: default. */
  readonly save?: "default" | "always" | "never";
  /** Do not wait for replicas. */
  readonly now?: boolean;
  /** Go down even when the data cannot be saved. */
  readonly force?: boolean;
}

/** True when the server is going down; false when it goes on, since its data could not be saved: the log says why. */
export function shutDown(server: Server, request: ShutdownRequest): boolean {
  const { configuration, log } = server;
  log.warning("User requested shutdown...");
  const save = request.save ?? "default";
  if (save === "always" || (save === "default" && configuration.get("save").length > 0)) {
    log.notice("Saving the final RDB snapshot before exiting.");
    if (!trySave(server)) {
      log.warning(`Error trying to save the DB${request.force === true ? ". Exit anyway." : ", can't exit."}`);
      if (request.force !== true) {
        log.warning("Errors trying to shut down the server. Check the logs for more information.");
        return false;
      }
    }
  }
  log.warning("Sider is now ready to exit, bye bye...");
  return true;
}

function trySave(server: Server): boolean {
  try {
    server.persistence.save();
    return true;
  } catch {
    return false; // save has logged it
  }
}
