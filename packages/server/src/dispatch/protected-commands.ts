/** Commands that the configuration must allow (the row's flag `protected`): DEBUG. */
import type { Session } from "../session/session.ts";

const REFUSAL =
  'ERR DEBUG command not allowed. If the enable-debug-command option is set to "local", you can run it from a local connection, otherwise you need to set this option in the configuration file, and then restart the server.';

/** Why a session may not use such a command; null when it may. */
export function protectionRefusal(session: Session): string | null {
  const allowed = session.server.configuration.get("enable-debug-command");
  return allowed === "yes" || (allowed === "local" && session.transport.isLoopback) ? null : REFUSAL;
}
