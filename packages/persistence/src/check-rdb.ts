/**
 * Checks a dump as redis-check-rdb does, and reports as it does: facts with their offsets, the first error with what was being read, and
 * how many keys there were. Every value is read as a whole, and looked at for elements that come twice.
 *
 *     [offset 27] AUX FIELD redis-ver = '7.2.4'
 *     [offset 104] \o/ RDB looks OK! \o/
 *     [info] 2 keys read
 */
import {
  OPCODE_AUX,
  OPCODE_EXPIRE_AT_MS,
  OPCODE_EXPIRE_AT_SECONDS,
  OPCODE_FUNCTION2,
  OPCODE_FUNCTION_PRE_RELEASE,
  OPCODE_MODULE_AUX,
  OPCODE_RESIZE_DATABASE,
  OPCODE_SELECT_DATABASE,
  RDB_TYPE_STRING,
  RdbError,
  rdbTypeName,
} from "./rdb-format.ts";
import type { RdbValue } from "./rdb-items.ts";
import type { RdbHandler, ValueParts } from "./rdb-handler.ts";
import { type ByteSource, RdbReader } from "./rdb-reader.ts";
import { PlainValueReader } from "./values/plain-value.ts";

/** What redis-check-rdb calls the types, by type byte. */
const TYPE_NAMES: readonly string[] = [
  ...["string", "list-linked", "set-hashtable", "zset-v1", "hash-hashtable", "zset-v2", "module-value", "", ""],
  ...["hash-zipmap", "list-ziplist", "set-intset", "zset-ziplist", "hash-ziplist", "quicklist", "stream"],
  ...["hash-listpack", "zset-listpack", "quicklist-v2", "stream-v2", "set-listpack", "stream-v3"],
];

/** What is being done when an opcode has been read and what belongs to it is not there. */
const DOING: Readonly<Record<number, string>> = {
  [OPCODE_AUX]: "read-aux",
  [OPCODE_EXPIRE_AT_MS]: "read-expire",
  [OPCODE_EXPIRE_AT_SECONDS]: "read-expire",
  [OPCODE_SELECT_DATABASE]: "read-len",
  [OPCODE_RESIZE_DATABASE]: "read-len",
  [OPCODE_MODULE_AUX]: "read-module-aux",
  [OPCODE_FUNCTION2]: "read-functions",
  [OPCODE_FUNCTION_PRE_RELEASE]: "read-functions",
};

/** Redis's words for elements that come twice. */
const DUPLICATES: Partial<Record<RdbValue["type"], string>> = {
  set: "Duplicate set members detected",
  hash: "Duplicate hash fields detected",
  zset: "Duplicate zset fields detected",
};

const STEPS_BETWEEN_PROGRESS = 4096;
const KEYS_SHOWN_BYTES = 256;

/** Where a report goes. */
export interface CheckRdbOutput {
  /** One line of the report, without its end. */
  line(text: string): void;
  /** So much of the dump has been read; now and then. */
  progress?(consumedBytes: number): void;
}

/** Checks one dump. `name` is what the report calls it. Never throws for what is in the dump. @returns whether it is sound */
export function checkRdb(name: string, source: ByteSource, output: CheckRdbOutput): boolean {
  output.line(`[offset 0] Checking RDB file ${name}`);
  return new RdbCheck(output).run(source);
}

class RdbCheck implements RdbHandler {
  readonly #output: CheckRdbOutput;
  readonly #reader: RdbReader;
  readonly #nowMs = Date.now();
  #keys = 0;
  #expires = 0;
  #expired = 0;
  #key: string | null = null;
  #type = -1;
  #value: PlainValueReader | null = null;

  constructor(output: CheckRdbOutput) {
    this.#output = output;
    this.#reader = new RdbReader(this, { maxStringBytes: 2 ** 31 - 1 });
  }

  run(source: ByteSource): boolean {
    try {
      this.#read(source);
    } catch (error) {
      if (!(error instanceof RdbError)) throw error;
      this.#reportError(error);
      this.#reportCounts();
      return false;
    }
    this.#reportChecksum();
    this.#info("\\o/ RDB looks OK! \\o/");
    this.#reportCounts();
    return true;
  }

