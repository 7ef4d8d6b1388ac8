/**
 * Prepares a dump for the thread that loads it: the same dump with its strings decompressed, and its listpacks and intsets checked and
 * marked as such (`prepared-types.ts`). What is left for that thread is to copy, to hash and to insert.
 *
 *     input   | opcode | key | LZF string | ...         -- steps, as those of the reader: taken again when the input holds too little
 *     output  | opcode | key | the string | ...         pieces that end where steps end
 *
 * Whatever is unusual is left to the reader, from the beginning of the step on: the end of the dump, damage of any kind, data of modules,
 * values of many megabytes. So all errors are found and worded in one place.
 */
import { copyBytes, listpackCount, validateIntset, validateListpack } from "@sider/datastructures";
import {
  OPCODE_AUX,
  OPCODE_EXPIRE_AT_MS,
  OPCODE_EXPIRE_AT_SECONDS,
  OPCODE_FREQUENCY,
  OPCODE_FUNCTION2,
  OPCODE_IDLE,
  OPCODE_RESIZE_DATABASE,
  OPCODE_SELECT_DATABASE,
  RdbError,
} from "../rdb-format.ts";
import { type RdbInput, RdbString } from "../rdb-input.ts";
import { isHashListpack, isSetListpack, isSortedSetListpack } from "../values/listpack-checks.ts";
import { PREPARED, PREPARED_NODE } from "./prepared-types.ts";
import { StreamParts } from "./stream-parts.ts";

const HEADER_BYTES = 9;
const TIME_BYTES = 8;
const LONGEST_LENGTH_BYTES = 9;
const PACKED_NODE = 2;
/** A step beyond this is left to the reader, and all that follows it. */
const MOST_BYTES_A_STEP = 16 * 1024 * 1024;

/** Where the output goes. */
export interface PieceSink {
  /** Takes a piece, bytes[0 .. length), and gives an array for the next one. The piece was made of the dump's bytes [from, to). */
  piece(bytes: Uint8Array, length: number, from: number, to: number): Uint8Array;
}

export class PlainDump {
  /** The rest, from the input's position on, is the reader's. */
  isOver = false;
  readonly #input: RdbInput;
  readonly #sink: PieceSink;
  readonly #pieceBytes: number;
  readonly #string = new RdbString();
  #output: Uint8Array;
  /** Bytes of the output; behind them belong the input's from `#rawFrom` to its position, which are the same in both. */
  #length = 0;
  #rawFrom = 0;
  #pieceFrom = 0;
  #hasHeader = false;
  #type = 0;
  #itemsLeft = 0;
  readonly #stream: StreamParts;

  /** @param output the first array; it grows where a step needs more @param pieceBytes a piece that has so many bytes goes to the sink */
  constructor(input: RdbInput, sink: PieceSink, output: Uint8Array, pieceBytes: number) {
    this.#input = input;
    this.#sink = sink;
    this.#output = output;
    this.#pieceBytes = pieceBytes;
    this.#stream = new StreamParts(input, () => this.#plain());
  }

  /** Prepares as much as the input holds. */
  run(): void {
    const input = this.#input;
    while (!this.isOver && input.hasNeeded) {
      input.beginStep();
      const length = this.#length;
      const rawFrom = this.#rawFrom;
      if (this.#step()) {
        if (this.#length + input.position - this.#rawFrom >= this.#pieceBytes) this.flush();
        continue;
      }
      input.repeatStep();
      this.#length = length;
      this.#rawFrom = rawFrom;
      if (input.needed > MOST_BYTES_A_STEP) this.isOver = true;
    }
  }

  /** Brings all that has been prepared to the sink. */
  flush(): void {
    this.#takeRaw(this.#input.position);
    const { offset } = this.#input;
    if (this.#length > 0) this.#output = this.#sink.piece(this.#output, this.#length, this.#pieceFrom, offset);
    this.#length = 0;
    this.#pieceFrom = offset;
  }

  /** To be called before the bytes of the input move, and after it with what they have moved by. */
  beforeMove(): void {
    this.#takeRaw(this.#input.position);
  }

  /** The bytes of the input have moved. */
  moved(): void {
    this.#rawFrom = this.#input.position;
  }

  #step(): boolean {
    try {
      if (this.#itemsLeft > 0) return this.#item();
      if (this.#stream.isInside) return this.#stream.next();
      return this.#hasHeader ? this.#entry() : this.#header();
    } catch (error) {
      if (!(error instanceof RdbError)) throw error;
      return this.#leave();
    }
  }

  /** This step and all that follows is the reader's. */
  #leave(): false {
    this.isOver = true;
    return false;
  }

  #header(): boolean {
    if (!this.#input.has(HEADER_BYTES)) return false;
    this.#hasHeader = true;
    return this.#skip(HEADER_BYTES);
  }

  #entry(): boolean {
    const input = this.#input;
    const typeAt = input.position;
    if (!input.readByte()) return false;
    const type = input.byte;
    switch (type) {
      case 0: // a string
      case OPCODE_AUX:
        return this.#plain() && this.#plain();
      case OPCODE_EXPIRE_AT_MS:
        return this.#skip(TIME_BYTES);
      case OPCODE_EXPIRE_AT_SECONDS:
        return this.#skip(4);
      case OPCODE_FREQUENCY:
        return this.#skip(1);
      case OPCODE_IDLE:
      case OPCODE_SELECT_DATABASE:
        return input.readLength();
      case OPCODE_RESIZE_DATABASE:
        return input.readLength() && input.readLength();
      case OPCODE_FUNCTION2:
        return this.#plain();
      default:
        return this.#value(type, typeAt);
    }
  }

  #value(type: number, typeAt: number): boolean {
    switch (type) {
      case 1:
      case 2:
      case 3:
      case 4:
      case 5:
      case 14:
        return this.#plain() && this.#count(type);
      case 18:
        this.#replaceByte(typeAt, type + PREPARED);
        return this.#plain() && this.#count(type);
      case 9:
      case 10:
      case 12:
      case 13:
        return this.#plain() && this.#plain();
      case 11:
      case 16:
      case 17:
      case 20:
        return this.#checked(type, typeAt);
      case 15:
      case 19:
      case 21:
        return this.#plain() && this.#stream.begin(type);
      default:
        return this.#leave();
    }
  }

