/** A keyspace with one line for each thing that tests do with it. */
import { createHeap } from "@sider/datastructures";
import type { Checks, Heap } from "@sider/datastructures";
import { seededRandom } from "../../clock.ts";
import { Key, Slice } from "../../slice.ts";
import { readString, setString } from "../../values/string-value.ts";
import { ENCODING_NAMES, encodingOf, NO_EXPIRY } from "../entry.ts";
import { Keyspace } from "../keyspace.ts";
import type { Database } from "../keyspace.ts";
import { lookupWrite, peek } from "../lookup.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder("latin1");

/** One value for each way of storing a string, by a name of it. */
export const VALUES = {
  int: "1234",
  embstr: "short",
  "raw, inside": "i".repeat(150),
  "raw, at the limit": "l".repeat(192),
  "raw, outside": "o".repeat(193),
  "raw, long": "p".repeat(50_000),
} as const;

export class Subject {
  nowMs = 1_700_000_000_000;
  readonly heap: Heap = createHeap({ capacityBytes: 2 ** 28, checks: true });
  readonly keyspace: Keyspace = new Keyspace({
    heap: this.heap,
    clock: { nowMs: () => this.nowMs },
    random: seededRandom(1),
  });
  readonly database: Database = this.keyspace.databases[0];

  key(name: string): Key {
    const bytes = encoder.encode(name);
    return new Key().set(bytes, 0, bytes.length, this.keyspace.hash(bytes, 0, bytes.length));
  }

  slice(text: string): Slice {
    const bytes = encoder.encode(text);
    return new Slice().set(bytes, 0, bytes.length);
  }

  set(name: string, text: string, expiresAtMs: number = NO_EXPIRY, database = this.database): number {
    const key = this.key(name);
    const old = lookupWrite(this.keyspace, database, key);
    return setString(this.keyspace, database, key, old, this.slice(text), expiresAtMs);
  }

  entry(name: string, database = this.database): number {
    return peek(this.keyspace, database, this.key(name));
  }

  /** The value's text, or null where there is none. */
  get(name: string, database = this.database): string | null {
    const entry = this.entry(name, database);
    return entry === 0 ? null : this.text(entry);
  }

  text(entry: number): string {
    return decoder.decode(readString(this.heap, entry, new Slice()).toBytes());
  }

  encoding(name: string): string {
    return ENCODING_NAMES[encodingOf(this.heap, this.entry(name))];
  }

  advance(ms: number): void {
    this.nowMs += ms;
    this.keyspace.updateClock();
  }

  /** Runs `work` with so many allocations left. */
  withAllocations<T>(count: number, work: () => T): T {
    const guard = this.heap.guard as Checks;
    guard.remainingAllocations = count;
    try {
      return work();
    } finally {
      guard.remainingAllocations = Infinity;
    }
  }
}
