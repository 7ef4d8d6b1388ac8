/**
 * Reads one value of any type but a string into plain objects: no heap, no limits, elements in the order of the dump.
 */
import {
  END,
  firstEntry,
  INT64_MAX_TEXT_LENGTH,
  intsetAt,
  intsetCount,
  ListpackText,
  nextEntry,
  readText,
  validateIntset,
  validateListpack,
  writeInt64,
} from "@sider/datastructures";
import { parseDouble } from "@sider/keyspace-engine";
import type { RdbInput } from "../rdb-input.ts";
import type { RdbValue } from "../rdb-items.ts";
import { ziplistToListpack, zipmapToListpack } from "./old-forms.ts";
import { readPlainStream } from "./plain-stream.ts";
import { bytesOf, items, need, type Reading } from "./reading.ts";
import { first, refuse, second } from "./value-form.ts";

/** A form of texts in one string: how it becomes a listpack (null: it is not sound), and what is said then, in Redis's words. */
interface Packed {
  readonly convert: (bytes: Uint8Array, offset: number, length: number) => Uint8Array | null;
  readonly fault: string;
}

const text = new ListpackText();
const integer = { high: 0, low: 0 };
const digits = new Uint8Array(INT64_MAX_TEXT_LENGTH);
const PLAIN_NODE = 1;
const PACKED_NODE = 2;
const LONGEST_SCORE_LENGTH = 252;
const SCORES_WITHOUT_TEXT: Readonly<Record<number, number>> = { 253: NaN, 254: Infinity, 255: -Infinity };

const READINGS: Readonly<Record<number, (input: RdbInput) => Reading<RdbValue>>> = {
  1: (input) => list(strings(input)),
  2: (input) => set(strings(input)),
  3: (input) => sortedSet(members(input, readTextScore)),
  4: (input) => hash(pairs(input)),
  5: (input) => sortedSet(members(input, readBinaryScore)),
  9: (input) => hash(pairsOf(input, packed("Zipmap", zipmapToListpack))),
  10: (input) => list(listpack(input, packed("List ziplist", ziplistToListpack))),
  11: (input) => set(intset(input)),
  12: (input) => sortedSet(scored(input, packed("Zset ziplist", ziplistToListpack))),
  13: (input) => hash(pairsOf(input, packed("Hash ziplist", ziplistToListpack))),
  14: (input) => list(nodes(input, packed("Ziplist", ziplistToListpack))),
  15: (input) => readPlainStream(input, 15),
  16: (input) => hash(pairsOf(input, packed("Hash listpack", soundListpack))),
  17: (input) => sortedSet(scored(input, packed("Zset listpack", soundListpack))),
  18: (input) => list(nodes(input, null)),
  19: (input) => readPlainStream(input, 19),
  20: (input) => set(listpack(input, packed("Set listpack", soundListpack))),
  21: (input) => readPlainStream(input, 21),
};

const LISTPACK = packed("Listpack", soundListpack);

/** The reader of a value as the parts of which RdbReader asks. */
export class PlainValueReader {
  isComplete = false;
  value: RdbValue | null = null;
  #reading: Reading<RdbValue> | null = null;
  #input: RdbInput | null = null;
  readonly #type: number;

  constructor(type: number) {
    this.#type = type;
  }

  /** Reads the next part; false, and nothing has changed, when the input does not hold it. @throws RdbError */
  step(input: RdbInput): boolean {
    if (this.#reading === null || this.#input !== input) {
      this.#input = input;
      this.#reading = READINGS[this.#type](input);
    }
    const { done, value } = this.#reading.next();
    if (done !== true) return value;
    this.value = value;
    this.isComplete = true;
    return true;
  }

  abandon(): void {
    this.#reading = null;
  }
}

function* list(reading: Reading<Uint8Array[]>): Reading<RdbValue> {
  return { type: "list", value: yield* reading };
}

function* set(reading: Reading<Uint8Array[]>): Reading<RdbValue> {
  return { type: "set", value: yield* reading };
}

function* hash(reading: Reading<[Uint8Array, Uint8Array][]>): Reading<RdbValue> {
  return { type: "hash", value: yield* reading };
}

function* sortedSet(reading: Reading<[Uint8Array, number][]>): Reading<RdbValue> {
  return { type: "zset", value: yield* reading };
}

