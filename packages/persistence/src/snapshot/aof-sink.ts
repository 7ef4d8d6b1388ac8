/** A snapshot as the commands that make it, those that Redis writes with `aof-use-rdb-preamble no`. */
import { keyLengthOf, keyOffsetOf, QuicklistCursor, toNext, readAt, windowOf } from "@sider/datastructures";
import type { Heap } from "@sider/datastructures";
import {
  expiryOf,
  FIELD_MISSING,
  formatDouble,
  hashLength,
  HashWalk,
  listLength,
  NO_EXPIRY,
  openListHead,
  openRankedCursor,
  openSetCursor,
  RankedCursor,
  readFieldName,
  readFieldValue,
  readString,
  setCardinality,
  SetCursor,
  Slice,
  sortedSetCardinality,
  TYPE_HASH,
  TYPE_LIST,
  TYPE_SET,
  TYPE_SORTED_SET,
  TYPE_STRING,
  typeOf,
} from "@sider/keyspace-engine";
import type { ByteSink } from "../rdb-output.ts";
import { StreamCommands } from "./aof-stream.ts";
import { CommandOutput } from "./command-output.ts";
import type { EntrySink } from "./entry-sink.ts";
import type { SnapshotRequest } from "./snapshot-request.ts";

/** Elements of one command at most. */
const BATCH = 64;
const NO_DATABASE = -1;

export class AofSink implements EntrySink {
  private readonly output: CommandOutput;
  private readonly request: SnapshotRequest;
  private readonly heap: Heap;
  private readonly streams: StreamCommands;
  private databaseIndex = NO_DATABASE;
  private readonly key = new Slice();
  private readonly text = new Slice();
  private readonly list = new QuicklistCursor();
  private readonly set = new SetCursor();
  private readonly ranked = new RankedCursor();
  private readonly fields = new HashWalk();

  constructor(sink: ByteSink, request: SnapshotRequest, heap: Heap) {
    this.output = new CommandOutput(sink);
    this.request = request;
    this.heap = heap;
    this.streams = new StreamCommands(this.output, heap);
  }

  begin(): void {
    const { head } = this.request;
    if (head !== undefined) this.output.raw(head, 0, head.length);
  }

  entry(databaseIndex: number, entry: number): void {
    const { heap, key, output } = this;
    if (databaseIndex !== this.databaseIndex) this.select(databaseIndex);
    key.set(windowOf(heap, entry), keyOffsetOf(entry), keyLengthOf(heap, entry));
    this.value(entry);
    const expiresAtMs = expiryOf(heap, entry);
    if (expiresAtMs === NO_EXPIRY) return;
    this.command("PEXPIREAT", 1);
    output.integer(expiresAtMs);
  }

  finish(): void {
    this.output.flush();
  }

  private select(databaseIndex: number): void {
    this.databaseIndex = databaseIndex;
    this.output.command("SELECT", 2);
    this.output.integer(databaseIndex);
  }

  /** A command on the key with so many more words. */
  private command(name: string, words: number): void {
    this.output.command(name, words + 2);
    this.slice(this.key);
  }

  private slice(slice: Slice): void {
    this.output.bytes(slice.bytes, slice.offset, slice.length);
  }

  private value(entry: number): void {
    switch (typeOf(this.heap, entry)) {
      case TYPE_STRING:
        this.command("SET", 1);
        this.slice(readString(this.heap, entry, this.text));
        break;
      case TYPE_LIST:
        this.listValue(entry);
        break;
      case TYPE_SET:
        this.setValue(entry);
        break;
      case TYPE_SORTED_SET:
        this.sortedSetValue(entry);
        break;
      case TYPE_HASH:
        this.hashValue(entry);
        break;
      default:
        this.streams.write(entry, this.key);
    }
  }

  /** Begins another command where the last one is full; `left` elements are to come. */
  private batch(name: string, done: number, left: number, wordsEach: number): void {
    if (done % BATCH === 0) this.command(name, Math.min(BATCH, left) * wordsEach);
  }

  private listValue(entry: number): void {
    const { heap, list, text } = this;
    const count = listLength(heap, entry);
    openListHead(heap, entry, list);
    for (let done = 0; done < count; done++) {
      if (done > 0) toNext(heap, list);
      this.batch("RPUSH", done, count - done, 1);
      readAt(list, text);
      this.slice(text);
    }
    list.close();
  }

  private setValue(entry: number): void {
    const { heap, set } = this;
    const count = setCardinality(heap, entry);
    openSetCursor(heap, entry, set);
    for (let done = 0; set.next(); done++) {
      this.batch("SADD", done, count - done, 1);
      this.slice(set.member);
    }
  }

  private sortedSetValue(entry: number): void {
    const { heap, output, ranked } = this;
    const count = sortedSetCardinality(heap, entry);
    openRankedCursor(heap, entry, ranked);
    let isThere = ranked.seek(0);
    for (let done = 0; isThere; done++) {
      this.batch("ZADD", done, count - done, 2);
      output.text(formatDouble(ranked.score));
      this.slice(ranked.member);
      isThere = ranked.next();
    }
  }

  private hashValue(entry: number): void {
    const { fields, heap, text } = this;
    const count = hashLength(heap, entry);
    fields.start(heap, entry);
    let field = fields.next();
    for (let done = 0; field !== FIELD_MISSING; done++) {
      this.batch("HMSET", done, count - done, 2);
      this.slice(readFieldName(heap, entry, field, text));
      this.slice(readFieldValue(heap, entry, field, text));
      field = fields.next();
    }
  }
}
