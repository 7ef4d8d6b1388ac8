/**
 * A keyspace beside the plainest model of it, for fuzzers: every operation runs on both, and a failed allocation must leave the
 * keyspace as the model still has it.
 */
import {
  allocate,
  copyBytes,
  createHeap,
  heapStatistics,
  NIL,
  RefList,
  scanTable,
  verifyHeap,
  WINDOW_BYTES,
} from "@sider/datastructures";
import type { Checks, Heap } from "@sider/datastructures";
import type { Random } from "../../clock.ts";
import { OutOfMemoryError } from "../../errors.ts";
import { createInt64Scratch, int64ToBigInt } from "../../numbers/int64.ts";
import { Key, Slice } from "../../slice.ts";
import {
  copyString,
  readInteger,
  readString,
  resizeString,
  setInteger,
  setString,
  stringLength,
  stringMemoryBytes,
  writeInteger,
} from "../../values/string-value.ts";
import { ENCODING_INT, ENCODING_NAMES, encodingOf, expiryOf, NO_EXPIRY, TYPE_STRING, typeOf } from "../entry.ts";
import { Keyspace } from "../keyspace.ts";
import type { Database } from "../keyspace.ts";
import { lookupWrite, peek } from "../lookup.ts";
import { emptyDatabase, keyOfEntry, moveEntry, removeEntry, setExpiry } from "../store.ts";

/** Takes all memory below `endBytes`, untouched. */
function occupy(heap: Heap, endBytes: number): void {
  for (let at = PAGE_BYTES; at < endBytes;) {
    const windowEnd = (Math.floor(at / WINDOW_BYTES) + 1) * WINDOW_BYTES;
    const pages = Math.min(windowEnd, endBytes) - at;
    if (allocate(heap, pages - CANARY_BYTES) === NIL) throw new Error("no memory");
    at += pages;
  }
}

const PAGE_BYTES = 4096;
/** What checks add to a block of whole cache lines. */
const CANARY_BYTES = 64;

/** What the model knows of a key. Bytes are Latin-1 text. */
interface Modelled {
  text: string;
  encoding: string;
  expiresAtMs: number;
}

const INT64_MINIMUM = -(2n ** 63n);
const INT64_MAXIMUM = 2n ** 63n - 1n;
const EMPTY: Modelled = { text: "", encoding: "raw", expiresAtMs: NO_EXPIRY };

/** Latin-1 text as bytes. */
export function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

function textOf(slice: Slice): string {
  let text = "";
  for (const byte of slice.toBytes()) text += String.fromCharCode(byte);
  return text;
}

function isCanonicalInteger(text: string): boolean {
  return /^(0|-?[1-9]\d{0,18})$/.test(text) && BigInt(text) >= INT64_MINIMUM && BigInt(text) <= INT64_MAXIMUM;
}

function encodingOfText(text: string): string {
  if (isCanonicalInteger(text)) return "int";
  return text.length <= 44 ? "embstr" : "raw";
}

/** The two, and the operations. Each operation that finds a difference throws. */
export class ModelledKeyspace {
  nowMs = 1_700_000_000_000;
  failures = 0;
  readonly heap: Heap;
  readonly keyspace: Keyspace;
  readonly models: Map<string, Modelled>[];
  private readonly startBytes: number;
  private readonly random: Random;
  private readonly value = new Slice();

  /** Everything lies beyond `startBytes` of the heap. */
  constructor(random: Random, databaseCount = 2, startBytes = 0) {
    this.random = random;
    this.heap = createHeap({ capacityBytes: startBytes + 2 ** 30, checks: true });
    occupy(this.heap, startBytes);
    this.keyspace = new Keyspace({ heap: this.heap, databaseCount, random, clock: { nowMs: () => this.nowMs } });
    this.models = this.keyspace.databases.map(() => new Map<string, Modelled>());
    this.startBytes = this.heap.allocatedBytes;
  }

  key(text: string): Key {
    // Bytes around the key must not matter.
    const bytes = bytesOf(`<${text}>`);
    return new Key().set(bytes, 1, text.length, this.keyspace.hash(bytes, 1, text.length));
  }

  slice(text: string): Slice {
    return new Slice().set(bytesOf(`[${text}]`), 1, text.length);
  }

  database(index: number): Database {
    return this.keyspace.databases[index];
  }

