/**
 * Tells a file that ends too early from one with a wrong length in its middle. Both look alike: more bytes are announced than
 * there are. But behind a wrong length the commands go on, and a command that was cut off has none in it.
 */

import type { FileSystem } from "../file-system.ts";
import { AofReader } from "./aof-reader.ts";

const PIECE_BYTES = 64 * 1024;
const CR = 13;
const LF = 10;
const ARRAY = 42; // *
/** What is looked at for each place where a command may begin, and how many places. */
const COMMANDS = 4;
const MAX_PLACES = 4096;

/**
 * Where behind `from` a whole command begins, preceded by a line end and followed by others or by the end; -1: nowhere.
 * O(bytes behind it).
 */
export function findCommand(fileSystem: FileSystem, descriptor: number, from: number): number {
  const piece = new Uint8Array(PIECE_BYTES);
  let places = 0;
  for (let offset = from; ; offset += PIECE_BYTES - 2) {
    const count = fileSystem.read(descriptor, piece, 0, PIECE_BYTES, offset);
    for (let at = 0; at + 2 < count; at++) {
      if (piece[at] !== CR || piece[at + 1] !== LF || piece[at + 2] !== ARRAY) continue;
      if (isCommand(fileSystem, descriptor, offset + at + 2)) return offset + at + 2;
      if (++places === MAX_PLACES) return -1;
    }
    if (count < PIECE_BYTES) return -1;
  }
}

function isCommand(fileSystem: FileSystem, descriptor: number, offset: number): boolean {
  const reader = new AofReader(fileSystem, descriptor, { offset, windowBytes: 256 });
  for (let found = 0; found < COMMANDS; found++) {
    const item = reader.next();
    if (item === "damaged" || (found === 0 && item !== "command")) return false;
    if (item === "end" || item === "torn") return true;
  }
  return true;
}
