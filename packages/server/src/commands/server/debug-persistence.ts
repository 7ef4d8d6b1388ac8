/** DEBUG subcommands about what is on disk, and about filling a server. */
import { NIL } from "@sider/datastructures";
import { emptyDatabase, Key, lookupWrite, NO_EXPIRY, setString, Slice } from "@sider/keyspace-engine";
import { AofError, LoadError } from "@sider/persistence";
import type { CommandContext } from "../../dispatch/command-context.ts";
import type { Server } from "../../server.ts";

const NOT_POSITIVE = "ERR value is out of range, must be positive";
const STILL_LOADING = "ERR the data set is being loaded";
const RELOAD_OPTIONS = ["merge", "noflush", "nosave"];

const slice = new Slice();
const encoder = new TextEncoder();

/** DEBUG RELOAD [MERGE] [NOFLUSH] [NOSAVE]: the keys as they come back from the dump file. */
export function debugReload(context: CommandContext): void {
  const options = new Set<string>();
  for (let index = 2; index < context.count; index++) {
    const option = RELOAD_OPTIONS.find((known) => context.is(index, known));
    if (option === undefined) {
      return context.refuse("ERR DEBUG RELOAD only supports the MERGE, NOFLUSH and NOSAVE options.");
    }
    options.add(option);
  }
  const { server } = context;
  const { persistence } = server;
  if (persistence.loading) return context.refuse(STILL_LOADING);
  if (!options.has("nosave") && !persistence.saving.trySave()) return context.refuse("ERR");
  if (!options.has("noflush")) emptyAll(server);
  if (!reload(context, options.has("merge"))) return context.refuse("ERR Error trying to load the RDB dump");
  server.log.warning("DB reloaded by DEBUG RELOAD");
  context.reply.ok();
}

function reload({ server }: CommandContext, replacesKeys: boolean): boolean {
  try {
    return server.persistence.load({ replacesKeys });
  } catch (error) {
    if (!(error instanceof LoadError)) throw error;
    server.log.warning(error.message);
    return false;
  }
}

function emptyAll({ keyspace, tracking }: Server): void {
  for (const database of keyspace.databases) emptyDatabase(keyspace, database);
  tracking.flushed();
}

/** DEBUG LOADAOF: the keys as they come back from the append-only file. */
export function debugLoadLog(context: CommandContext): void {
  const { server } = context;
  const { persistence } = server;
  if (persistence.loading) return context.refuse(STILL_LOADING);
  if (persistence.reloadLog === null) return context.refuse("ERR there is no append-only file");
  try {
    persistence.reloadLog(() => {
      emptyAll(server);
    });
  } catch (error) {
    if (!(error instanceof AofError)) throw error;
    return context.refuse("ERR Error trying to load the AOF files, check server logs.");
  }
  server.keyspace.dirty = 0;
  server.log.warning("Append Only File loaded by DEBUG LOADAOF");
  context.reply.ok();
}

/** DEBUG FAIL-SNAPSHOT: the save that runs in the background ends as if its thread had died. */
export function debugFailSnapshot(context: CommandContext): void {
  const { appendOnly, persistence } = context.server;
  if (!persistence.failSnapshot() && !appendOnly.rewriting.fail()) return context.refuse("ERR nothing is being saved");
  context.reply.ok();
}

/** DEBUG SEGFAULT: the process ends as after a crash, without a reply. */
export function debugCrash(): void {
  process.kill(process.pid, "SIGABRT");
}

/** DEBUG ASSERT: the same, with the line of an assertion that does not hold. */
export function debugAssert(context: CommandContext): void {
  context.server.log.warning("=== ASSERTION FAILED ===");
  debugCrash();
}

/** DEBUG AOF-FLUSH-SLEEP microseconds: so much sleep before each write of the append-only file. */
export function debugFlushSleep(context: CommandContext): void {
  const microseconds = context.integer(2, 0, Number.MAX_SAFE_INTEGER, NOT_POSITIVE);
  if (context.error !== null) return;
  context.server.appendOnly.flushSleepMicroseconds = microseconds;
  context.reply.ok();
}

/** DEBUG PAUSE-CRON 0 | 1 */
export function debugPauseTimer(context: CommandContext): void {
  context.server.isTimerPaused = Number.parseInt(context.text(2), 10) === 1;
  context.reply.ok();
}

/** DEBUG SET-SKIP-CHECKSUM-VALIDATION 0 | 1: RESTORE takes payloads with any checksum. */
export function debugSkipChecksums(context: CommandContext): void {
  context.server.persistence.skipsChecksums = Number.parseInt(context.text(2), 10) === 1;
  context.reply.ok();
}

/** DEBUG POPULATE count [prefix] [size]: strings "prefix:0", "prefix:1" ... those that exist stay as they are. */
export function debugPopulate(context: CommandContext): void {
  const count = context.integer(2, 0, Number.MAX_SAFE_INTEGER, NOT_POSITIVE);
  const bytes = context.count === 5 ? context.integer(4, 0, 2 ** 29, NOT_POSITIVE) : 0;
  if (context.error !== null) return;
  const prefix = context.count === 3 ? "key" : context.text(3);
  const key = new Key();
  for (let number = 0; number < count; number++)
    populateOne(context, key, latin1(`${prefix}:${String(number)}`), number, bytes);
  context.reply.ok();
}

function populateOne(context: CommandContext, key: Key, name: Uint8Array, number: number, bytes: number): void {
  const { database, keyspace } = context;
  key.set(name, 0, name.length, keyspace.hash(name, 0, name.length));
  if (lookupWrite(keyspace, database, key) !== NIL) return;
  const text = encoder.encode(`value:${String(number)}`);
  const value = bytes === 0 ? text : new Uint8Array(bytes);
  if (bytes !== 0) value.set(text.subarray(0, bytes));
  slice.set(value, 0, value.length);
  setString(keyspace, database, key, NIL, slice, NO_EXPIRY);
  keyspace.announce(database, key, "", "populate"); // a change of the key that has no event
}

function latin1(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
