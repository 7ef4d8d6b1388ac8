/** Commands that the configuration must allow (the row's flag `protected`): DEBUG, and what loads modules. */
import type { Session } from "../session/session.ts";

/** Why a session may not use such a command; null when it may. */
export function protectionRefusal(session: Session, command: "debug" | "module"): string | null {
  const directive = `enable-${command}-command` as const;
  const allowed = session.server.configuration.get(directive);
  if (allowed === "yes" || (allowed === "local" && session.transport.isLoopback)) return null;
  return (
    `ERR ${command.toUpperCase()} command not allowed. If the ${directive} option is set to "local", you can run it from a local connection, ` +
    "otherwise you need to set this option in the configuration file, and then restart the server."
  );
}
