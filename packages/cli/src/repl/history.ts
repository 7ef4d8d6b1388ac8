/**
 * The lines of earlier sessions: a file with one line each, the oldest first, in the home directory or where REDISCLI_HISTFILE says.
 * Only its owner can read it; lines that may hold a password are not written. A file that cannot be read or written is no error.
 */
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { isSensitive } from "../command-traits.ts";
import { splitArguments } from "../split-arguments.ts";

export const HISTORY_LINES = 1000;

/** The path of the file; null when the environment says /dev/null. */
export function historyPath(environment: NodeJS.ProcessEnv): string | null {
  const path = environment["REDISCLI_HISTFILE"];
  if (path === "/dev/null") return null;
  return path === undefined || path === "" ? join(homedir(), ".sidercli_history") : path;
}

/** The lines, the newest first. Shortens a file that has grown to twice what is kept. */
export function loadHistory(path: string): string[] {
  try {
    const lines = readFileSync(path, "utf8").split("\n").filter(Boolean);
    const kept = lines.slice(-HISTORY_LINES);
    if (lines.length > 2 * HISTORY_LINES) writeFileSync(path, kept.join("\n") + "\n", { mode: 0o600 });
    return kept.reverse();
  } catch {
    return [];
  }
}

export function appendHistory(path: string, line: string): void {
  try {
    appendFileSync(path, line + "\n", { mode: 0o600 });
  } catch {
    // The session is worth more than its history.
  }
}

/** Whether a line is to be remembered. */
export function isRememberable(line: string): boolean {
  const args = splitArguments(line) ?? [];
  return line.trim() !== "" && !isSensitive(/^\d+$/.test(args[0] ?? "") ? args.slice(1) : args);
}
