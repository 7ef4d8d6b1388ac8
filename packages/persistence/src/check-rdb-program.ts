/** The program sider-check-rdb without its process: arguments in, text out, and an exit code. */
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { parseArgs } from "node:util";
import { checkRdb } from "./check-rdb.ts";
import { RdbError } from "./rdb-format.ts";
import { rdbItemToJson } from "./rdb-json.ts";
import { readRdb } from "./read-rdb.ts";

const USAGE = `Usage: sider-check-rdb [--to-json [--document]] [--no-progress] <rdb-file-name>

Checks a dump file, as redis-check-rdb does. The exit code is 0 when it is sound, else 1.

  --to-json      Print what is in the file, one line of JSON for each key, instead of checking it.
  --document     With --to-json: one document, an array.
  --no-progress  No progress bar on a terminal.
  -h, --help     Print this.
  -v, --version  Print the version.
`;

const PIECE_BYTES = 256 * 1024;
const OUTPUT_BYTES = 64 * 1024;

/** What of a process the program uses. The writes are complete when they return. */
export interface CheckRdbProgram {
  readonly version: string;
  writeOutput(text: string): void;
  writeError(text: string): void;
  /** Columns of the terminal that the progress is shown on; 0: none. */
  readonly progressColumns: number;
}

interface Options {
  readonly path: string;
  readonly toJson: boolean;
  readonly isDocument: boolean;
  readonly showsProgress: boolean;
}

/** Runs the program with these arguments. Resolves with the exit code. */
export async function runCheckRdb(args: readonly string[], program: CheckRdbProgram): Promise<number> {
  const options = readOptions(args, program);
  if (typeof options === "number") return options;
  let descriptor: number;
  try {
    descriptor = openSync(options.path, "r");
  } catch (error) {
    program.writeError(`Cannot open file ${options.path}: ${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
  try {
    return await (options.toJson ? printJson(descriptor, options, program) : check(descriptor, options, program));
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    program.writeError(`${options.path}: ${error.message}\n`);
    return 1;
  } finally {
    closeSync(descriptor);
  }
}

function readOptions(args: readonly string[], program: CheckRdbProgram): Options | number {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        "to-json": { type: "boolean", default: false },
        document: { type: "boolean", default: false },
        "no-progress": { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
        version: { type: "boolean", short: "v", default: false },
      },
    });
    if (values.help || values.version) {
      program.writeOutput(values.help ? USAGE : `sider-check-rdb ${program.version}\n`);
      return 0;
    }
    const [path] = positionals;
    if (positionals.length === 1) {
      const { "to-json": toJson, document: isDocument } = values;
      return { path, toJson, isDocument, showsProgress: !values["no-progress"] && program.progressColumns > 0 };
    }
    program.writeError(USAGE);
  } catch (error) {
    program.writeError(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
  }
  return 1;
}

function check(descriptor: number, options: Options, program: CheckRdbProgram): number {
  const bar = new ProgressBar(descriptor, options, program);
  const isSound = checkRdb(
    options.path,
    (target, offset, length) => readSync(descriptor, target, offset, length, null),
    {
      line: (text) => {
        bar.clear();
        program.writeOutput(`${text}\n`);
      },
      progress: (consumedBytes) => {
        bar.show(consumedBytes);
      },
    },
  );
  bar.clear();
  return isSound ? 0 : 1;
}

async function printJson(descriptor: number, options: Options, program: CheckRdbProgram): Promise<number> {
  const bar = new ProgressBar(descriptor, options, program);
  const separator = options.isDocument ? ",\n" : "\n";
  let output = options.isDocument ? "[\n" : "";
  let count = 0;
  let exitCode = 0;
  try {
    for await (const item of readRdb(piecesOf(descriptor, bar))) {
      output += (count++ === 0 ? "" : separator) + rdbItemToJson(item);
      if (output.length < OUTPUT_BYTES) continue;
      program.writeOutput(output);
      output = "";
    }
  } catch (error) {
    if (!(error instanceof RdbError)) throw error;
    program.writeError(`${options.path}: ${error.message}\n`);
    exitCode = 1;
  }
  bar.clear();
  program.writeOutput(`${output}${count === 0 ? "" : "\n"}${options.isDocument ? "]\n" : ""}`);
  return exitCode;
}

function* piecesOf(descriptor: number, bar: ProgressBar): Generator<Uint8Array, void> {
  const piece = new Uint8Array(PIECE_BYTES);
  let consumedBytes = 0;
  for (;;) {
    const count = readSync(descriptor, piece, 0, PIECE_BYTES, null);
    if (count === 0) return;
    yield piece.subarray(0, count);
    consumedBytes += count;
    bar.show(consumedBytes);
  }
}

const BAR_MS = 100;
const BAR_CELLS_MAXIMUM = 40;
const TEXT_COLUMNS = 40;
const MEGABYTE = 1024 * 1024;

/** How far a file has been read, on one line of a terminal. */
class ProgressBar {
  readonly #program: CheckRdbProgram;
  readonly #isShown: boolean;
  readonly #totalBytes: number;
  readonly #startedMs = performance.now();
  #lastMs = performance.now();
  #isOnScreen = false;

  constructor(descriptor: number, options: Options, program: CheckRdbProgram) {
    this.#program = program;
    this.#totalBytes = fstatSync(descriptor).size;
    this.#isShown = options.showsProgress && this.#totalBytes > 0;
  }

  show(consumedBytes: number): void {
    const nowMs = performance.now();
    if (!this.#isShown || nowMs - this.#lastMs < BAR_MS) return;
    this.#lastMs = nowMs;
    this.#isOnScreen = true;
    const part = Math.min(1, consumedBytes / this.#totalBytes);
    const cells = Math.max(0, Math.min(BAR_CELLS_MAXIMUM, this.#program.progressColumns - TEXT_COLUMNS));
    const full = Math.floor(part * cells);
    const bar = `[${"#".repeat(full)}${" ".repeat(cells - full)}]`;
    const secondsLeft = Math.ceil(((nowMs - this.#startedMs) / 1000) * (1 / Math.max(part, 1e-9) - 1));
    const megabytes = `${(consumedBytes / MEGABYTE).toFixed(1)} of ${(this.#totalBytes / MEGABYTE).toFixed(1)} MB`;
    const percent = String(Math.floor(part * 100)).padStart(3);
    this.#program.writeError(`\r\x1b[K${bar} ${percent}%  ${megabytes}, ${String(secondsLeft)} s left`);
  }

  /** Takes the bar off the screen, so that a line can be written. */
  clear(): void {
    if (this.#isOnScreen) this.#program.writeError("\r\x1b[K");
    this.#isOnScreen = false;
  }
}
