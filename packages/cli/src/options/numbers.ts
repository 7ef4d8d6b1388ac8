/**
 * Numbers as options have them: read as far as they go, as C's atoi and atof do and scripts rely on. `2x` is 2, and nothing at all, which
 * is what an unset variable of a shell leaves, is 0. What has no digits (`-n two`) is a mistake and refused: 0 would be a database too.
 */
import { UsageError } from "./options.ts";

const INTEGER = /^\s*([+-]?\d{1,15})(?!\d)/;
const DECIMAL = /^\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)/i;
/** What a timer can wait. */
const MOST_SECONDS = 2_000_000;

/** The integer that a value begins with. */
export function integerOf(name: string, text: string): number {
  return numberOf(INTEGER, text, `Invalid number for ${name}: '${text}'`);
}

/** The number that a value begins with, as seconds. */
export function secondsOf(name: string, text: string): number {
  const problem = `Invalid number of seconds for ${name}: '${text}'`;
  const seconds = numberOf(DECIMAL, text, problem);
  if (seconds < 0 || seconds > MOST_SECONDS) throw new UsageError(problem);
  return seconds;
}

/** A port that exists. */
export function portOf(text: string): number {
  const port = integerOf("-p", text);
  if (port < 0 || port > 65535) throw new UsageError(`Invalid port: '${text}'`);
  return port;
}

function numberOf(form: RegExp, text: string, problem: string): number {
  if (text === "") return 0;
  const digits = form.exec(text)?.[1];
  if (digits === undefined) throw new UsageError(problem);
  return Number(digits);
}
