/** CONFIG GET, SET, RESETSTAT and REWRITE: the commands over `config/`. */
import { rewriteFile, withoutEffectLine } from "../../config/index.ts";
import type { CommandContext } from "../../dispatch/command-context.ts";
import { bytesOfText, latin1OfUtf8, utf8OfLatin1 } from "../../dispatch/utf8.ts";

/** CONFIG GET pattern [pattern ...] */
export function configGet(context: CommandContext): void {
  const pairs = context.server.configuration.match(textsFrom(context, 2));
  context.reply.mapHeader(pairs.length / 2);
  for (const text of pairs) replyText(context, text);
}

/** The bytes of a text, also where they are no UTF-8. */
function replyText({ reply }: CommandContext, text: string): void {
  const bytes = bytesOfText(text);
  reply.bulk(bytes, 0, bytes.length);
}

/** CONFIG SET name value [name value ...] */
export function configSet(context: CommandContext): void {
  const { server, session } = context;
  const error = server.configuration.set(textsFrom(context, 2), {
    loading: server.persistence.loading,
    local: session.transport.isLoopback,
  });
  if (error !== null) return context.refuse(latin1OfUtf8(error));
  for (let index = 2; index < context.count; index += 2) warnIfWithoutEffect(context, context.text(index));
  context.reply.ok();
}

/** What is set and then does nothing would be a riddle. */
function warnIfWithoutEffect({ server }: CommandContext, name: string): void {
  const known = server.configuration.lookup(name);
  const line = known === undefined ? null : withoutEffectLine(known.name, known.directive.support);
  if (line !== null) server.log.warning(line);
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
  server.loop.reset();
  server.table.resetStatistics();
  keyspace.hits = 0;
  keyspace.misses = 0;
  keyspace.expiredKeys = 0;
  keyspace.evictedKeys = 0;
  server.eviction.resetStatistics();
  keyspace.lazyFree.freedObjects = 0;
  context.reply.ok();
}

/** CONFIG REWRITE */
export function configRewrite(context: CommandContext): void {
  const { configFile, configuration, log, userFile } = context.server;
  if (configFile === "") return context.refuse("ERR The server is running without a config file");
  try {
    rewriteFile(configFile, configuration, { userLines: userFile.configurationLines() });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    log.warning(`CONFIG REWRITE failed: ${reason}`);
    return context.refuse(`ERR Rewriting config file: ${reason}`);
  }
  log.warning("CONFIG REWRITE executed with success.");
  context.reply.ok();
}

/** DEBUG CONFIG-REWRITE-FORCE-ALL: as CONFIG REWRITE, with a line for every directive. */
export function debugRewriteAll(context: CommandContext): void {
  const { configFile, configuration, userFile } = context.server;
  try {
    if (configFile === "") throw new Error("no file");
    rewriteFile(configFile, configuration, { userLines: userFile.configurationLines(), isForced: true });
    context.reply.ok();
  } catch {
    context.refuse("ERR CONFIG-REWRITE-FORCE-ALL failed");
  }
}
