/**
 * Random changes of hashes beside a Map, with small limits so that every hash is converted sooner or later; also with an allocator that
 * fails: a failed change leaves the hash as it was, and in the end nothing is left.
 */
import { createHeap, heapStatistics, NIL } from "@sider/datastructures";
import type { Checks } from "@sider/datastructures";
import { expect, test } from "vitest";
import { seededRandom } from "../../clock.ts";
import { OutOfMemoryError } from "../../errors.ts";
import { ENCODING_HASHTABLE, encodingOf } from "../../keyspace/entry.ts";
import { Keyspace } from "../../keyspace/keyspace.ts";
import { removeEntry } from "../../keyspace/store.ts";
import { Key, Slice } from "../../slice.ts";
import { fuzzScale, fuzzSeed } from "../../testing/fuzzing.ts";
import { copyValue } from "../placed-value.ts";
import {
  createHash,
  deleteField,
  FIELD_MISSING,
  findField,
  hashLength,
  HashWalk,
  randomField,
  readFieldName,
  readFieldValue,
  setField,
} from "./hash-value.ts";

const steps = Math.ceil(3000 * fuzzScale);

const encoder = new TextEncoder();
const decoder = new TextDecoder("latin1");
const bytesOf = (text: string): Slice => new Slice().set(encoder.encode(text), 0, text.length);
const textOf = (slice: Slice): string => decoder.decode(slice.toBytes());

/** One hash with its model. */
class Subject {
  readonly keyspace: Keyspace;
  readonly model = new Map<string, string>();
  entry: number = NIL;
  private readonly out = new Slice();
  private readonly walk = new HashWalk();

  constructor(keyspace: Keyspace) {
    this.keyspace = keyspace;
  }

  key(name: string): Key {
    const bytes = encoder.encode(name);
    return new Key().set(bytes, 0, bytes.length, this.keyspace.hash(bytes, 0, bytes.length));
  }

  set(name: string, value: string): void {
    const { keyspace, model } = this;
    try {
      if (this.entry === NIL) this.entry = createHash(keyspace, keyspace.databases[0], this.key("key"));
      expect(setField(keyspace, this.entry, bytesOf(name), bytesOf(value))).toBe(!model.has(name));
      model.set(name, value);
    } catch (error) {
      if (!(error instanceof OutOfMemoryError)) throw error;
    }
    this.removeIfEmpty();
  }

  delete(name: string): void {
    if (this.entry === NIL) return;
    expect(deleteField(this.keyspace, this.entry, bytesOf(name))).toBe(this.model.delete(name));
    this.removeIfEmpty();
  }

  removeIfEmpty(): void {
    const { keyspace } = this;
    if (this.entry === NIL || hashLength(keyspace.heap, this.entry) > 0) return;
    expect(this.model.size).toBe(0);
    removeEntry(keyspace, keyspace.databases[0], this.key("key").hash, this.entry);
    this.entry = NIL;
  }

  fields(entry: number): [string, string][] {
    const heap = this.keyspace.heap;
    const fields: [string, string][] = [];
    this.walk.start(heap, entry);
    for (let field = this.walk.next(); field !== FIELD_MISSING; field = this.walk.next()) {
      const name = textOf(readFieldName(heap, entry, field, this.out));
      fields.push([name, textOf(readFieldValue(heap, entry, field, this.out))]);
    }
    return fields.sort();
  }

  verify(name: string): void {
    const { keyspace, model, entry, out } = this;
    if (entry === NIL) return;
    const heap = keyspace.heap;
    expect(hashLength(heap, entry)).toBe(model.size);
    const field = findField(keyspace, entry, bytesOf(name));
    const value = field === FIELD_MISSING ? undefined : textOf(readFieldValue(heap, entry, field, out));
    expect(value).toBe(model.get(name));
    const drawn = textOf(readFieldName(heap, entry, randomField(keyspace, entry), out));
    expect(model.has(drawn)).toBe(true);
  }

  /** A copy has the same fields, or could not be made and left nothing. */
  verifyCopy(): void {
    const { keyspace } = this;
    if (this.entry === NIL) return;
    const before = keyspace.heap.allocatedBytes;
    const key = this.key("copy");
    try {
      const copy = copyValue(keyspace, this.entry, keyspace.databases[0], key, NIL, this.out);
      expect(this.fields(copy)).toEqual(this.fields(this.entry));
      removeEntry(keyspace, keyspace.databases[0], key.hash, copy);
    } catch (error) {
      if (!(error instanceof OutOfMemoryError)) throw error;
    }
    expect(keyspace.heap.allocatedBytes).toBe(before);
  }

  close(): void {
    for (const name of [...this.model.keys()]) this.delete(name);
    expect(this.entry).toBe(NIL);
  }
}

test.each([0, 0.05, 0.3])(
  `hashes are what a Map is, allocations failing at %f (SIDER_SEED=${String(fuzzSeed)})`,
  (rate) => {
    const random = seededRandom(fuzzSeed);
    const heap = createHeap({ capacityBytes: 2 ** 26, checks: true });
    const keyspace = new Keyspace({ heap, databaseCount: 1, random });
    const before = heapStatistics(heap).allocatedBytes;
    const guard = heap.guard as Checks;
    const subject = new Subject(keyspace);
    const VALUES = [
      "",
      "v",
      "123",
      "-7",
      "9223372036854775807",
      "x".repeat(30),
      "y".repeat(31),
      "z".repeat(500),
      "w".repeat(5000),
    ];
    const fill = (): string => VALUES[random(VALUES.length)];
    let tables = 0;
    for (let step = 0; step < steps; step++) {
      if (step % 500 === 0) {
        guard.remainingAllocations = Infinity;
        subject.close();
        keyspace.limits.hashMaxListpackEntries = [0, 8, 64][random(3)];
        keyspace.limits.hashMaxListpackValue = [4, 30, 6000][random(3)];
      }
      const name = random(10) === 0 ? fill() : String(random(120));
      guard.remainingAllocations = random(1000) < rate * 1000 ? random(6) : Infinity;
      if (random(3) < 2) subject.set(name, fill());
      else subject.delete(name);
      if (step % 97 === 0) subject.verifyCopy();
      guard.remainingAllocations = Infinity;
      subject.verify(name);
      if (step % 97 === 0 && subject.entry !== NIL) {
        expect(subject.fields(subject.entry)).toEqual([...subject.model].sort());
        if (encodingOf(heap, subject.entry) === ENCODING_HASHTABLE) tables++;
      }
    }
    subject.close();
    expect(tables).toBeGreaterThan(0);
    expect(heapStatistics(heap).allocatedBytes).toBe(before);
  },
);
