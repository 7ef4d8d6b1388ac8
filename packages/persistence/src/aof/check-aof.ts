/**
 * Checks an append only file as redis-check-aof does, with its report and its exit codes: a manifest with its files, one file
 * of commands, or one that begins with a dump. Can cut off what is wrong at the end, and what is later than a moment.
 */

import { dirname, join } from "node:path";
import { createHeap } from "@sider/datastructures";
import { Keyspace } from "@sider/keyspace-engine";
import { closeQuietly } from "../file-steps.ts";
import { errorReason, type FileSystem } from "../file-system.ts";
import { RdbError } from "../rdb-format.ts";
import type { RdbHandler } from "../rdb-handler.ts";
import { RdbReader } from "../rdb-reader.ts";
import { ValueReader } from "../values/value-reader.ts";
import { AofReader } from "./aof-reader.ts";
import { filesToLoad } from "./manifest.ts";
import { readManifest } from "./manifest-file.ts";

export interface CheckAofIo {
  readonly fileSystem: FileSystem;
  /** Writes text to the standard output. */
  readonly print: (text: string) => void;
  /** A line of the standard input; "" at its end. */
  readonly ask: () => string;
}

/** What is to be done beside checking; null: no timestamp. */
interface CheckTask {
  readonly fix: boolean;
  readonly untilSeconds: number | null;
}

type FileOutcome = "valid" | "empty" | "truncated" | "truncated to timestamp";

const USAGE = "[--fix|--truncate-to-timestamp $timestamp] <file.manifest|file.aof>";
const PIECE_BYTES = 64 * 1024;
const SMALLEST_DUMP_BYTES = 8;
/** Values are built to be checked, one at a time; memory that is not touched costs nothing. */
const HEAP_BYTES = 2 ** 32;

/** Ends the check with exit code 1; everything has been printed. */
class CheckFailed extends Error {}

/** @param words the command line behind the program's name @returns the exit code: 0, or 1 */
export function checkAof(words: readonly string[], io: CheckAofIo): number {
  const task = parseTask(words);
  const path = words.at(-1);
  if (task === null || path === undefined) {
    io.print(task === null ? `Usage: sider-check-aof ${USAGE}\n` : "");
    return 1;
  }
  if (task.untilSeconds !== null && !Number.isSafeInteger(task.untilSeconds)) {
    io.print("Invalid timestamp, aborting...\n");
    return 1;
  }
  try {
    new AofCheck(io, task).run(path);
    return 0;
  } catch (error) {
    if (error instanceof CheckFailed) return 1;
    throw error;
  }
}

function parseTask(words: readonly string[]): CheckTask | null {
  if (words.length === 1) return { fix: false, untilSeconds: null };
  if (words.length === 2 && words[0] === "--fix") return { fix: true, untilSeconds: null };
  if (words.length !== 3 || words[0] !== "--truncate-to-timestamp") return null;
  return { fix: false, untilSeconds: /^[+-]?\d+$/.test(words[1]) ? Number(words[1]) : Number.NaN };
}

class AofCheck {
  readonly #io: CheckAofIo;
  readonly #fileSystem: FileSystem;
  readonly #task: CheckTask;
  /** Counted through all files, as redis-check-aof does. */
  #line = 1;

  constructor(io: CheckAofIo, task: CheckTask) {
    this.#io = io;
    this.#fileSystem = io.fileSystem;
    this.#task = task;
  }

  run(path: string): void {
    if (this.#isManifest(path)) {
      this.#checkManifest(path);
      return;
    }
    this.#say("Start checking Old-Style AOF");
    this.#tell("AOF", path, this.#checkFile(path, path, true, this.#isDump(path)));
  }

  #checkManifest(path: string): void {
    this.#say("Start checking Multi Part AOF");
    const logger = { notice: (line: string) => this.#say(line), warning: (line: string) => this.#say(line) };
    let manifest;
    try {
      manifest = readManifest(this.#fileSystem, path, logger);
    } catch {
      throw new CheckFailed();
    }
    const files = filesToLoad(manifest);
    for (const [at, { name, type }] of files.entries()) {
      const filePath = join(dirname(path), name);
      const isDump = type === "b" && this.#isDump(filePath);
      if (type === "b") this.#say(`Start to check BASE AOF (${isDump ? "RDB" : "RESP"} format).`);
      else if (at === 0 || files[at - 1].type === "b") this.#say("Start to check INCR files.");
      const outcome = this.#checkFile(name, filePath, at === files.length - 1, isDump);
      this.#tell(type === "b" ? "BASE AOF" : "INCR AOF", name, outcome);
    }
    this.#say("All AOF files and manifest are valid");
  }

  #tell(what: string, name: string, outcome: FileOutcome): void {
    if (outcome === "valid" || outcome === "empty") this.#say(`${what} ${name} is ${outcome}`);
    else if (outcome === "truncated") this.#say(`Successfully truncated AOF ${name}`);
    else this.#say(`Successfully truncated AOF ${name} to timestamp ${this.#until}`);
  }

