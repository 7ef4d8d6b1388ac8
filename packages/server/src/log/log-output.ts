/**
 * Where log lines go: standard output, or a file that is opened for every line, so that it may be moved away by log rotation
 * while the server runs (as Redis does).
 */
import { appendFileSync, writeSync } from "node:fs";

const STANDARD_OUTPUT = 1;

/** A `write` for `Logger`. An empty path means standard output. Lines that cannot be written are dropped: logging never stops the server. */
export function logOutput(path: string): (line: string) => void {
  return (line) => {
    try {
      if (path === "") writeSync(STANDARD_OUTPUT, line);
      else appendFileSync(path, line);
    } catch {
      // a full disk or a closed pipe must not take the server down
    }
  };
}
