/** Why a data set cannot be loaded, for the log. */
import { OutOfMemoryError } from "@sider/keyspace-engine";
import { FileError, LoadError, RdbError } from "@sider/persistence";
import type { Logger } from "../log/index.ts";

/** The reason, or null for what is no failure of a load (a bug, a cancellation). */
export function describeLoadFailure(error: unknown): string | null {
  if (error instanceof OutOfMemoryError) return "the data does not fit into memory (directive heap-capacity)";
  if (error instanceof RdbError && error.kind === "corrupt") return `${error.message}, integrity check failed`;
  const isKnown = error instanceof LoadError || error instanceof RdbError || error instanceof FileError;
  return isKnown ? error.message : null;
}

/** What is wrong with a dump, in words that tools look for. */
export function logDamage(log: Logger, error: RdbError): void {
  if (error.kind === "truncated") log.warning("Short read or OOM loading DB. Unrecoverable error, aborting now.");
  if (error.kind === "checksum") log.warning(`RDB CRC error: ${error.message}`);
  if (error.kind === "corrupt") log.warning(`RDB integrity check failed: ${error.message}`);
  log.warning("Terminating server after rdb file reading failure.");
}