  #checkFile(name: string, path: string, isLast: boolean, isDump: boolean): FileOutcome {
    const descriptor = this.#open(path, ", aborting...");
    try {
      const byteLength = this.#fileSystem.size(descriptor);
      if (byteLength === 0) return "empty";
      const offset = isDump ? this.#checkDump(descriptor, name) : 0;
      const found = this.#readCommands(new AofReader(this.#fileSystem, descriptor, { offset }), name, path, isLast);
      if (found.cut) return "truncated to timestamp";
      return this.#judge(name, path, byteLength, found.wholeUpTo, isLast);
    } finally {
      closeQuietly(this.#fileSystem, descriptor);
    }
  }

  /** Reads to the end or to the first fault. Whole is what is not inside a transaction. */
  #readCommands(reader: AofReader, name: string, path: string, isLast: boolean): { wholeUpTo: number; cut: boolean } {
    const transaction = new TransactionCheck();
    let wholeUpTo = reader.endOffset;
    for (;;) {
      const item = reader.next();
      this.#line += item === "annotation" ? 0 : reader.lineCount;
      if (item === "command") {
        transaction.command(reader);
        if (transaction.unexpected !== "") {
          this.#sayAt(transaction.offset, `Unexpected ${transaction.unexpected} in AOF ${path}`);
          return { wholeUpTo, cut: false };
        }
      } else if (item === "annotation") {
        if (this.#endsBefore(reader, path, isLast)) return { wholeUpTo, cut: true };
      } else {
        this.#sayWhatIsWrong(item, reader, name, transaction);
        return { wholeUpTo, cut: false };
      }
      if (!transaction.isOpen) wholeUpTo = reader.endOffset;
    }
  }

