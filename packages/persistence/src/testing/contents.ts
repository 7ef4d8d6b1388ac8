/** All that a keyspace contains, as text that is equal for equal data: whatever the order of tables, and without access times. */
import {
  collectAll,
  keyLengthOf,
  keyOffsetOf,
  QuicklistCursor,
  readAt,
  RefList,
  toNext,
  windowOf,
} from "@sider/datastructures";
import type { Heap } from "@sider/datastructures";
import {
  expiryOf,
  FIELD_MISSING,
  HashWalk,
  listLength,
  openListHead,
  openRankedCursor,
  openSetCursor,
  RankedCursor,
  readFieldName,
  readFieldValue,
  readString,
  SetCursor,
  Slice,
  TYPE_HASH,
  TYPE_LIST,
  TYPE_NAMES,
  TYPE_SET,
  TYPE_SORTED_SET,
  TYPE_STRING,
  typeOf,
} from "@sider/keyspace-engine";
import type { Keyspace } from "@sider/keyspace-engine";
import { StreamCommands } from "../snapshot/aof-stream.ts";
import { CommandOutput } from "../snapshot/command-output.ts";

/** Database and key of each entry, with its type, value and expiry. Entries whose time has come by `nowMs` are left out. */
export function keyspaceContents(keyspace: Keyspace, nowMs: number): Map<string, string> {
  const contents = new Map<string, string>();
  const { heap } = keyspace;
  for (const database of keyspace.databases) {
    const found = new RefList();
    collectAll(heap, database.entries, found);
    for (let at = 0; at < found.count; at++) {
      const entry = found.refs[at];
      const expiresAtMs = expiryOf(heap, entry);
      if (expiresAtMs >= 0 && expiresAtMs < nowMs) continue;
      const key = new Slice().set(windowOf(heap, entry), keyOffsetOf(entry), keyLengthOf(heap, entry));
      const name = `${String(database.index)} ${textOf(key)}`;
      if (contents.has(name)) throw new Error(`${name} is there twice`);
      contents.set(name, `${TYPE_NAMES[typeOf(heap, entry)]} ${String(expiresAtMs)} ${valueOf(heap, entry, key)}`);
    }
  }
  return contents;
}

function textOf(slice: Slice): string {
  return Buffer.from(slice.toBytes()).toString("latin1");
}

function valueOf(heap: Heap, entry: number, key: Slice): string {
  switch (typeOf(heap, entry)) {
    case TYPE_STRING:
      return textOf(readString(heap, entry, new Slice()));
    case TYPE_LIST:
      return JSON.stringify(elementsOf(heap, entry));
    case TYPE_SET:
      return JSON.stringify(membersOf(heap, entry).sort());
    case TYPE_SORTED_SET:
      return JSON.stringify(scoresOf(heap, entry));
    case TYPE_HASH:
      return JSON.stringify(pairsOf(heap, entry).sort());
    default:
      return streamOf(heap, entry, key);
  }
}

function elementsOf(heap: Heap, entry: number): string[] {
  const cursor = new QuicklistCursor();
  const text = new Slice();
  const elements: string[] = [];
  openListHead(heap, entry, cursor);
  for (let left = listLength(heap, entry); left > 0; left--) {
    readAt(cursor, text);
    elements.push(textOf(text));
    if (left > 1) toNext(heap, cursor);
  }
  return elements;
}

function membersOf(heap: Heap, entry: number): string[] {
  const cursor = new SetCursor();
  const members: string[] = [];
  openSetCursor(heap, entry, cursor);
  while (cursor.next()) members.push(textOf(cursor.member));
  return members;
}

function scoresOf(heap: Heap, entry: number): string[] {
  const cursor = new RankedCursor();
  const members: string[] = [];
  openRankedCursor(heap, entry, cursor);
  for (let isThere = cursor.seek(0); isThere; isThere = cursor.next()) {
    members.push(`${String(cursor.score)} ${textOf(cursor.member)}`);
  }
  return members;
}

function pairsOf(heap: Heap, entry: number): string[] {
  const walk = new HashWalk();
  const text = new Slice();
  const pairs: string[] = [];
  walk.start(heap, entry);
  for (let field = walk.next(); field !== FIELD_MISSING; field = walk.next()) {
    const name = textOf(readFieldName(heap, entry, field, text));
    pairs.push(JSON.stringify([name, textOf(readFieldValue(heap, entry, field, text))]));
  }
  return pairs;
}

function streamOf(heap: Heap, entry: number, key: Slice): string {
  let text = "";
  const output = new CommandOutput((bytes, start, end) => {
    text += Buffer.from(bytes.slice(start, end)).toString("latin1");
  });
  new StreamCommands(output, heap).write(entry, key);
  output.flush();
  return text;
}
