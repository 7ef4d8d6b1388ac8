/** OBJECT: what can be seen of a value from outside. */
import {
  accessOf,
  ENCODING_INT,
  ENCODING_NAMES,
  encodingOf,
  createInt64Scratch,
  frequencyOf,
  idleSecondsOf,
  lookupSilently,
  readInteger,
} from "@sider/keyspace-engine";
import type { CommandContext } from "../../dispatch/command-context.ts";

/** Redis keeps the integers below this once, and says that they have this many references. */
const SHARED_INTEGERS = 10_000;
const SHARED_REFERENCES = 2147483647;

const SWITCHING =
  "Please note that when switching between policies at runtime LRU and LFU data will take some time to adjust.";
const NO_IDLE_TIME = `ERR An LFU maxmemory policy is selected, idle time not tracked. ${SWITCHING}`;
const NO_FREQUENCY = `ERR An LFU maxmemory policy is not selected, access frequency not tracked. ${SWITCHING}`;

const integer = createInt64Scratch();

/** OBJECT ENCODING key */
export function objectEncoding(context: CommandContext): void {
  const entry = entryOrNull(context);
  if (entry !== 0) context.reply.bulkLatin1(ENCODING_NAMES[encodingOf(context.keyspace.heap, entry)]);
}

/** OBJECT FREQ key */
export function objectFreq(context: CommandContext): void {
  const entry = entryOrNull(context);
  if (entry === 0) return;
  if (!context.keyspace.tracksFrequency) context.refuse(NO_FREQUENCY);
  else context.reply.integer(frequencyOf(context.keyspace, accessOf(context.keyspace.heap, entry)));
}

/** OBJECT IDLETIME key */
export function objectIdletime(context: CommandContext): void {
  const entry = entryOrNull(context);
  if (entry === 0) return;
  if (context.keyspace.tracksFrequency) context.refuse(NO_IDLE_TIME);
  else context.reply.integer(idleSecondsOf(context.keyspace, accessOf(context.keyspace.heap, entry)));
}

/** OBJECT REFCOUNT key: values are never shared here; small integers are said to be, as in Redis. */
export function objectRefcount(context: CommandContext): void {
  const entry = entryOrNull(context);
  if (entry !== 0) context.reply.integer(countsAsShared(context, entry) ? SHARED_REFERENCES : 1);
}

function countsAsShared(context: CommandContext, entry: number): boolean {
  const heap = context.keyspace.heap;
  if (encodingOf(heap, entry) !== ENCODING_INT || !readInteger(heap, entry, integer)) return false;
  if (!integer.isSafe || integer.safe < 0 || integer.safe >= SHARED_INTEGERS) return false;
  const configuration = context.server.configuration;
  const policy = configuration.get("maxmemory-policy");
  const needsOwnAccessBits = policy.endsWith("lru") || policy.endsWith("lfu");
  return !(needsOwnAccessBits && configuration.get("maxmemory") > 0);
}

/** The entry of the key, or 0 after a null reply. */
function entryOrNull(context: CommandContext): number {
  const entry = lookupSilently(context.keyspace, context.database, context.key(2));
  if (entry === 0) context.reply.nullBulk();
  return entry;
}