function strings(input: RdbInput): Reading<Uint8Array[]> {
  return items(input, function* () {
    yield* need(() => input.readString(first));
    return bytesOf(first);
  });
}

function pairs(input: RdbInput): Reading<[Uint8Array, Uint8Array][]> {
  return items(input, function* () {
    yield* need(() => input.readString(first) && input.readString(second));
    return [bytesOf(first), bytesOf(second)];
  });
}

function members(input: RdbInput, readScore: (input: RdbInput) => boolean): Reading<[Uint8Array, number][]> {
  return items(input, function* () {
    yield* need(() => input.readString(first) && readScore(input));
    if (Number.isNaN(input.double)) refuse(input, "Zset with NAN score detected");
    return [bytesOf(first), input.double];
  });
}

function readBinaryScore(input: RdbInput): boolean {
  return input.readDouble();
}

/** A score as text, as Redis before 4.0 wrote it: a length of one byte, some of which stand for what is no number. */
function readTextScore(input: RdbInput): boolean {
  if (!input.readByte()) return false;
  const length = input.byte;
  if (length > LONGEST_SCORE_LENGTH) {
    input.double = SCORES_WITHOUT_TEXT[length];
    return true;
  }
  if (!input.has(length)) return false;
  input.double = parseDouble(input.bytes, input.position, length);
  input.position += length;
  return true;
}

/** Texts of a value that is one listpack, or something that can be made one. */
function* listpack(input: RdbInput, form: Packed): Reading<Uint8Array[]> {
  yield* need(() => input.readString(first));
  return textsOf(input, form);
}

/** Nodes of a list: all of this form; null: listpacks or single texts, and each says which. */
function* nodes(input: RdbInput, form: Packed | null): Reading<Uint8Array[]> {
  const found = yield* items(input, function* () {
    let container = PACKED_NODE;
    yield* need(() => {
      if (form === null && !input.readLength()) return false;
      if (form === null) container = input.length;
      return input.readString(first);
    });
    if (container === PLAIN_NODE) return [bytesOf(first)];
    if (container !== PACKED_NODE) refuse(input, "Quicklist integrity check failed.");
    return textsOf(input, form ?? LISTPACK);
  });
  return found.flat();
}

/** An intset's integers as texts. */
function* intset(input: RdbInput): Reading<Uint8Array[]> {
  yield* need(() => input.readString(first));
  const { bytes, offset, length } = first;
  if (!validateIntset(bytes, offset, length, true)) refuse(input, "Intset integrity check failed.");
  return Array.from({ length: intsetCount(bytes, offset) }, (_, index) => {
    intsetAt(bytes, offset, index, integer);
    return digits.slice(0, writeInt64(digits, 0, integer.high, integer.low));
  });
}

/** Texts in turn as pairs. */
function* pairsOf(input: RdbInput, form: Packed): Reading<[Uint8Array, Uint8Array][]> {
  const texts = yield* listpack(input, form);
  if ((texts.length & 1) !== 0) refuse(input, form.fault);
  return Array.from({ length: texts.length / 2 }, (_, index) => [texts[index * 2], texts[index * 2 + 1]]);
}

/** Members and scores in turn. */
function* scored(input: RdbInput, form: Packed): Reading<[Uint8Array, number][]> {
  const found = yield* pairsOf(input, form);
  return found.map(([member, score]) => {
    const number = parseDouble(score, 0, score.length);
    if (Number.isNaN(number)) refuse(input, "Zset with NAN score detected");
    return [member, number];
  });
}

function packed(name: string, convert: Packed["convert"]): Packed {
  return { convert, fault: `${name} integrity check failed.` };
}

function soundListpack(bytes: Uint8Array, offset: number, length: number): Uint8Array | null {
  return validateListpack(bytes, offset, length, true) ? bytes.subarray(offset, offset + length) : null;
}

/** The texts of what is in `first`. */
function textsOf(input: RdbInput, { convert, fault }: Packed): Uint8Array[] {
  const bytes = convert(first.bytes, first.offset, first.length);
  if (bytes === null) return refuse(input, fault);
  const texts: Uint8Array[] = [];
  for (let at = firstEntry(bytes, 0); at !== END; at = nextEntry(bytes, at)) {
    readText(bytes, at, text);
    texts.push(bytesOf(text));
  }
  return texts;
}
