/**
 * The manifest of a multi-part append only file, as Redis 7 writes it: which files there are, and in which order they load.
 *
 *     file appendonly.aof.2.base.rdb seq 2 type b      base: the data at the last rewrite; at most one, first
 *     file appendonly.aof.1.incr.aof seq 1 type h      history: replaced by a rewrite, to be deleted
 *     file appendonly.aof.2.incr.aof seq 2 type i      increment: the changes since, in ascending order
 *
 * Lines that begin with # and keys that are not known are passed over. This file knows the text and the names, not the disk.
 */

import { quoteWord, splitWords } from "./manifest-words.ts";

export type AofFileType = "b" | "h" | "i";

export interface AofFileInfo {
  readonly name: string;
  readonly sequence: number;
  readonly type: AofFileType;
}

/** A value: a change makes a new one. */
export interface AofManifest {
  readonly base: AofFileInfo | null;
  readonly history: readonly AofFileInfo[];
  readonly increments: readonly AofFileInfo[];
  /** Of the last base and the last increment that were ever there; 0: none. */
  readonly baseSequence: number;
  readonly incrementSequence: number;
}

export const EMPTY_MANIFEST: AofManifest = {
  base: null,
  history: [],
  increments: [],
  baseSequence: 0,
  incrementSequence: 0,
};

/** A line with its end must be shorter: Redis reads pieces of this size. */
const MAX_LINE_BYTES = 1024;
const FORMAT = "Invalid AOF manifest file format";

/** A manifest that is not one. The message is Redis's; the line is as it was read, "" where there is none to show. */
export class ManifestError extends Error {
  override readonly name = "ManifestError";
  readonly lineNumber: number;
  readonly line: string;

  constructor(reason: string, lineNumber: number, line: string) {
    super(reason);
    this.lineNumber = lineNumber;
    this.line = line;
  }
}

export function manifestName(fileName: string): string {
  return `${fileName}.manifest`;
}

export function temporaryManifestName(fileName: string): string {
  return `temp-${fileName}.manifest`;
}

/** Where changes go while the first rewrite after `appendonly yes` runs. */
export function temporaryIncrementName(fileName: string): string {
  return `temp-${fileName}.incr`;
}

/** The files to load, in this order. */
export function filesToLoad(manifest: AofManifest): AofFileInfo[] {
  return manifest.base === null ? [...manifest.increments] : [manifest.base, ...manifest.increments];
}

/** Adds an increment behind the others. */
export function withNewIncrement(manifest: AofManifest, fileName: string): AofManifest {
  const sequence = manifest.incrementSequence + 1;
  const added: AofFileInfo = { name: `${fileName}.${String(sequence)}.incr.aof`, sequence, type: "i" };
  return { ...manifest, increments: [...manifest.increments, added], incrementSequence: sequence };
}

/** Adds a base, and makes the one before history. @param rdb whether it is a dump, or commands */
export function withNewBase(manifest: AofManifest, fileName: string, rdb: boolean): AofManifest {
  const sequence = manifest.baseSequence + 1;
  const name = `${fileName}.${String(sequence)}.base.${rdb ? "rdb" : "aof"}`;
  const history = manifest.base === null ? manifest.history : [asHistory(manifest.base), ...manifest.history];
  return { ...manifest, base: { name, sequence, type: "b" }, history, baseSequence: sequence };
}

/** Makes increments history: all, or all but the last, which is still written to. */
export function withIncrementsAsHistory(manifest: AofManifest, keepLast: boolean): AofManifest {
  const count = manifest.increments.length - (keepLast ? 1 : 0);
  const old = manifest.increments.slice(0, count).map(asHistory).reverse();
  return { ...manifest, history: [...old, ...manifest.history], increments: manifest.increments.slice(count) };
}

export function withoutHistory(manifest: AofManifest): AofManifest {
  return { ...manifest, history: [] };
}

