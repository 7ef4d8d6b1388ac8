/** ACL LOG. */
import type { AclLogEntry } from "../../acl/acl-log.ts";
import type { CommandContext } from "../../dispatch/command-context.ts";
import { wrongSubcommandArguments } from "../../dispatch/refusals.ts";

const DEFAULT_COUNT = 10;

/** ACL LOG [count | RESET] */
export function aclLog(context: CommandContext): void {
  const { log } = context.server.access;
  if (context.count > 3) return context.refuse(wrongSubcommandArguments(context, "ACL"));
  if (context.count === 3 && context.is(2, "reset")) {
    log.clear();
    return context.reply.ok();
  }
  const count = context.count === 3 ? context.integer(2) : DEFAULT_COUNT;
  if (context.error !== null) return;
  const entries = log.entries.slice(0, Math.max(0, count));
  context.reply.arrayHeader(entries.length);
  for (const entry of entries) replyEntry(context, entry);
}

function replyEntry({ keyspace, reply }: CommandContext, entry: AclLogEntry): void {
  reply.mapHeader(10);
  reply.bulkLatin1("count");
  reply.integer(entry.count);
  reply.bulkLatin1("reason");
  reply.bulkLatin1(entry.reason);
  reply.bulkLatin1("context");
  reply.bulkLatin1(entry.context);
  reply.bulkLatin1("object");
  reply.bulkLatin1(entry.object);
  reply.bulkLatin1("username");
  reply.bulkLatin1(entry.userName);
  reply.bulkLatin1("age-seconds");
  reply.double((keyspace.nowMs - entry.updatedMs) / 1000);
  reply.bulkLatin1("client-info");
  reply.bulkLatin1(entry.clientInfo);
  reply.bulkLatin1("entry-id");
  reply.integer(entry.id);
  reply.bulkLatin1("timestamp-created");
  reply.integer(entry.createdMs);
  reply.bulkLatin1("timestamp-last-updated");
  reply.integer(entry.updatedMs);
}
