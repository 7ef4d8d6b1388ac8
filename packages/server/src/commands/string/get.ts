/** Reading one string: GET, GETRANGE and SUBSTR, STRLEN, and the readers that also change something: GETDEL, GETEX. */
import {
  clampedRange,
  clampRange,
  hasExpiry,
  lookupWrite,
  NO_EXPIRY,
  readString,
  removeEntry,
  setExpiry,
  Slice,
  stringLength,
} from "@sider/keyspace-engine";
import type { CommandContext } from "../../dispatch/command-context.ts";
import {
  found,
  OPTION_PERSIST,
  OPTIONS_OF_GETEX,
  OPTIONS_WITH_DATE,
  OPTIONS_WITH_TIME,
  readExpiryMs,
  readOptions,
} from "./options.ts";

const text = new Slice();

/** GET key */
export function get(context: CommandContext): void {
  const entry = context.readString(1);
  if (context.error !== null) return;
  if (entry === 0) context.reply.nullBulk();
  else context.replyBulk(readString(context.keyspace.heap, entry, text));
}

/** STRLEN key */
export function strlen(context: CommandContext): void {
  const entry = context.readString(1);
  if (context.error !== null) return;
  context.reply.integer(entry === 0 ? 0 : stringLength(context.keyspace.heap, entry));
}

/** GETRANGE key start end, and SUBSTR */
export function getrange(context: CommandContext): void {
  const start = context.integer(2);
  const end = context.integer(3);
  if (context.error !== null) return;
  const entry = context.readString(1);
  if (context.error !== null) return;
  if (entry !== 0) readString(context.keyspace.heap, entry, text);
  const isBackward = start < 0 && end < 0 && start > end;
  if (entry === 0 || isBackward || !clampRange(start, end, text.length)) {
    context.reply.bulk(text.bytes, 0, 0);
    return;
  }
  context.reply.bulk(text.bytes, text.offset + clampedRange.start, clampedRange.end - clampedRange.start + 1);
}

/** GETDEL key */
export function getdel(context: CommandContext): void {
  const entry = context.readString(1);
  if (context.error !== null) return;
  if (entry === 0) {
    context.reply.nullBulk();
    return;
  }
  replyAndDelete(context);
  context.propagateDeletion(context.server.configuration.get("lazyfree-lazy-user-del"));
}

/** GETEX key [EX s | PX ms | EXAT s | PXAT ms | PERSIST] */
export function getex(context: CommandContext): void {
  if (!readOptions(context, 2, OPTIONS_OF_GETEX)) return;
  const options = found.options;
  const entry = context.readString(1);
  if (context.error !== null) return;
  if (entry === 0) {
    context.reply.nullBulk();
    return;
  }
  const heap = context.keyspace.heap;
  if ((options & OPTIONS_WITH_TIME) !== 0) {
    const expiresAtMs = readExpiryMs(context, found.timeIndex, options);
    if (context.error !== null) return;
    if ((options & OPTIONS_WITH_DATE) !== 0 && context.hasPassed(expiresAtMs)) {
      replyAndDelete(context);
      context.propagateDeletion(context.keyspace.lazyFree.onExpiry);
    } else {
      replyAndExpire(context, expiresAtMs, "expire");
      if (context.propagates) context.propagateAs("PEXPIREAT", context.key(1), expiresAtMs);
    }
  } else if (options === OPTION_PERSIST && hasExpiry(heap, entry)) {
    replyAndExpire(context, NO_EXPIRY, "persist");
    if (context.propagates) context.propagateAs("PERSIST", context.key(1));
  } else {
    context.replyBulk(readString(heap, entry, text));
  }
}

function replyAndDelete(context: CommandContext): void {
  const keyspace = context.keyspace;
  const key = context.key(1);
  const entry = lookupWrite(keyspace, context.database, key);
  context.replyBulk(readString(keyspace.heap, entry, text));
  removeEntry(keyspace, context.database, key.hash, entry);
  keyspace.changed(context.database, key, "g", "del");
}

function replyAndExpire(context: CommandContext, expiresAtMs: number, event: string): void {
  const keyspace = context.keyspace;
  const key = context.key(1);
  const old = lookupWrite(keyspace, context.database, key);
  const entry = setExpiry(keyspace, context.database, key.hash, old, expiresAtMs);
  keyspace.changed(context.database, key, "g", event);
  context.replyBulk(readString(keyspace.heap, entry, text));
}
