/** MEMORY: what a key takes, what all takes, and what could be better. */
import { heapStatistics, usableBytes } from "@sider/datastructures";
import type { Heap } from "@sider/datastructures";
import { encodingOf, peek, stringMemoryBytes, typeOf, valueBlockOf, valueKindOf } from "@sider/keyspace-engine";
import type { CommandContext } from "../../dispatch/command-context.ts";
import { SYNTAX_ERROR } from "../../dispatch/error-texts.ts";
import { diagnose } from "../../memory/diagnosis.ts";
import { memoryFigures, memoryLayers, quotient } from "../../memory/memory-figures.ts";
import type { DatabaseOverhead, MemoryFigures } from "../../memory/memory-figures.ts";

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

/** MEMORY DOCTOR */
export function memoryDoctor(context: CommandContext): void {
  context.reply.verbatim("txt", diagnose(context.server, memoryFigures(context.server)));
}

/** MEMORY PURGE: pages that are in no use are used again, but the system does not get them back. */
export function memoryPurge(context: CommandContext): void {
  context.keyspace.lazyFree.freeAll();
  context.reply.ok();
}

/** MEMORY STATS */
export function memoryStats(context: CommandContext): void {
  const { reply, server } = context;
  const figures = memoryFigures(server);
  const before = numbersBeforeDatabases(figures);
  const after = numbersAfterDatabases(figures);
  reply.mapHeader(before.length + figures.databases.length + after.length);
  for (const [name, value] of before) replyNumber(context, name, value);
  for (const database of figures.databases) replyDatabase(context, database);
  for (const [name, value] of after) replyNumber(context, name, value);
}

type NamedNumbers = readonly (readonly [name: string, value: number])[];

function numbersBeforeDatabases(figures: MemoryFigures): NamedNumbers {
  return [
    ["peak.allocated", figures.peakBytes],
    ["total.allocated", figures.usedBytes],
    ["startup.allocated", figures.startupBytes],
    ["replication.backlog", 0],
    ["clients.slaves", 0],
    ["clients.normal", figures.clientBytes],
    ["cluster.links", 0],
    ["aof.buffer", figures.logBytes],
    ["lua.caches", 0],
    ["functions.caches", 0],
  ];
}

function numbersAfterDatabases(figures: MemoryFigures): NamedNumbers {
  const { usedBytes, startupBytes, keys, datasetBytes, allocatedBytes, activeBytes, residentBytes } = figures;
  const { slabs, pages, process, all } = memoryLayers(figures);
  const netBytes = usedBytes - startupBytes;
  return [
    ["overhead.total", figures.overheadBytes],
    ["keys.count", keys],
    ["keys.bytes-per-key", keys === 0 ? 0 : Math.floor(netBytes / keys)],
    ["dataset.bytes", datasetBytes],
    ["dataset.percentage", quotient(datasetBytes * 100, netBytes)],
    ["peak.percentage", quotient(usedBytes * 100, figures.peakBytes)],
    ["allocator.allocated", allocatedBytes],
    ["allocator.active", activeBytes],
    ["allocator.resident", residentBytes],
    ["allocator-fragmentation.ratio", slabs.quotient],
    ["allocator-fragmentation.bytes", slabs.bytes],
    ["allocator-rss.ratio", pages.quotient],
    ["allocator-rss.bytes", pages.bytes],
    ["rss-overhead.ratio", process.quotient],
    ["rss-overhead.bytes", process.bytes],
    ["fragmentation", all.quotient],
    ["fragmentation.bytes", all.bytes],
  ];
}

/** Those that are no count of bytes or keys are doubles, whatever their value. */
const DOUBLES = /(percentage|ratio|fragmentation)$/;

function replyNumber(context: CommandContext, name: string, value: number): void {
  context.reply.bulkLatin1(name);
  if (DOUBLES.test(name)) context.reply.double(value);
  else context.reply.integer(value);
}

function replyDatabase(context: CommandContext, database: DatabaseOverhead): void {
  context.reply.bulkLatin1(`db.${String(database.index)}`);
  context.reply.mapHeader(3);
  replyNumber(context, "overhead.hashtable.main", database.mainBytes);
  replyNumber(context, "overhead.hashtable.expires", database.expiresBytes);
  replyNumber(context, "overhead.hashtable.slot-to-keys", 0);
}

/** MEMORY MALLOC-STATS */
export function memoryMallocStats(context: CommandContext): void {
  context.reply.verbatim("txt", describeAllocator(context.keyspace.heap));
}

const COLUMNS = ["block", "slabs", "live", "free", "pages"] as const;
const COLUMN_WIDTH = 12;

/** The heap in numbers, and a line for each size class in use. */
function describeAllocator(heap: Heap): string {
  const { sizeClasses, ...figures } = heapStatistics(heap);
  const row = (cells: readonly (string | number)[]): string =>
    cells.map((cell) => String(cell).padStart(COLUMN_WIDTH)).join("");
  const lines = [
    ...Object.entries(figures).map(([name, value]) => `${name}: ${String(value)}`),
    "",
    row(COLUMNS),
    ...sizeClasses.map(({ blockBytes, slabs, liveBlocks, freeBlocks, slabBytes }) =>
      row([blockBytes, slabs, liveBlocks, freeBlocks, slabBytes]),
    ),
  ];
  return lines.map((line) => `${line}\n`).join("");
}