  /** Runs `change` with the allocations left that the dice give; on failure the model stays, on success it is told. */
  private attempt(change: () => void, then: () => void): void {
    const guard = this.heap.guard as Checks;
    guard.remainingAllocations = this.random(4) === 0 ? this.random(4) : Infinity;
    try {
      change();
    } catch (error) {
      if (!(error instanceof OutOfMemoryError)) throw error;
      this.failures++;
      return;
    } finally {
      guard.remainingAllocations = Infinity;
    }
    then();
  }

  private modelOf(index: number, name: string): Modelled | undefined {
    const model = this.models[index];
    const known = model.get(name);
    if (known !== undefined && known.expiresAtMs !== NO_EXPIRY && this.nowMs > known.expiresAtMs) model.delete(name);
    return model.get(name);
  }

  set(index: number, name: string, text: string, expiresAtMs: number): void {
    const key = this.key(name);
    const old = lookupWrite(this.keyspace, this.database(index), key);
    this.attempt(
      () => setString(this.keyspace, this.database(index), key, old, this.slice(text), expiresAtMs),
      () => this.models[index].set(name, { text, encoding: encodingOfText(text), expiresAtMs }),
    );
    this.check(index, name);
  }

  /** SETRANGE; APPEND when `offset` is negative. */
  write(index: number, name: string, offset: number, text: string): void {
    const { keyspace, heap } = this;
    const known = this.modelOf(index, name);
    const at = offset < 0 ? (known?.text.length ?? 0) : offset;
    const entry = lookupWrite(keyspace, this.database(index), this.key(name));
    if (entry === 0 || known === undefined) return;
    const length = Math.max(known.text.length, at + text.length);
    this.attempt(
      () => {
        const resized = resizeString(keyspace, this.database(index), this.key(name), entry, length);
        readString(heap, resized, this.value);
        copyBytes(this.value.bytes, this.value.offset + at, bytesOf(text), 0, text.length);
      },
      () => {
        known.text =
          known.text.slice(0, at).padEnd(at, "\0") + text + known.text.slice(Math.min(at + text.length, length));
        known.encoding = "raw";
      },
    );
    this.check(index, name);
  }

  increment(index: number, name: string, by: bigint): void {
    const { keyspace, heap } = this;
    const known = this.modelOf(index, name);
    const key = this.key(name);
    const entry = lookupWrite(keyspace, this.database(index), key);
    if (entry === 0 || known === undefined) return;
    const before = createInt64Scratch();
    const isInteger = readInteger(heap, entry, before);
    if (isInteger !== isCanonicalInteger(known.text)) throw new Error(`readInteger(${known.text})`);
    if (!isInteger) return;
    if (int64ToBigInt(before.high, before.low) !== BigInt(known.text)) throw new Error(`integer of ${known.text}`);
    const sum = BigInt.asIntN(64, BigInt(known.text) + by);
    const high = Number(sum >> 32n);
    const low = Number(BigInt.asIntN(32, sum));
    this.attempt(
      () => {
        if (encodingOf(heap, entry) === ENCODING_INT) writeInteger(heap, entry, high, low);
        else setInteger(keyspace, this.database(index), key, entry, high, low, expiryOf(heap, entry));
      },
      () => Object.assign(known, { text: String(sum), encoding: "int" }),
    );
    this.check(index, name);
  }

  expire(index: number, name: string, expiresAtMs: number): void {
    const key = this.key(name);
    const known = this.modelOf(index, name);
    const entry = lookupWrite(this.keyspace, this.database(index), key);
    if (entry === 0 || known === undefined) return;
    this.attempt(
      () => setExpiry(this.keyspace, this.database(index), key.hash, entry, expiresAtMs),
      () => (known.expiresAtMs = expiresAtMs),
    );
    this.check(index, name);
  }

  /** RENAME and MOVE, and both at once. */
  move(from: number, name: string, to: number, newName: string): void {
    if (from === to && name === newName) return;
    const known = this.modelOf(from, name);
    const key = this.key(name);
    const target = this.key(newName);
    const old = lookupWrite(this.keyspace, this.database(to), target);
    const entry = lookupWrite(this.keyspace, this.database(from), key);
    if (entry === 0 || known === undefined) return;
    this.attempt(
      () => moveEntry(this.keyspace, this.database(from), key.hash, entry, this.database(to), target, old),
      () => {
        this.models[from].delete(name);
        this.models[to].set(newName, known);
      },
    );
    this.check(from, name);
    this.check(to, newName);
  }

