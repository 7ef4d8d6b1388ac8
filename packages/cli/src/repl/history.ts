/**
 * The lines of earlier sessions: a file with one line each, the oldest first, in the home directory or where REDISCLI_HISTFILE says.
 * Only its owner can read it; lines that may hold a password are neither written nor kept. A file that cannot be read or written is
 * no error.
 *
 * Several prompts use one file: each appends its lines as they are typed, in one write. A file that has grown is replaced by a shorter
 * one; who appended to the old one meanwhile sees that it is another file now, and appends again.
 */
import {
  appendFileSync,
  closeSync,
  fstatSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { Buffer } from "node:buffer";
import { homedir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { isSensitive } from "../command-traits.ts";
import { printable } from "./editor/line-buffer.ts";
import { scanWords } from "./grammar/words.ts";

export const HISTORY_LINES = 1000;

/** The path of a file that the environment or the home directory has; null when the environment says /dev/null. */
export function dotfilePath(environment: NodeJS.ProcessEnv, variable: string, name: string): string | null {
  const path = environment[variable];
  if (path === "/dev/null") return null;
  return path === undefined || path === "" ? join(environment["HOME"] ?? homedir(), name) : path;
}

/** What was typed before, the newest first, each line once. */
export class History {
  readonly lines: string[];
  private readonly path: string | null;

  constructor(path: string | null) {
    this.path = path;
    this.lines = path === null ? [] : loadHistory(path);
  }

  /** Keeps a line, unless it is empty, may hold a password, or was typed just now. */
  add(line: string): void {
    if (!isRememberable(line) || this.lines[0] === line) return;
    const earlier = this.lines.indexOf(line);
    if (earlier >= 0) this.lines.splice(earlier, 1);
    this.lines.unshift(line);
    this.lines.splice(HISTORY_LINES);
    if (this.path !== null) appendHistory(this.path, line);
  }
}

/** The lines, the newest first. Shortens a file that has grown to twice what is kept. */
function loadHistory(path: string): string[] {
  try {
    const text = readFileSync(path, "utf8");
    const lines = text.split("\n").map(printable).filter(Boolean);
    if (lines.length > 2 * HISTORY_LINES) shorten(path, text);
    return [...new Set(lines.slice(-HISTORY_LINES).reverse())];
  } catch {
    return [];
  }
}

/** Replaces the file by one with its last lines, and with what others append to the old one until then. */
function shorten(path: string, text: string): void {
  const shorter = `${path}.${process.pid}`;
  const old = openSync(path, "r");
  try {
    const kept = text
      .split("\n")
      .slice(-HISTORY_LINES - 1)
      .join("\n");
    appendFileSync(shorter, kept, { mode: 0o600 });
    renameSync(shorter, path);
    const behind = readFileSync(old).subarray(Buffer.byteLength(text)).toString();
    if (behind !== "") appendFileSync(path, behind);
  } catch (error) {
    rmSync(shorter, { force: true });
    throw error;
  } finally {
    closeSync(old);
  }
}

function appendHistory(path: string, line: string): void {
  try {
    if (!appendOnce(path, line)) appendOnce(path, line);
  } catch {
    // The session is worth more than its history.
  }
}

/** False when the file was replaced while it was written to. */
function appendOnce(path: string, line: string): boolean {
  const file = openSync(path, "a", 0o600);
  try {
    writeSync(file, line + "\n");
    return fstatSync(file).ino === statSync(path).ino;
  } finally {
    closeSync(file);
  }
}

/** Whether a line is to be remembered. */
export function isRememberable(line: string): boolean {
  const words = scanWords(line).map(({ value }) => value);
  return words.length > 0 && !isSensitive(/^[+-]?\d+$/.test(words[0] ?? "") ? words.slice(1) : words);
}
