/** Looking after clients, once a second: those that are idle for too long, and those that do not read their replies. */
import type { Server } from "../server.ts";
import { enforceOutputLimit } from "../session/output-limit.ts";
import type { Session } from "../session/session.ts";

/** Closes sessions by the directives `timeout` and `client-output-buffer-limit`. O(sessions). */
export function checkClients(server: Server, nowMs: number): void {
  const timeoutMs = server.configuration.get("timeout") * 1000;
  for (const session of server.sessions.values()) {
    if (timeoutMs > 0 && nowMs - session.lastActiveMs > timeoutMs && isIdle(session)) {
      server.log.verbose("Closing idle client");
      session.destroy();
    } else {
      enforceOutputLimit(session, nowMs);
    }
  }
}

/** Who waits for a key, for the end of a pause or for messages is not idle. */
function isIdle(session: Session): boolean {
  return !session.paused && session.waiter === null && !session.isSubscriber;
}
