/** Logging in: the one user there is, `default`, with the password of `requirepass`. */
import { latin1OfUtf8 } from "../dispatch/utf8.ts";
import type { Server } from "../server.ts";
import type { Session } from "./session.ts";

export const WRONG_PASSWORD = "WRONGPASS invalid username-password pair or user is disabled.";
export const DEFAULT_USER = "default";

/** Whether new sessions must log in. */
export function requiresPassword(server: Server): boolean {
  return server.configuration.get("requirepass") !== "";
}

/**
 * Logs the session in when user and password (Latin-1 text of their bytes) are right; gives false when not. Without a password
 * every one is right.
 */
export function authenticate(session: Session, user: string, password: string): boolean {
  const { configuration, statistics } = session.server;
  const expected = latin1OfUtf8(configuration.get("requirepass"));
  if (user !== DEFAULT_USER || (expected !== "" && !equalsInConstantTime(password, expected))) {
    statistics.deniedLogins++;
    return false;
  }
  session.user = DEFAULT_USER;
  session.setAuthenticated(true);
  return true;
}

/** Compares in a time that depends on the length of what was given only. `expected` is not empty. */
export function equalsInConstantTime(given: string, expected: string): boolean {
  let difference = given.length ^ expected.length;
  for (let at = 0; at < given.length; at++) {
    difference |= given.charCodeAt(at) ^ expected.charCodeAt(at % expected.length);
  }
  return difference === 0;
}