  #sayWhatIsWrong(item: string, reader: AofReader, name: string, transaction: TransactionCheck): void {
    if (item === "end") {
      if (transaction.isOpen) this.#sayAt(transaction.offset, "Reached EOF before reading EXEC for MULTI");
    } else if (reader.problem === "format error") {
      this.#say(`AOF ${name} format error`);
    } else if (reader.problem !== "") {
      this.#sayAt(reader.problemOffset, reader.problem);
    }
  }

  #judge(name: string, path: string, byteLength: number, wholeUpTo: number, isLast: boolean): FileOutcome {
    const rest = byteLength - wholeUpTo;
    if (rest === 0 && this.#task.untilSeconds !== null) {
      this.#say(`Truncate nothing in AOF ${name} to timestamp ${this.#until}`);
      return "valid";
    }
    this.#say(
      `AOF analyzed: filename=${name}, size=${String(byteLength)}, ok_up_to=${String(wholeUpTo)}, ` +
        `ok_up_to_line=${String(this.#line)}, diff=${String(rest)}`,
    );
    if (rest === 0) return "valid";
    if (!this.#task.fix) this.#fail(`AOF ${name} is not valid. Use the --fix option to try fixing it.`);
    if (!isLast) this.#fail(`Failed to truncate AOF ${name} because it is not the last file`);
    this.#say(
      `This will shrink the AOF ${name} from ${String(byteLength)} bytes, with ${String(rest)} bytes, to ${String(wholeUpTo)} bytes`,
    );
    this.#io.print("Continue? [y/N]: ");
    if (!/^y/i.test(this.#io.ask())) this.#fail("Aborting...");
    this.#truncate(path, wholeUpTo, `Failed to truncate AOF ${name}`);
    return "truncated";
  }

  /** Whether the file is cut off here: what follows is later than it is wanted to be. */
  #endsBefore(reader: AofReader, path: string, isLast: boolean): boolean {
    const { untilSeconds } = this.#task;
    const line = Buffer.from(reader.bytes.subarray(reader.start, reader.end)).toString("latin1");
    if (untilSeconds === null || !line.startsWith("#TS:")) return false;
    const seconds = /^#TS:\s*([+-]?\d+)\r/.exec(line)?.[1];
    if (seconds === undefined) this.#fail("Invalid timestamp annotation");
    if (Number(seconds) <= untilSeconds) return false;
    const offset = reader.startOffset;
    if (offset === 0) this.#fail(`AOF ${path} has nothing before timestamp ${this.#until}, aborting...`);
    if (!isLast) {
      this.#say(
        `Failed to truncate AOF ${path} to timestamp ${this.#until} to offset ${String(offset)} because it is not the last file.`,
      );
      this.#fail(
        "If you insist, please delete all files after this file according to the manifest file and delete the corresponding records in manifest file manually. Then re-run redis-check-aof.",
      );
    }
    this.#truncate(path, offset, `Failed to truncate AOF ${path} to timestamp ${this.#until}`);
    return true;
  }

  /** @returns the length of the dump */
  #checkDump(descriptor: number, name: string): number {
    this.#say(`[offset 0] Checking RDB file ${name}`);
    const reader = new RdbReader(new DumpCheck());
    try {
      reader.readFrom((target, offset, length) => this.#fileSystem.read(descriptor, target, offset, length));
    } catch (error) {
      if (!(error instanceof RdbError)) throw error;
      this.#say(`--- RDB ERROR DETECTED ---\n[offset ${String(error.offset)}] ${error.reason}`);
      this.#fail("RDB preamble of AOF file is not sane, aborting.");
    }
    this.#say(`[offset ${String(reader.consumedBytes)}] ${String.raw`\o/ RDB looks OK! \o/`}`);
    this.#say("RDB preamble is OK, proceeding with AOF tail...");
    return reader.consumedBytes;
  }

  #truncate(path: string, byteLength: number, failure: string): void {
    try {
      const descriptor = this.#fileSystem.open(path, "a");
      try {
        this.#fileSystem.truncate(descriptor, byteLength);
        this.#fileSystem.fsync(descriptor);
      } finally {
        closeQuietly(this.#fileSystem, descriptor);
      }
    } catch {
      this.#fail(failure);
    }
  }

  #isDump(path: string): boolean {
    const head = this.#head(path, SMALLEST_DUMP_BYTES);
    return head.length === SMALLEST_DUMP_BYTES && head.startsWith("REDIS");
  }

  /** Some line begins as those of manifests do. */
  #isManifest(path: string): boolean {
    const head = this.#head(path, PIECE_BYTES);
    return head.startsWith("file") || (head.startsWith("#") && head.includes("\nfile"));
  }

  #head(path: string, byteLength: number): string {
    const descriptor = this.#open(path, "");
    const bytes = new Uint8Array(byteLength);
    try {
      const count = this.#fileSystem.read(descriptor, bytes, 0, byteLength);
      return Buffer.from(bytes.subarray(0, count)).toString("latin1");
    } catch {
      return this.#fail(`Cannot read file: ${path}`);
    } finally {
      closeQuietly(this.#fileSystem, descriptor);
    }
  }

  #open(path: string, suffix: string): number {
    try {
      return this.#fileSystem.open(path, "r");
    } catch (error) {
      return this.#fail(`Cannot open file ${path}: ${errorReason(error)}${suffix}`);
    }
  }

  get #until(): string {
    return String(this.#task.untilSeconds ?? 0);
  }

  #sayAt(offset: number, problem: string): void {
    this.#say(`0x${offset.toString(16).padStart(16)}: ${problem}`);
  }

  #say(line: string): void {
    this.#io.print(`${line}\n`);
  }

  #fail(line: string): never {
    this.#say(line);
    throw new CheckFailed();
  }
}

/** Follows MULTI and EXEC, which must alternate. */
class TransactionCheck {
  isOpen = false;
  /** The one that came out of turn, or "". */
  unexpected = "";
  /** Where the last argument is. */
  offset = 0;

  command(reader: AofReader): void {
    const { bytes, words, wordCount } = reader;
    this.offset = reader.startOffset - reader.start + words[(wordCount - 1) * 2];
    const length = words[1];
    if (length !== 4 && length !== 5) return;
    const name = Buffer.from(bytes.subarray(words[0], words[0] + length))
      .toString("latin1")
      .toUpperCase();
    if (name !== "MULTI" && name !== "EXEC") return;
    if (this.isOpen === (name === "MULTI")) this.unexpected = name;
    this.isOpen = name === "MULTI";
  }
}

/** Builds each value, and throws it away. */
class DumpCheck implements RdbHandler {
  readonly #values = new ValueReader(
    new Keyspace({ heap: createHeap({ capacityBytes: HEAP_BYTES }), databaseCount: 1 }),
  );

  onValue(type: number): ValueReader {
    this.#values.begin(type);
    return this.#values;
  }

  onValueEnd(): void {
    this.#values.abandon();
  }

  onAux(): void {
    // Facts about the writer are always fine.
  }

  onSelectDatabase(): void {
    // Any number is.
  }

  onResizeDatabase(): void {
    // A hint.
  }

  onString(): void {
    // Bytes.
  }

  onSkipped(): void {
    // It was sound.
  }
}
