/** CONFIG GET, SET, RESETSTAT and REWRITE: the commands over `config/`. */
import type { CommandContext } from "../../dispatch/command-context.ts";
import { latin1OfUtf8, utf8OfLatin1 } from "../../dispatch/utf8.ts";

/** CONFIG GET pattern [pattern ...] */
export function configGet(context: CommandContext): void {
  const pairs = context.server.configuration.match(textsFrom(context, 2));
  context.reply.mapHeader(pairs.length / 2);
  for (const text of pairs) context.reply.bulkString(text);
}

/** CONFIG SET name value [name value ...] */
export function configSet(context: CommandContext): void {
  const { server, session } = context;
  const error = server.configuration.set(textsFrom(context, 2), {
    loading: server.persistence.loading,
    local: session.transport.isLoopback,
  });
  if (error !== null) return context.refuse(latin1OfUtf8(error));
  context.reply.ok();
}

function textsFrom(context: CommandContext, first: number): string[] {
  const texts: string[] = [];
  for (let index = first; index < context.count; index++) texts.push(utf8OfLatin1(context.text(index)));
  return texts;
}

/** CONFIG RESETSTAT */
export function configResetStat(context: CommandContext): void {
  const { keyspace, server } = context;
  server.statistics.reset();
  server.table.resetStatistics();
  keyspace.hits = 0;
  keyspace.misses = 0;
  keyspace.expiredKeys = 0;
  context.reply.ok();
}

/** CONFIG REWRITE */
export function configRewrite(context: CommandContext): void {
  context.refuse("ERR The server is running without a config file");
}