  #count(type: number): boolean {
    const input = this.#input;
    if (!input.readLength()) return false;
    this.#type = type;
    this.#itemsLeft = input.length;
    return true;
  }

  #item(): boolean {
    if (!this.#itemOfType()) return false;
    this.#itemsLeft--;
    return true;
  }

  #itemOfType(): boolean {
    switch (this.#type) {
      case 3:
        return this.#plain() && this.#textScore();
      case 4:
        return this.#plain() && this.#plain();
      case 5:
        return this.#plain() && this.#skip(8);
      case 18:
        return this.#node();
      default:
        return this.#plain();
    }
  }

  /** A score as text; lengths from 253 on are numbers that have none. */
  #textScore(): boolean {
    const input = this.#input;
    return input.readByte() && (input.byte >= 253 || this.#skip(input.byte));
  }

  #node(): boolean {
    const input = this.#input;
    const containerAt = input.position;
    if (!input.readLength()) return false;
    if (input.length === PREPARED_NODE) return this.#leave();
    const isPacked = input.length === PACKED_NODE && input.position === containerAt + 1;
    if (isPacked) this.#takeRaw(containerAt);
    const at = this.#length;
    if (!this.#plain()) return false;
    const { bytes, offset, length } = this.#string;
    if (!isPacked || !validateListpack(bytes, offset, length, true) || listpackCount(bytes, offset) === 0) return true;
    this.#takeRaw(input.position);
    this.#output[at] = PREPARED_NODE;
    return true;
  }

  /** A value that is one string with a structure. */
  #checked(type: number, typeAt: number): boolean {
    this.#takeRaw(typeAt);
    const at = this.#length;
    if (!this.#plain() || !this.#plain()) return false;
    if (!isSound(type, this.#string)) return true;
    this.#takeRaw(this.#input.position);
    this.#output[at] = type + PREPARED;
    return true;
  }

  #skip(count: number): boolean {
    if (!this.#input.has(count)) return false;
    this.#input.position += count;
    return true;
  }

  /** A string, which goes on as it is unless it is compressed. */
  #plain(): boolean {
    const input = this.#input;
    const string = this.#string;
    const from = input.position;
    if (!input.readString(string)) return false;
    if (!input.wasCompressed) return true;
    const { length } = string;
    this.#takeRaw(from);
    this.#reserve(LONGEST_LENGTH_BYTES + length);
    this.#length = writeLength(this.#output, this.#length, length);
    copyBytes(this.#output, this.#length, string.bytes, 0, length);
    this.#length += length;
    this.#rawFrom = input.position;
    return true;
  }

  #replaceByte(at: number, byte: number): void {
    this.#takeRaw(at);
    this.#reserve(1);
    this.#output[this.#length++] = byte;
    this.#rawFrom = at + 1;
  }

  /** Copies what is the same in both up to a place in the input. */
  #takeRaw(to: number): void {
    const from = this.#rawFrom;
    if (to <= from) return;
    this.#reserve(to - from);
    copyBytes(this.#output, this.#length, this.#input.bytes, from, to - from);
    this.#length += to - from;
    this.#rawFrom = to;
  }

  #reserve(count: number): void {
    if (this.#length + count <= this.#output.length) return;
    const larger = new Uint8Array(Math.max(this.#output.length * 2, this.#length + count));
    larger.set(this.#output.subarray(0, this.#length));
    this.#output = larger;
  }
}

function isSound(type: number, { bytes, offset, length }: RdbString): boolean {
  if (type === 11) return validateIntset(bytes, offset, length, true);
  if (type === 16) return isHashListpack(bytes, offset, length);
  return type === 17 ? isSortedSetListpack(bytes, offset, length) : isSetListpack(bytes, offset, length);
}

/** A length as dumps have it, at bytes[at..); gives where it ends. */
function writeLength(bytes: Uint8Array, at: number, length: number): number {
  if (length < 64) {
    bytes[at] = length;
    return at + 1;
  }
  if (length < 16384) {
    bytes[at] = 0x40 | (length >> 8);
    bytes[at + 1] = length;
    return at + 2;
  }
  bytes[at] = 0x80;
  bytes[at + 1] = length >>> 24;
  bytes[at + 2] = length >>> 16;
  bytes[at + 3] = length >>> 8;
  bytes[at + 4] = length;
  return at + 5;
}
