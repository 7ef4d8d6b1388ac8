/** BITOP: and, or, exclusive or of any number of strings, or the complement of one. Shorter strings go on with zeros. */
import { copyBytes } from "@sider/datastructures";
import {
  ENCODING_RAW,
  lookupRead,
  lookupWrite,
  NO_EXPIRY,
  readString,
  removeEntry,
  setBytes,
  Slice,
  stringLength,
  TYPE_STRING,
  typeOf,
} from "@sider/keyspace-engine";
import type { CommandContext } from "../../dispatch/command-context.ts";
import { SYNTAX_ERROR, WRONG_TYPE } from "../../dispatch/error-texts.ts";
import { createBuffer } from "../string/string-size.ts";
import { andBytes, invertBytes, orBytes, xorBytes } from "./combine.ts";

const FIRST_SOURCE = 3;

/** Results up to this size are put together in one buffer that is used again. */
const SMALL_BYTES = 4096;
const smallResult = new Uint8Array(SMALL_BYTES);
const source = new Slice();
const result = new Slice();

/** BITOP AND|OR|XOR|NOT destination key ...: replies with the length of the result. */
export function bitop(context: CommandContext): void {
  const combine = operationOf(context);
  if (combine === null) {
    context.refuse(SYNTAX_ERROR);
    return;
  }
  if (combine === invertBytes && context.count !== FIRST_SOURCE + 1) {
    context.refuse("ERR BITOP NOT must be called with a single source key.");
    return;
  }
  const entries = findSources(context);
  if (entries === null) return;
  let length = 0;
  for (const entry of entries) length = Math.max(length, lengthOf(context, entry));
  if (length > 0) {
    combineSources(context, entries, length, combine);
    storeResult(context);
  } else deleteDestination(context);
  context.reply.integer(length);
}

type Combine = typeof andBytes;

function operationOf(context: CommandContext): Combine | null {
  if (context.is(1, "and")) return andBytes;
  if (context.is(1, "or")) return orBytes;
  if (context.is(1, "xor")) return xorBytes;
  return context.is(1, "not") ? invertBytes : null;
}

/** The entries of the sources, 0 for missing ones; null after refusing another type. Lookups do not move other entries. */
function findSources(context: CommandContext): number[] | null {
  const { database, keyspace } = context;
  const entries: number[] = [];
  for (let index = FIRST_SOURCE; index < context.count; index++) {
    const entry = lookupRead(keyspace, database, context.key(index));
    if (entry !== 0 && typeOf(keyspace.heap, entry) !== TYPE_STRING) {
      context.refuse(WRONG_TYPE);
      return null;
    }
    entries.push(entry);
  }
  return entries;
}

function lengthOf(context: CommandContext, entry: number): number {
  return entry === 0 ? 0 : stringLength(context.keyspace.heap, entry);
}

/** Leaves the combination of all sources, `length` bytes, in `result`. */
function combineSources(context: CommandContext, entries: number[], length: number, combine: Combine): void {
  const bytes = length <= SMALL_BYTES ? smallResult : createBuffer(length);
  result.set(bytes, 0, length);
  pointAt(context, entries[0]);
  copyBytes(bytes, 0, source.bytes, source.offset, source.length);
  bytes.fill(0, source.length, length);
  if (combine === invertBytes) combine(result, result);
  for (let at = 1; at < entries.length; at++) {
    pointAt(context, entries[at]);
    combine(result, source);
  }
}

function pointAt(context: CommandContext, entry: number): void {
  if (entry === 0) source.set(smallResult, 0, 0);
  else readString(context.keyspace.heap, entry, source);
}

function storeResult(context: CommandContext): void {
  const { database, keyspace } = context;
  const key = context.key(2);
  const old = lookupWrite(keyspace, database, key);
  setBytes(keyspace, database, key, old, result, ENCODING_RAW, NO_EXPIRY);
  keyspace.changed(database, key, "$", "set");
  result.set(smallResult, 0, 0);
}

function deleteDestination(context: CommandContext): void {
  const { database, keyspace } = context;
  const key = context.key(2);
  const old = lookupWrite(keyspace, database, key);
  if (old === 0) return;
  removeEntry(keyspace, database, key.hash, old);
  keyspace.changed(database, key, "g", "del");
}
