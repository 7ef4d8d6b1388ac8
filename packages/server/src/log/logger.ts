/**
 * Log lines in the form that tools for Redis read:
 *
 *     12345:M 23 Nov 2026 16:54:01.123 * Ready to accept connections
 *     pid   role  local time            level: . debug  - verbose  * notice  # warning
 *
 * The clock and the way out are passed in; nothing here touches files or the process.
 */

/** From the most to the least talkative. */
export const LOG_LEVELS = ["debug", "verbose", "notice", "warning"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];
/** What a logger lets through: lines of a level and above, or none at all. */
export type LogThreshold = LogLevel | "nothing";

const MARKS: Readonly<Record<LogLevel, string>> = { debug: ".", verbose: "-", notice: "*", warning: "#" };
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

export interface LoggerOptions {
  readonly pid: number;
  /** Milliseconds since 1970, as Date.now gives. */
  readonly now: () => number;
  /** Takes one line, newline included. */
  readonly write: (line: string) => void;
  /** Lines below this level are dropped. Default: notice. */
  readonly level?: LogThreshold;
  /** M for a primary, S for a replica, C for a child. Default: M. */
  readonly role?: string;
}

/** Writes lines from a level on. */
export class Logger {
  /** Lines below this level are dropped; may change at any time. */
  level: LogThreshold;
  /** Is told of each line that is written, without what stands in front of it. */
  alsoTo: ((level: LogLevel, message: string) => void) | null = null;
  role: string;
  private readonly pid: number;
  private readonly now: () => number;
  private readonly write: (line: string) => void;

  constructor(options: LoggerOptions) {
    this.level = options.level ?? "notice";
    this.role = options.role ?? "M";
    this.pid = options.pid;
    this.now = options.now;
    this.write = options.write;
  }

  /** Writes one line when the level is at least the logger's. Line breaks in the message are kept as they are. */
  log(level: LogLevel, message: string): void {
    if (!this.shows(level)) return;
    this.write(`${String(this.pid)}:${this.role} ${formatLogTime(this.now())} ${MARKS[level]} ${message}\n`);
    this.alsoTo?.(level, message);
  }

  /** Writes text as it is, where notices are shown. */
  raw(text: string): void {
    if (this.shows("notice")) this.write(text);
  }

  /** True when lines of this level are written: ask before building a costly message. */
  shows(level: LogLevel): boolean {
    return this.level !== "nothing" && LOG_LEVELS.indexOf(level) >= LOG_LEVELS.indexOf(this.level);
  }

  debug(message: string): void {
    this.log("debug", message);
  }

  verbose(message: string): void {
    this.log("verbose", message);
  }

  notice(message: string): void {
    this.log("notice", message);
  }

  warning(message: string): void {
    this.log("warning", message);
  }
}

/** "23 Nov 2026 16:54:01.123" in local time. */
export function formatLogTime(unixTimeMs: number): string {
  const date = new Date(unixTimeMs);
  const time = [date.getHours(), date.getMinutes(), date.getSeconds()].map((part) => pad(part, 2)).join(":");
  const day = `${pad(date.getDate(), 2)} ${MONTHS[date.getMonth()] ?? ""} ${String(date.getFullYear())}`;
  return `${day} ${time}.${pad(date.getMilliseconds(), 3)}`;
}

function pad(value: number, digits: number): string {
  return String(value).padStart(digits, "0");
}
