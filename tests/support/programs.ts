/**
 * Programs of other projects that tests use when they are there (redis-server, redis-cli, ...). On a developer's machine a
 * missing program skips its tests and says so in one line; in CI it is a failure, so that a green run always means that all ran.
 */
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** The full path of a program on PATH, or null. */
export function findProgram(name: string): string | null {
  for (const folder of (process.env["PATH"] ?? "").split(delimiter)) {
    const path = join(folder, name);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // Not in this folder.
    }
  }
  return null;
}

/** True when every program is there; otherwise says what is skipped and returns false, or throws where CI is set. */
export function programsPresent(what: string, ...names: string[]): boolean {
  const missing = names.filter((name) => findProgram(name) === null);
  if (missing.length === 0) return true;
  const message = `${what}: ${missing.join(", ")} not found`;
  if (process.env["CI"] !== undefined && process.env["CI"] !== "") throw new Error(`${message} (required in CI)`);
  console.log(`skipped: ${message}`);
  return false;
}
