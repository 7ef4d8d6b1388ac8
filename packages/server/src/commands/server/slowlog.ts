/** SLOWLOG: the last commands that took long. */
import type { CommandContext } from "../../dispatch/command-context.ts";
import { wrongSubcommandArguments } from "../../dispatch/refusals.ts";
import type { SlowCommand } from "../../observation/slow-log.ts";

const ENTRIES_BY_DEFAULT = 10;
const BAD_COUNT = "ERR count should be greater than or equal to -1";

/** SLOWLOG GET [count]; -1 stands for all. */
export function slowlogGet(context: CommandContext): void {
  if (context.count > 3) return context.refuse(wrongSubcommandArguments(context, "SLOWLOG"));
  const count = context.count === 3 ? context.integer(2, -1, 2 ** 63, BAD_COUNT) : ENTRIES_BY_DEFAULT;
  if (context.error !== null) return;
  const entries = context.server.observation.slowLog.latest(count);
  context.reply.arrayHeader(entries.length);
  for (const entry of entries) replyEntry(context, entry);
}

function replyEntry({ reply }: CommandContext, entry: SlowCommand): void {
  reply.arrayHeader(6);
  reply.integer(entry.id);
  reply.integer(entry.unixSeconds);
  reply.integer(entry.microseconds);
  reply.arrayHeader(entry.words.length);
  for (const word of entry.words) reply.bulkLatin1(word);
  reply.bulkLatin1(entry.address);
  reply.bulkLatin1(entry.clientName);
}

/** SLOWLOG LEN */
export function slowlogLen(context: CommandContext): void {
  context.reply.integer(context.server.observation.slowLog.length);
}

/** SLOWLOG RESET */
export function slowlogReset(context: CommandContext): void {
  context.server.observation.slowLog.reset();
  context.reply.ok();
}
