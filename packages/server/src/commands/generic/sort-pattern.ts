/**
 * What BY and GET of SORT name: the value of another key, whose name is the pattern with the element in the place of its first star.
 *
 *     weight_*          the string under weight_<element>
 *     object_*->price   the field "price" of the hash under object_<element>
 *     #                 the element itself
 *
 * Patterns are C text in Redis: star and arrow are looked for up to the first NUL.
 */
import { NIL } from "@sider/datastructures";
import {
  FIELD_MISSING,
  findField,
  Key,
  lookupRead,
  readFieldValue,
  readString,
  Slice,
  TYPE_HASH,
  TYPE_STRING,
  typeOf,
} from "@sider/keyspace-engine";
import type { CommandContext } from "../../dispatch/command-context.ts";

const STAR = 42;
const HASH_SIGN = 35;
const MINUS = 45;
const GREATER = 62;

const field = new Slice();
const key = new Key();
let name = new Uint8Array(256);

/** Whether a pattern has a star, so that it names different keys for different elements. */
export function patternHasStar(pattern: Slice): boolean {
  return findStar(pattern) >= 0;
}

/**
 * Points `out` at what a pattern names for an element and gives it back; null where there is no such key or field, or it is of another
 * type. Valid until the heap may move. `out` must not be the element's slice or the pattern's.
 */
export function lookupByPattern(context: CommandContext, pattern: Slice, element: Slice, out: Slice): Slice | null {
  if (isElementItself(pattern)) return out.set(element.bytes, element.offset, element.length);
  const star = findStar(pattern);
  if (star < 0) return null;
  const arrow = findArrow(pattern, star + 1);
  const hasField = arrow >= 0;
  setKey(context, pattern, star, hasField ? arrow : pattern.length, element);
  const { database, keyspace } = context;
  const entry = lookupRead(keyspace, database, key);
  if (entry === NIL || typeOf(keyspace.heap, entry) !== (hasField ? TYPE_HASH : TYPE_STRING)) return null;
  if (!hasField) return readString(keyspace.heap, entry, out);
  field.set(pattern.bytes, pattern.offset + arrow + 2, pattern.length - arrow - 2);
  const found = findField(keyspace, entry, field);
  return found === FIELD_MISSING ? null : readFieldValue(keyspace.heap, entry, found, out);
}

/** `#`, possibly followed by a NUL and whatever. */
function isElementItself({ bytes, offset, length }: Slice): boolean {
  return length > 0 && bytes[offset] === HASH_SIGN && (length === 1 || bytes[offset + 1] === 0);
}

/** Position of the first star in the pattern, -1 without one. */
function findStar({ bytes, offset, length }: Slice): number {
  for (let at = 0; at < length && bytes[offset + at] !== 0; at++) if (bytes[offset + at] === STAR) return at;
  return -1;
}

/** Position of the first arrow from `from` on, if a field's name follows it, else -1. */
function findArrow({ bytes, offset, length }: Slice, from: number): number {
  for (let at = from; at + 1 < length && bytes[offset + at] !== 0; at++) {
    if (bytes[offset + at] !== MINUS || bytes[offset + at + 1] !== GREATER) continue;
    return at + 2 < length && bytes[offset + at + 2] !== 0 ? at : -1;
  }
  return -1;
}

/** Points `key` at pattern[0, star) + element + pattern(star, end). */
function setKey(context: CommandContext, pattern: Slice, star: number, end: number, element: Slice): void {
  const length = end - 1 + element.length;
  if (length > name.length) name = new Uint8Array(length * 2);
  let at = 0;
  for (let from = 0; from < star; from++) name[at++] = pattern.bytes[pattern.offset + from];
  for (let from = 0; from < element.length; from++) name[at++] = element.bytes[element.offset + from];
  for (let from = star + 1; from < end; from++) name[at++] = pattern.bytes[pattern.offset + from];
  key.set(name, 0, length, context.keyspace.hash(name, 0, length));
}
