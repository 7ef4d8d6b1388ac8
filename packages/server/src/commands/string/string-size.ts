/** Memory for strings that are worked on, in place (APPEND, SETRANGE, SETBIT ...) or beside the heap, and how long they may be. */
import {
  ENCODING_RAW,
  NO_EXPIRY,
  OutOfMemoryError,
  removeEntry,
  resizeString,
  setBytes,
  Slice,
} from "@sider/keyspace-engine";
import type { Key } from "@sider/keyspace-engine";
import type { CommandContext } from "../../dispatch/command-context.ts";

/** `proto-max-bulk-len` cannot be set lower: shorter strings are never too long. */
const SMALLEST_LIMIT_BYTES = 1024 * 1024;
/** Lengths are int32, whatever `proto-max-bulk-len` says. */
const LARGEST_BYTES = 2 ** 31 - 64;

const empty = new Slice();

/** Whether a string of `length` bytes is longer than `proto-max-bulk-len` allows. */
export function isTooLong(context: CommandContext, length: number): boolean {
  return length > SMALLEST_LIMIT_BYTES && length > longestStringBytes(context);
}

/** The most bytes that a string may have. */
export function longestStringBytes(context: CommandContext): number {
  return Math.min(context.server.configuration.get("proto-max-bulk-len"), LARGEST_BYTES);
}

/** Makes a string entry `length` bytes long, new bytes zero, and `raw`. Returns the entry, which may have moved. */
export function resize(context: CommandContext, key: Key, entry: number, length: number): number {
  return resizeString(context.keyspace, context.database, key, entry, length);
}

/** A new `raw` string of `length` zero bytes under a key that is missing. Throws OutOfMemoryError with nothing changed. */
export function createZeroed(context: CommandContext, key: Key, length: number): number {
  const { database, keyspace } = context;
  const entry = setBytes(keyspace, database, key, 0, empty, ENCODING_RAW, NO_EXPIRY);
  try {
    return resizeString(keyspace, database, key, entry, length);
  } catch (error) {
    removeEntry(keyspace, database, key.hash, entry);
    throw error;
  }
}

/** `length` zero bytes outside the heap, for the time of a command. Throws OutOfMemoryError. */
export function createBuffer(length: number): Uint8Array {
  try {
    return new Uint8Array(length);
  } catch {
    throw new OutOfMemoryError();
  }
}
