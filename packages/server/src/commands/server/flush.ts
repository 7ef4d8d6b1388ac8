/** Whole databases: DBSIZE, FLUSHDB, FLUSHALL and SWAPDB. */
import { emptyDatabase, emptyDatabaseLazily, swapDatabases } from "@sider/keyspace-engine";
import type { Database } from "@sider/keyspace-engine";
import type { CommandContext } from "../../dispatch/command-context.ts";
import { DATABASE_OUT_OF_RANGE, SYNTAX_ERROR } from "../../dispatch/error-texts.ts";
import type { Server } from "../../server.ts";

/** DBSIZE */
export function dbsize(context: CommandContext): void {
  context.reply.integer(context.keyspace.count(context.database));
}

/** FLUSHDB [SYNC | ASYNC] */
export function flushdb(context: CommandContext): void {
  if (!readFlushType(context)) return context.refuse(SYNTAX_ERROR);
  empty(context, [context.database]);
  context.reply.ok();
}

/**
 * FLUSHALL [SYNC | ASYNC]: a dump that is being saved is of no use any more. Where there are save points an empty one is saved, so that a
 * restart finds nothing either.
 */
export function flushall(context: CommandContext): void {
  if (!readFlushType(context)) return context.refuse(SYNTAX_ERROR);
  empty(context, context.keyspace.databases);
  saveEmpty(context.server);
  context.reply.ok();
}

/** Whether the options are right. */
function readFlushType(context: CommandContext): boolean {
  return context.count === 1 || (context.count === 2 && (context.is(1, "sync") || context.is(1, "async")));
}

function empty(context: CommandContext, databases: readonly Database[]): void {
  const { keyspace, server } = context;
  const isLazy = context.count === 1 ? server.configuration.get("lazyfree-lazy-user-flush") : context.is(1, "async");
  const emptyOne = isLazy ? emptyDatabaseLazily : emptyDatabase;
  for (const database of databases) keyspace.dirty += emptyOne(keyspace, database);
  server.tracking.flushed();
  context.forcePropagation(); // also of what was empty, and though a save may follow
}

function saveEmpty({ configuration, persistence }: Server): void {
  persistence.saving.cancel(() => {
    if (configuration.get("save").length > 0) persistence.saving.trySave();
  });
}

/** SWAPDB index index */
export function swapdb(context: CommandContext): void {
  const first = readDatabase(context, 1, "ERR invalid first DB index");
  const second = readDatabase(context, 2, "ERR invalid second DB index");
  if (context.error !== null) return;
  const { keyspace } = context;
  const [one, other] = [keyspace.databases[first], keyspace.databases[second]];
  if (one === undefined || other === undefined) return context.refuse(DATABASE_OUT_OF_RANGE);
  if (one === other)
    keyspace.dirty++; // nobody who watches its keys is told
  else swapDatabases(keyspace, one, other);
  context.reply.ok();
}

function readDatabase(context: CommandContext, index: number, error: string): number {
  return context.integer(index, -(2 ** 31), 2 ** 31 - 1, error);
}