  copy(from: number, name: string, to: number, newName: string): void {
    if (from === to && name === newName) return;
    const known = this.modelOf(from, name);
    const target = this.key(newName);
    const old = lookupWrite(this.keyspace, this.database(to), target);
    const entry = peek(this.keyspace, this.database(from), this.key(name));
    if (entry === 0 || known === undefined) return;
    this.attempt(
      () => copyString(this.keyspace, entry, this.database(to), target, old, this.value),
      () => this.models[to].set(newName, { ...known }),
    );
    this.check(from, name);
    this.check(to, newName);
  }

  delete(index: number, name: string): void {
    const key = this.key(name);
    const entry = lookupWrite(this.keyspace, this.database(index), key);
    this.attempt(
      () => entry !== 0 && removeEntry(this.keyspace, this.database(index), key.hash, entry),
      () => this.models[index].delete(name),
    );
    this.check(index, name);
  }

  flush(index: number): void {
    let had = 0;
    const count = this.keyspace.count(this.database(index));
    this.attempt(
      () => (had = emptyDatabase(this.keyspace, this.database(index))),
      () => {
        this.models[index].clear();
      },
    );
    if (had !== count) throw new Error("emptyDatabase does not say how many there were");
  }

  /** Compares one key with the model. */
  check(index: number, name: string): void {
    const heap = this.heap;
    const known = this.modelOf(index, name);
    const entry = peek(this.keyspace, this.database(index), this.key(name));
    if ((entry !== 0) !== (known !== undefined)) throw new Error(`key ${name}: ${entry === 0 ? "lost" : "too many"}`);
    if (entry === 0) return;
    const { text, encoding, expiresAtMs } = known ?? EMPTY;
    const found = textOf(readString(heap, entry, this.value));
    if (found !== text) throw new Error(`value of ${name} is ${found}, not ${text}`);
    if (stringLength(heap, entry) !== text.length) throw new Error(`length of ${name}`);
    if (typeOf(heap, entry) !== TYPE_STRING) throw new Error(`type of ${name}`);
    const foundEncoding = ENCODING_NAMES[encodingOf(heap, entry)];
    if (foundEncoding !== encoding) throw new Error(`encoding of ${name} is ${foundEncoding}, not ${encoding}`);
    if (expiryOf(heap, entry) !== expiresAtMs) throw new Error(`expiry of ${name}`);
    if (stringMemoryBytes(heap, entry) < name.length) throw new Error(`memory of ${name}`);
  }

  /** Compares everything, both ways, the tables of expiries too. */
  checkAll(): void {
    for (const [index, model] of this.models.entries()) {
      for (const name of model.keys()) this.check(index, name);
      const expiring = [...model.values()].filter((known) => known.expiresAtMs !== NO_EXPIRY).length;
      if (this.keyspace.expiresCount(this.database(index)) < expiring) throw new Error("expiries are missing");
      const names = this.namesInTable(this.database(index).entries);
      for (const name of names) if (this.modelOf(index, name) === undefined) this.check(index, name);
      for (const name of this.namesInTable(this.database(index).expires)) {
        if (model.get(name)?.expiresAtMs === NO_EXPIRY) throw new Error(`${name} has no expiry`);
      }
      if (this.keyspace.count(this.database(index)) !== model.size) throw new Error("count");
      if (this.keyspace.expiresCount(this.database(index)) !== expiring) throw new Error("count of expiries");
    }
    verifyHeap(this.heap);
  }

  /** The keys in a table, by a scan. */
  namesInTable(table: number): string[] {
    const found = new RefList();
    let cursor = 0;
    do cursor = scanTable(this.heap, table, cursor, found);
    while (cursor !== 0);
    const key = new Key();
    return Array.from(found.refs.subarray(0, found.count), (ref) => {
      keyOfEntry(this.keyspace, ref, key);
      return textOf(new Slice().set(key.bytes, key.offset, key.length));
    });
  }

  /** Empties everything; throws when memory is lost. */
  close(): void {
    for (let index = 0; index < this.models.length; index++) {
      emptyDatabase(this.keyspace, this.database(index));
      this.models[index].clear();
    }
    this.checkAll();
    const lost = heapStatistics(this.heap).allocatedBytes - this.startBytes;
    if (lost !== 0) throw new Error(`${String(lost)} bytes are lost`);
  }
}
