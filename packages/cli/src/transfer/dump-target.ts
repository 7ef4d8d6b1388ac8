/**
 * Where a dump that is fetched goes to: standard output or a file. A file appears under its name once it is complete and on the disk;
 * until then it has another name beside it, so that what was there before stays, and no half dump is taken for a whole one. What is
 * no ordinary file (a device, a named pipe) is written to as it is.
 */
import {
  closeSync,
  constants,
  fchmodSync,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
  type Stats,
} from "node:fs";
import { dirname } from "node:path";
import { binaryOf } from "../format/printer.ts";
import { ModeFailure } from "../modes/mode-failure.ts";
import type { ModeContext } from "../modes/mode-context.ts";
import { systemErrorText } from "./system-error.ts";

export interface DumpTarget {
  /** Writes bytes, which may change afterwards. Throws a ModeFailure. */
  write(bytes: Uint8Array): void;
  /** All has been written. Throws a ModeFailure. */
  finish(): void;
  /** Takes away what has been written. Does nothing after `finish`. */
  abandon(): void;
}

const NEW_FILE_MODE = 0o644;

/** Opens the file that the command line names. Throws a ModeFailure. */
export function openDumpTarget(path: string, context: ModeContext): DumpTarget {
  if (path === "-") return standardOutput(context);
  const before = statusOf(path);
  return before === undefined || before.isFile()
    ? new DumpFile(path, before, context.process.pid)
    : new DumpDevice(path);
}

function standardOutput({ screen }: ModeContext): DumpTarget {
  return {
    write: (bytes) => screen.out.addBytes(bytes.slice()),
    finish: () => screen.out.flush(),
    abandon: () => screen.out.flush(),
  };
}

class DumpFile implements DumpTarget {
  private readonly path: string;
  private readonly finalPath: string;
  private readonly temporaryPath: string;
  private readonly descriptor: number;
  private isOver = false;

  constructor(path: string, before: Stats | undefined, processId: number) {
    this.path = path;
    // A symbolic link stays one.
    this.finalPath = before === undefined ? path : realpathSync(path);
    this.temporaryPath = `${this.finalPath}.${processId}.tmp`;
    this.descriptor = open(path, this.temporaryPath, "w");
    if (before !== undefined) fchmodSync(this.descriptor, before.mode & 0o777);
  }

  write(bytes: Uint8Array): void {
    writeAll(this.descriptor, bytes);
  }

  finish(): void {
    synchronise(this.descriptor, this.path);
    try {
      renameSync(this.temporaryPath, this.finalPath);
    } catch (error) {
      throw new ModeFailure(binaryOf(`Error renaming to '${this.path}': ${systemErrorText(error)}`), { cause: error });
    }
    this.isOver = true;
    closeSync(this.descriptor);
    synchroniseFolder(dirname(this.finalPath));
  }

  abandon(): void {
    if (this.isOver) return;
    this.isOver = true;
    closeSync(this.descriptor);
    rmSync(this.temporaryPath, { force: true });
  }
}

class DumpDevice implements DumpTarget {
  private readonly descriptor: number;

  constructor(path: string) {
    this.descriptor = open(path, path, constants.O_WRONLY);
  }

  write(bytes: Uint8Array): void {
    writeAll(this.descriptor, bytes);
  }

  finish(): void {
    closeSync(this.descriptor);
  }

  abandon(): void {
    // Nothing can be taken back from a device.
  }
}

function statusOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}

function open(shownPath: string, path: string, flags: string | number): number {
  try {
    return openSync(path, flags, NEW_FILE_MODE);
  } catch (error) {
    throw new ModeFailure(binaryOf(`Error opening '${shownPath}': ${systemErrorText(error)}`), { cause: error });
  }
}

function writeAll(descriptor: number, bytes: Uint8Array): void {
  try {
    for (let at = 0; at < bytes.length;) at += writeSync(descriptor, bytes, at);
  } catch (error) {
    throw new ModeFailure(`Error writing data to file: ${systemErrorText(error)}`, { cause: error });
  }
}

function synchronise(descriptor: number, path: string): void {
  try {
    fsyncSync(descriptor);
  } catch (error) {
    throw new ModeFailure(binaryOf(`Fail to fsync '${path}': ${systemErrorText(error)}`), { cause: error });
  }
}

/** The new name survives a power failure too; where folders cannot be synchronised there is nothing to be done. */
function synchroniseFolder(path: string): void {
  try {
    const descriptor = openSync(path, "r");
    fsyncSync(descriptor);
    closeSync(descriptor);
  } catch {
    return;
  }
}
