/** HSCAN: a hash field by field. One that is a listpack comes whole, with the cursor 0. */
import { NIL } from "@sider/datastructures";
import {
  ENCODING_LISTPACK,
  encodingOf,
  FIELD_MISSING,
  HashWalk,
  readFieldName,
  readFieldValue,
  Slice,
  TYPE_HASH,
  valueBlockOf,
} from "@sider/keyspace-engine";
import type { CommandContext } from "../../dispatch/command-context.ts";
import { emptyFound, matchesPattern, openScan, replyCursor, scanOptions, walkTable } from "../generic/scan-options.ts";

const walk = new HashWalk();
const text = new Slice();

/** HSCAN key cursor [MATCH pattern] [COUNT count] */
export function hscan(context: CommandContext): void {
  const entry = openScan(context, TYPE_HASH);
  if (entry === NIL) return;
  const heap = context.keyspace.heap;
  const found = emptyFound();
  let cursor = 0;
  if (encodingOf(heap, entry) === ENCODING_LISTPACK) {
    walk.start(heap, entry);
    for (let field = walk.next(); field !== FIELD_MISSING; field = walk.next()) found.push(field);
  } else cursor = walkTable(heap, valueBlockOf(heap, entry), scanOptions.cursor, scanOptions.count, found);
  let kept = 0;
  for (let at = 0; at < found.count; at++) {
    const field = found.refs[at];
    const name = readFieldName(heap, entry, field, text);
    if (matchesPattern(context, scanOptions.patternIndex, name.bytes, name.offset, name.length)) {
      found.refs[kept++] = field;
    }
  }
  replyCursor(context, cursor);
  context.reply.arrayHeader(kept * 2);
  for (let at = 0; at < kept; at++) {
    context.replyBulk(readFieldName(heap, entry, found.refs[at], text));
    context.replyBulk(readFieldValue(heap, entry, found.refs[at], text));
  }
}