/** The bytes of the file. */
export function formatManifest(manifest: AofManifest): Uint8Array {
  const files = [...(manifest.base === null ? [] : [manifest.base]), ...manifest.history, ...manifest.increments];
  const lines = files.map(({ name, sequence, type }) => {
    const quoted = quoteWord(Buffer.from(name, "utf8").toString("latin1"));
    return `file ${quoted} seq ${String(sequence)} type ${type}\n`;
  });
  return new Uint8Array(Buffer.from(lines.join(""), "latin1"));
}

/** @throws ManifestError */
export function parseManifest(bytes: Uint8Array): AofManifest {
  const lines = Buffer.from(bytes).toString("latin1").split("\n");
  const unfinished = lines.pop() ?? "";
  if (lines.length === 0 && unfinished === "") throw new ManifestError("Found an empty AOF manifest", 0, "");
  let manifest = EMPTY_MANIFEST;
  for (const [at, line] of lines.entries()) {
    if (line.length >= MAX_LINE_BYTES) throw tooLong(at + 1);
    if (!line.startsWith("#")) manifest = withLine(manifest, line, at + 1);
  }
  if (unfinished !== "" && !unfinished.startsWith("#")) throw tooLong(lines.length + 1);
  return manifest;
}

/** Also what Redis says of a last line without an end. */
function tooLong(lineNumber: number): ManifestError {
  return new ManifestError("The AOF manifest file contains too long line", lineNumber, "");
}

function withLine(manifest: AofManifest, text: string, lineNumber: number): AofManifest {
  const line = text.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, "");
  const file = parseLine(line, lineNumber);
  const fail = (reason: string): never => {
    throw new ManifestError(reason, lineNumber, line);
  };
  switch (file.type) {
    case "b":
      if (manifest.base !== null) fail("Found duplicate base file information");
      return { ...manifest, base: file, baseSequence: Math.max(manifest.baseSequence, file.sequence) };
    case "i":
      if (file.sequence <= (manifest.increments.at(-1)?.sequence ?? 0)) fail("Found a non-monotonic sequence number");
      return {
        ...manifest,
        increments: [...manifest.increments, file],
        incrementSequence: Math.max(manifest.incrementSequence, file.sequence),
      };
    default:
      return withHistory(manifest, file);
  }
}

/** Its name is not given again: the file may still be there, and is to be deleted. Redis counts on from the files in use only. */
function withHistory(manifest: AofManifest, file: AofFileInfo): AofManifest {
  const history = [...manifest.history, file];
  const { sequence } = file;
  if (/\.incr\.aof$/.test(file.name)) {
    return { ...manifest, history, incrementSequence: Math.max(manifest.incrementSequence, sequence) };
  }
  return { ...manifest, history, baseSequence: Math.max(manifest.baseSequence, sequence) };
}

function parseLine(line: string, lineNumber: number): AofFileInfo {
  const words = line === "" ? null : splitWords(line);
  if (words === null || words.length < 6 || words.length % 2 !== 0) throw new ManifestError(FORMAT, lineNumber, line);
  let name = "";
  let sequence = 0;
  let type = "";
  for (let at = 0; at < words.length; at += 2) {
    const value = words[at + 1];
    switch (words[at].toLowerCase()) {
      case "file":
        name = Buffer.from(value, "latin1").toString("utf8");
        if (/[/\\]/.test(name)) {
          throw new ManifestError("File can't be a path, just a filename", lineNumber, line);
        }
        break;
      case "seq":
        sequence = parseSequence(value);
        break;
      case "type":
        type = value.slice(0, 1);
        break;
    }
  }
  if (name === "" || sequence === 0 || type === "") throw new ManifestError(FORMAT, lineNumber, line);
  if (type !== "b" && type !== "h" && type !== "i") {
    throw new ManifestError("Unknown AOF file type", lineNumber, line);
  }
  return { name, sequence, type };
}

/** As far as it is a number, as the C library reads one; 0 where it is none or one that cannot be counted on from. */
function parseSequence(text: string): number {
  const value = Number.parseInt(text, 10);
  return Number.isSafeInteger(value) && value < Number.MAX_SAFE_INTEGER ? value : 0;
}

function asHistory(file: AofFileInfo): AofFileInfo {
  return { ...file, type: "h" };
}