  #read(source: ByteSource): void {
    const reader = this.#reader;
    reader.begin(source);
    for (let steps = 1; reader.step(); steps++) {
      if (steps % STEPS_BETWEEN_PROGRESS === 0) this.#output.progress?.(reader.consumedBytes);
    }
  }

  onAux(name: string, value: string): void {
    this.#info(`AUX FIELD ${name} = '${value}'`);
  }

  onSelectDatabase(index: number): void {
    this.#info(`Selecting DB ID ${String(index)}`);
  }

  onResizeDatabase(): void {
    // a hint, of which the report says nothing
  }

  onString(...[, , , , , , expireAtMs]: Parameters<RdbHandler["onString"]>): void {
    this.#countKey(expireAtMs);
  }

  onValue(type: number, keyBytes: Uint8Array, keyOffset: number, keyLength: number, expireAtMs: number): ValueParts {
    const shown = Math.min(keyLength, KEYS_SHOWN_BYTES);
    this.#key = new TextDecoder().decode(keyBytes.subarray(keyOffset, keyOffset + shown));
    this.#type = type;
    this.#countKey(expireAtMs);
    this.#value = new PlainValueReader(type);
    return this.#value;
  }

  onValueEnd(): void {
    const value = this.#value?.value ?? null;
    if (value !== null && hasElementTwice(value)) {
      throw new RdbError("corrupt", DUPLICATES[value.type] ?? "", this.#reader.consumedBytes);
    }
    this.#key = null;
    this.#value = null;
    this.#type = -1;
  }

  onFunction(): void {
    // sound, and that is all that is asked here
  }

  onSkipped(what: string, offset: number): void {
    this.#output.line(`[offset ${String(offset)}] Skipped ${what}`);
  }

  #countKey(expireAtMs: number): void {
    this.#keys++;
    if (expireAtMs === -1) return;
    this.#expires++;
    if (expireAtMs < this.#nowMs) this.#expired++;
  }

  #info(text: string): void {
    this.#output.line(`[offset ${String(this.#reader.consumedBytes)}] ${text}`);
  }

  #reportChecksum(): void {
    const { checksumState, version } = this.#reader;
    if (checksumState === "verified") this.#info("Checksum OK");
    else if (version >= 5) this.#info("RDB file was saved with checksum disabled: no check performed.");
  }

  #reportError(error: RdbError): void {
    const { opcode, state } = this.#reader;
    const output = this.#output;
    output.line("--- RDB ERROR DETECTED ---");
    output.line(`[offset ${String(error.offset)}] ${this.#describe(error)}`);
    output.line(`[additional info] While doing: ${this.#doing()}`);
    if (this.#key !== null) output.line(`[additional info] Reading key '${this.#key}'`);
    const type = this.#type >= 0 || state !== "opcode" ? this.#type : opcode;
    if (type >= 0 && rdbTypeName(type) !== "") {
      output.line(`[additional info] Reading type ${String(type)} (${TYPE_NAMES[type]})`);
    }
  }

  /** Errors as redis-check-rdb words them, where it has words for them. */
  #describe(error: RdbError): string {
    const { opcode, state } = this.#reader;
    if (error.kind === "truncated") return "Unexpected EOF reading RDB file";
    if (error.kind === "checksum") return "RDB CRC error";
    if (state === "header" && error.kind === "unsupported") {
      return `Can't handle RDB format version ${String(this.#reader.version)}`;
    }
    if (state === "header") return "Wrong signature trying to load DB from file";
    if (state === "opcode" && opcode > RDB_TYPE_STRING && !(opcode in DOING) && rdbTypeName(opcode) === "") {
      return `Invalid object type: ${String(opcode)}`;
    }
    return error.reason;
  }

  #doing(): string {
    const { opcode, state } = this.#reader;
    if (state === "header") return "start";
    if (state === "checksum") return "check-sum";
    if (state === "module") return opcode === OPCODE_MODULE_AUX ? "read-module-aux" : "read-object-value";
    if (this.#key !== null) return "read-object-value";
    if (opcode in DOING) return DOING[opcode];
    return opcode >= 0 && rdbTypeName(opcode) !== "" ? "read-key" : "read-type";
  }

  #reportCounts(): void {
    this.#output.line(`[info] ${String(this.#keys)} keys read`);
    this.#output.line(`[info] ${String(this.#expires)} expires`);
    this.#output.line(`[info] ${String(this.#expired)} already expired`);
  }
}

/** Whether a set, hash or sorted set has a member or field twice. O(n). */
function hasElementTwice(value: RdbValue): boolean {
  switch (value.type) {
    case "set":
      return hasTwice(value.value);
    case "hash":
    case "zset":
      return hasTwice(value.value.map(([element]) => element));
    default:
      return false;
  }
}

function hasTwice(elements: readonly Uint8Array[]): boolean {
  return new Set(elements.map(latin1)).size !== elements.length;
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
}
