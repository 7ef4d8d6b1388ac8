/** Giving a key an expiry or taking it away: EXPIRE, PEXPIRE, EXPIREAT, PEXPIREAT, PERSIST. */
import {
  createInt64Scratch,
  expiryOf,
  hasExpiry,
  lookupWrite,
  NO_EXPIRY,
  removeEntry,
  setExpiry,
} from "@sider/keyspace-engine";
import type { CommandContext } from "../../dispatch/command-context.ts";
import { invalidExpireTime, quoted } from "../../dispatch/refusals.ts";
import { unixMsOf } from "./expiry-time.ts";

const NX = 1;
const XX = 2;
const GT = 4;
const LT = 8;

const NX_AND_OTHERS = "ERR NX and XX, GT or LT options at the same time are not compatible";
const GT_AND_LT = "ERR GT and LT options at the same time are not compatible";

const time = createInt64Scratch();

/** EXPIRE key seconds [NX | XX | GT | LT] */
export function expire(context: CommandContext): void {
  expireAfter(context, 1000, context.keyspace.nowMs);
}

/** PEXPIRE key milliseconds [NX | XX | GT | LT] */
export function pexpire(context: CommandContext): void {
  expireAfter(context, 1, context.keyspace.nowMs);
}

/** EXPIREAT key unix-time-seconds [NX | XX | GT | LT] */
export function expireat(context: CommandContext): void {
  expireAfter(context, 1000, 0);
}

/** PEXPIREAT key unix-time-milliseconds [NX | XX | GT | LT] */
export function pexpireat(context: CommandContext): void {
  expireAfter(context, 1, 0);
}

/** The time counts in `unitMs` from `baseMs` on. A time that is not in the future deletes the key at once. */
function expireAfter(context: CommandContext, unitMs: number, baseMs: number): void {
  const conditions = readConditions(context);
  if (context.error !== null || !context.int64(2, time)) return;
  const expiresAtMs = unixMsOf(time, unitMs, baseMs);
  if (Number.isNaN(expiresAtMs)) {
    context.refuse(invalidExpireTime(context));
    return;
  }
  const { keyspace, database } = context;
  const key = context.key(1);
  const entry = lookupWrite(keyspace, database, key);
  if (entry === 0 || !isAllowed(conditions, expiryOf(keyspace.heap, entry), expiresAtMs)) {
    context.reply.integer(0);
    return;
  }
  if (context.hasPassed(expiresAtMs)) {
    removeEntry(keyspace, database, key.hash, entry);
    keyspace.changed(database, key, "g", "del");
    context.propagateDeletion(keyspace.lazyFree.onExpiry);
  } else {
    setExpiry(keyspace, database, key.hash, entry, expiresAtMs);
    keyspace.changed(database, key, "g", "expire");
    if (context.propagates && (unitMs !== 1 || baseMs !== 0)) {
      context.replaceArgument(0, "PEXPIREAT");
      context.replaceArgument(2, String(expiresAtMs));
    }
  }
  context.reply.integer(1);
}

function readConditions(context: CommandContext): number {
  let conditions = 0;
  for (let index = 3; index < context.count; index++) {
    if (context.is(index, "nx")) conditions |= NX;
    else if (context.is(index, "xx")) conditions |= XX;
    else if (context.is(index, "gt")) conditions |= GT;
    else if (context.is(index, "lt")) conditions |= LT;
    else context.refuse(`ERR Unsupported option ${quoted(context, index)}`);
  }
  if ((conditions & NX) !== 0 && conditions !== NX) context.refuse(NX_AND_OTHERS);
  if ((conditions & GT) !== 0 && (conditions & LT) !== 0) context.refuse(GT_AND_LT);
  return conditions;
}

/** A key without an expiry counts as one that lives for ever. */
function isAllowed(conditions: number, currentMs: number, newMs: number): boolean {
  const isForever = currentMs === NO_EXPIRY;
  if ((conditions & NX) !== 0 && !isForever) return false;
  if ((conditions & XX) !== 0 && isForever) return false;
  if ((conditions & GT) !== 0 && (isForever || newMs <= currentMs)) return false;
  return (conditions & LT) === 0 || isForever || newMs < currentMs;
}

/** PERSIST key */
export function persist(context: CommandContext): void {
  const { keyspace, database } = context;
  const key = context.key(1);
  const entry = lookupWrite(keyspace, database, key);
  const isExpiring = entry !== 0 && hasExpiry(keyspace.heap, entry);
  if (isExpiring) {
    setExpiry(keyspace, database, key.hash, entry, NO_EXPIRY);
    keyspace.changed(database, key, "g", "persist");
  }
  context.reply.integer(isExpiring ? 1 : 0);
}
