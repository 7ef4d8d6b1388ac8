/** MEMORY USAGE. */
import { usableBytes } from "@sider/datastructures";
import { encodingOf, peek, stringMemoryBytes, typeOf, valueBlockOf, valueKindOf } from "@sider/keyspace-engine";
import type { CommandContext } from "../../dispatch/command-context.ts";
import { SYNTAX_ERROR } from "../../dispatch/error-texts.ts";

/** What the index costs a key: a tag, a reference, and the share of the bucket that is free on average. */
const INDEX_BYTES = 8;
const SAMPLES_BY_DEFAULT = 5;

/** MEMORY USAGE key [SAMPLES count]: from so many elements the size of all is estimated; 0: all are measured. */
export function memoryUsage(context: CommandContext): void {
  let samples = SAMPLES_BY_DEFAULT;
  for (let index = 3; index < context.count; index += 2) {
    if (index + 1 === context.count || !context.is(index, "samples")) return context.refuse(SYNTAX_ERROR);
    samples = context.integer(index + 1);
    if (context.error !== null) return;
    if (samples < 0) return context.refuse(SYNTAX_ERROR);
  }
  const entry = peek(context.keyspace, context.database, context.key(2));
  if (entry === 0) context.reply.nullBulk();
  else context.reply.integer(memoryBytes(context, entry, samples) + INDEX_BYTES);
}

function memoryBytes(context: CommandContext, entry: number, samples: number): number {
  const heap = context.keyspace.heap;
  const kind = valueKindOf(typeOf(heap, entry));
  if (kind === null) return stringMemoryBytes(heap, entry);
  const valueBytes = kind.memoryBytes(heap, encodingOf(heap, entry), valueBlockOf(heap, entry), samples);
  return usableBytes(heap, entry) + valueBytes;
}
