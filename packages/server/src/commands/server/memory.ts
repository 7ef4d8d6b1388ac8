/** MEMORY USAGE. */
import { peek, stringMemoryBytes } from "@sider/keyspace-engine";
import type { CommandContext } from "../../dispatch/command-context.ts";
import { SYNTAX_ERROR } from "../../dispatch/error-texts.ts";

/** What the index costs a key: a tag, a reference, and the share of the bucket that is free on average. */
const INDEX_BYTES = 8;

/** MEMORY USAGE key [SAMPLES count]: samples matter for types of many elements. */
export function memoryUsage(context: CommandContext): void {
  for (let index = 3; index < context.count; index += 2) {
    if (index + 1 === context.count || !context.is(index, "samples")) return context.refuse(SYNTAX_ERROR);
    const samples = context.integer(index + 1);
    if (context.error !== null) return;
    if (samples < 0) return context.refuse(SYNTAX_ERROR);
  }
  const entry = peek(context.keyspace, context.database, context.key(2));
  if (entry === 0) context.reply.nullBulk();
  else context.reply.integer(stringMemoryBytes(context.keyspace.heap, entry) + INDEX_BYTES);
}
