/** What DEBUG can do; `debug.ts` has the table. */
import { accessOf, emptyDatabase, ENCODING_NAMES, encodingOf, peek, readString, Slice } from "@sider/keyspace-engine";
import { dumpPayload, FileError, LoadError } from "@sider/persistence";
import type { CommandContext } from "../../dispatch/command-context.ts";
import { NO_SUCH_KEY } from "../../dispatch/error-texts.ts";

/** Bytes of a DUMP payload that are not the value: its type, the version, the checksum. */
const PAYLOAD_EXTRA_BYTES = 11;
/** Times of access are kept in seconds modulo 2^24. */
const ACCESS_MASK = 0xffffff;
const SLEEP_MAXIMUM_MS = 0x7fffffff;

const slice = new Slice();

/** DEBUG SLEEP seconds: nothing else happens meanwhile. Text that is no number counts as 0. */
export function debugSleep(context: CommandContext): void {
  const seconds = Number.parseFloat(context.text(2));
  const sleepMs = seconds > 0 ? Math.min(seconds * 1000, SLEEP_MAXIMUM_MS) : 0;
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, sleepMs);
  context.reply.ok();
}

/** DEBUG SET-ACTIVE-EXPIRE 0 | 1 */
export function debugSetActiveExpire(context: CommandContext): void {
  context.keyspace.activeExpiry = Number.parseInt(context.text(2), 10) === 1;
  context.reply.ok();
}

/** DEBUG OBJECT key */
export function debugObject(context: CommandContext): void {
  const { keyspace, server } = context;
  const heap = keyspace.heap;
  const entry = peek(keyspace, context.database, context.key(2));
  if (entry === 0) return context.refuse(NO_SUCH_KEY);
  const value = readString(heap, entry, slice);
  const payload = dumpPayload(value.bytes, value.offset, value.length, {
    version: 11,
    compression: server.configuration.get("rdbcompression"),
  });
  const access = accessOf(heap, entry);
  const idleSeconds = (keyspace.accessClock - access) & ACCESS_MASK;
  context.reply.simpleString(
    `Value at:0x${entry.toString(16)} refcount:1 encoding:${ENCODING_NAMES[encodingOf(heap, entry)]} ` +
      `serializedlength:${String(payload.length - PAYLOAD_EXTRA_BYTES)} lru:${String(access)} lru_seconds_idle:${String(idleSeconds)}`,
  );
}

/** DEBUG RELOAD: the keys as they come back from the dump file. */
export function debugReload(context: CommandContext): void {
  const { keyspace, server } = context;
  try {
    server.persistence.save();
    for (const database of keyspace.databases) emptyDatabase(keyspace, database);
    server.persistence.load();
  } catch (error) {
    if (!(error instanceof FileError || error instanceof LoadError)) throw error;
    server.log.warning(error.message);
    return context.refuse("ERR Error trying to save or load the RDB dump, check server logs.");
  }
  context.reply.ok();
}

/** DEBUG ERROR text */
export function debugError(context: CommandContext): void {
  context.refuse(context.text(2).replace(/^-/, ""));
}

/** DEBUG LOG text */
export function debugLog(context: CommandContext): void {
  context.server.log.warning(`DEBUG LOG: ${context.text(2)}`);
  context.reply.ok();
}
