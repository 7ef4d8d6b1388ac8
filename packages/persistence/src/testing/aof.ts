/** Append only files in tests: commands, a logger that remembers, and a data set that is nothing but a count. */

import { dirname } from "node:path";
import type { AofHandler } from "../aof/aof-loader.ts";
import type { AofLogger } from "../aof/aof-format.ts";
import { syncDirectory, writeAll } from "../file-steps.ts";
import type { FileSystem } from "../file-system.ts";
import type { RdbHandler } from "../rdb-handler.ts";
import { bytesOf, CollectingHandler, dumpOf, entry, joined, latin1 } from "./dumps.ts";

/** A command as it stands in a file. Latin-1. */
export function request(...words: readonly string[]): Uint8Array {
  return joined(
    `*${String(words.length)}\r\n`,
    ...words.map((word) => `$${String(bytesOf(word).length)}\r\n${word}\r\n`),
  );
}

export class LogLines implements AofLogger {
  readonly lines: string[] = [];

  notice(line: string): void {
    this.lines.push(`* ${line}`);
  }

  warning(line: string): void {
    this.lines.push(`# ${line}`);
  }

  get text(): string {
    return this.lines.join("\n");
  }
}

/** Remembers the commands that it gets, as text, and the keys of dumps; knows transactions. */
export class CommandCollector implements AofHandler {
  readonly files: string[] = [];
  readonly commands: string[] = [];
  readonly dump = new CollectingHandler();
  #inTransaction = false;

  beginFile(name: string): void {
    this.files.push(name);
    this.#inTransaction = false;
  }

  beginDump(): RdbHandler {
    return this.dump;
  }

  command(bytes: Uint8Array, _start: number, _end: number, words: Int32Array, wordCount: number): boolean {
    const text: string[] = [];
    for (let word = 0; word < wordCount; word++) text.push(latin1(bytes, words[word * 2], words[word * 2 + 1]));
    this.commands.push(text.join(" "));
    if (text[0] === "MULTI") this.#inTransaction = true;
    if (text[0] === "EXEC") this.#inTransaction = false;
    return !this.#inTransaction;
  }
}

/**
 * A data set that is a count: `ADD n` must follow n-1; a base says `COUNT n`, or has the key "count". What is inside a
 * transaction counts at its EXEC.
 */
export class Counter implements AofHandler {
  count = 0;
  #pending: number[] | null = null;

  beginFile(): void {
    this.#pending = null;
  }

  beginDump(): RdbHandler {
    const handler = new CollectingHandler();
    handler.onString = (_key, _keyOffset, _keyLength, bytes, offset, length) => {
      this.count = Number(latin1(bytes, offset, length));
    };
    return handler;
  }

  command(bytes: Uint8Array, _start: number, _end: number, words: Int32Array): boolean {
    const name = latin1(bytes, words[0], words[1]);
    if (name === "MULTI") this.#pending = [];
    else if (name === "EXEC") {
      for (const one of this.#pending ?? []) this.#add(one);
      this.#pending = null;
    } else {
      const value = Number(latin1(bytes, words[2], words[3]));
      if (name === "COUNT") this.count = value;
      else if (this.#pending === null) this.#add(value);
      else this.#pending.push(value);
    }
    return this.#pending === null;
  }

  #add(value: number): void {
    if (value !== this.count + 1) throw new Error(`ADD ${String(value)} follows ${String(this.count)}`);
    this.count = value;
  }
}

/** The bytes of a base that holds a count. */
export function countBase(count: number, rdb: boolean): Uint8Array {
  return rdb ? dumpOf([entry("count", String(count))], { version: 10 }) : request("COUNT", String(count));
}

/** Writes a file as snapshots are written: durable before it has its name. */
export function placeDurably(fileSystem: FileSystem, path: string, bytes: Uint8Array): void {
  const temporary = `${path}.temporary`;
  const descriptor = fileSystem.open(temporary, "w");
  try {
    writeAll(fileSystem, descriptor, bytes, 0, bytes.length);
    fileSystem.fsync(descriptor);
  } finally {
    fileSystem.close(descriptor);
  }
  fileSystem.rename(temporary, path);
  syncDirectory(fileSystem, dirname(path));
}
