/** What the parts of the append only file share: where they log, how they refuse, and the one annotation there is. */

/** Where the lines of the server's log go. */
export interface AofLogger {
  notice(line: string): void;
  warning(line: string): void;
}

/**
 * The append only file cannot be used. Everything there is to say has been logged; the message is the last line.
 * `damaged`: bytes that no crash leaves; `truncated`: it ends too early, and is not to be healed; `missing`: a file of the manifest.
 */
export type AofErrorKind = "damaged" | "truncated" | "missing" | "manifest" | "io";

/** Why an append only file is not loaded: `kind`, and a message with the place of the damage. */
export class AofError extends Error {
  override readonly name = "AofError";
  readonly kind: AofErrorKind;

  constructor(kind: AofErrorKind, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.kind = kind;
  }
}

/** Logs a warning and throws it. */
export function refuse(logger: AofLogger, kind: AofErrorKind, line: string, cause?: unknown): never {
  logger.warning(line);
  throw new AofError(kind, line, cause);
}

/** Redis reads no longer line that begins with #. */
export const MAX_ANNOTATION_BYTES = 1024;

/** `#TS:` and the time of the commands that follow. */
export function timestampAnnotation(unixSeconds: number): Uint8Array {
  return new TextEncoder().encode(`#TS:${String(unixSeconds)}\r\n`);
}
