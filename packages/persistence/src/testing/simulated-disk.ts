/**
 * A disk in memory that behaves as badly as a real one may. What was written is seen at once, and is durable only
 * after a sync; `crash()` then keeps of each file and of each directory some prefix of what was not synced:
 *
 *     file       durable bytes + any prefix of the changes since (the last of them in part, or as zeros)
 *     directory  durable names + any prefix of the creations, renames and removals since
 *
 * Faults are decided by a function that is asked before each operation. Times are the caller's: a sync "later" is done when the test says so.
 */

import { dirname, normalize } from "node:path";
import type { FileSystem, OpenMode, PathKind } from "../file-system.ts";

/** Operations that may fail. */
export type DiskOperation = "open" | "read" | "write" | "truncate" | "sync" | "rename" | "unlink" | "makeDirectory";

/**
 * Says how an operation fails: the code of an error such as ENOSPC, or null. Of a write it may also say, as a number, how many
 * bytes are taken: fewer than asked for.
 */
export type Faults = (operation: DiskOperation, path: string, byteLength: number) => string | number | null;

/** 0 <= result < limit */
export type Below = (limit: number) => number;

/** A change of a file since its last sync. */
type FileChange =
  | { readonly kind: "write"; readonly at: number; readonly bytes: Uint8Array }
  | { readonly kind: "truncate"; readonly byteLength: number };

/** A name that a directory gets or, with null, loses. Where a file moves to another directory it loses the name only after it has got one there. */
interface NameChange {
  readonly name: string;
  readonly node: Node | null;
  readonly after: NameChange | null;
}

interface FileNode {
  readonly kind: "file";
  bytes: Bytes;
  durable: Bytes;
  changes: FileChange[];
}

interface DirectoryNode {
  readonly kind: "directory";
  names: Map<string, Node>;
  durable: Map<string, Node>;
  changes: NameChange[];
}

type Node = FileNode | DirectoryNode;

interface OpenFile {
  readonly node: Node;
  readonly path: string;
  readonly mode: OpenMode;
  position: number;
}

interface LaterSync {
  readonly descriptor: number;
  readonly done: (error: Error | null) => void;
}

export class SimulatedDisk implements FileSystem {
  /** Nothing fails unless a test sets this. */
  faults: Faults = () => null;
  #root = newDirectory();
  readonly #directories = [this.#root];
  readonly #durableNames = new Set<NameChange>();
  #open = new Map<number, OpenFile>();
  #later: LaterSync[] = [];
  #nextDescriptor = 3;

  /** How many syncs wait to be done by `finishSync`. */
  get pendingSyncs(): number {
    return this.#later.length;
  }

  /** Descriptors that are open, for a test that looks for leaks. */
  get openDescriptors(): number {
    return this.#open.size;
  }

  open(path: string, mode: OpenMode): number {
    this.#mayFail("open", path);
    const node = this.#find(path) ?? this.#create(path, mode);
    if (mode !== "r" && node.kind === "directory") throw systemError("EISDIR", "open", path);
    if (mode === "w" && node.kind === "file") cut(node, 0);
    const descriptor = this.#nextDescriptor++;
    this.#open.set(descriptor, { node, path, mode, position: 0 });
    return descriptor;
  }

  read(descriptor: number, target: Uint8Array, offset: number, length: number, position?: number): number {
    const file = this.#file(descriptor, "read");
    this.#mayFail("read", file.path);
    const at = position ?? file.position;
    const count = Math.max(0, Math.min(length, file.node.bytes.length - at));
    target.set(file.node.bytes.view(at, at + count), offset);
    if (position === undefined) file.position += count;
    return count;
  }

  write(descriptor: number, bytes: Uint8Array, offset: number, length: number): number {
    const file = this.#file(descriptor, "write");
    if (file.mode === "r") throw systemError("EBADF", "write", file.path);
    const fault = this.faults("write", file.path, length);
    if (typeof fault === "string") throw systemError(fault, "write", file.path);
    const count = fault === null ? length : Math.min(fault, length);
    const at = file.mode === "a" ? file.node.bytes.length : file.position;
    const written = bytes.slice(offset, offset + count);
    file.node.bytes.put(at, written);
    file.node.changes.push({ kind: "write", at, bytes: written });
    file.position = at + count;
    return count;
  }

  truncate(descriptor: number, byteLength: number): void {
    const file = this.#file(descriptor, "truncate");
    if (file.mode === "r") throw systemError("EINVAL", "ftruncate", file.path);
    this.#mayFail("truncate", file.path);
    cut(file.node, byteLength);
  }

  size(descriptor: number): number {
    return this.#file(descriptor, "fstat").node.bytes.length;
  }

  fsync(descriptor: number): void {
    const { node, path } = this.#entry(descriptor, "fsync");
    this.#mayFail("sync", path);
    this.#makeDurable(node);
  }

  syncData(descriptor: number): void {
    this.fsync(descriptor);
  }

  syncDataLater(descriptor: number, done: (error: Error | null) => void): void {
    this.#entry(descriptor, "fdatasync");
    this.#later.push({ descriptor, done });
  }

  /** Does the oldest sync that waits, and tells who asked for it. */
  finishSync(): void {
    const sync = this.#later.shift();
    if (sync === undefined) return;
    let failure: Error | null = null;
    try {
      this.fsync(sync.descriptor);
    } catch (error) {
      failure = error as Error;
    }
    sync.done(failure);
  }

  close(descriptor: number): void {
    const { path } = this.#entry(descriptor, "close");
    if (this.#later.some((sync) => sync.descriptor === descriptor)) {
      throw new Error(`${path} is closed while a sync of it runs: another file could get its descriptor`);
    }
    this.#open.delete(descriptor);
  }

  closeLater(descriptor: number): void {
    this.close(descriptor);
  }

  rename(from: string, to: string): void {
    this.#mayFail("rename", from);
    const node = this.#find(from);
    if (node === null) throw systemError("ENOENT", "rename", from);
    const target = this.#directoryOf(to, "rename");
    if (target === this.#directoryOf(from, "rename")) {
      // One change of one directory: after a crash the file has one of the two names.
      setName(target, `${nameIn(from)}/${nameIn(to)}`, node);
      return;
    }
    const moved = setName(target, nameIn(to), node);
    setName(this.#directoryOf(from, "rename"), nameIn(from), null, moved);
  }

  unlink(path: string): void {
    this.#mayFail("unlink", path);
    if (this.#find(path) === null) throw systemError("ENOENT", "unlink", path);
    setName(this.#directoryOf(path, "unlink"), nameIn(path), null);
  }

  kind(path: string): PathKind {
    return this.#find(path)?.kind ?? null;
  }

  sizeAt(path: string): number {
    const node = this.#find(path);
    if (node === null) throw systemError("ENOENT", "stat", path);
    return node.kind === "file" ? node.bytes.length : 0;
  }

  list(path: string): string[] {
    const node = this.#find(path);
    if (node === null) throw systemError("ENOENT", "scandir", path);
    if (node.kind === "file") throw systemError("ENOTDIR", "scandir", path);
    return [...node.names.keys()].sort();
  }

  makeDirectory(path: string): void {
    this.#mayFail("makeDirectory", path);
    if (this.#find(path) !== null) throw systemError("EEXIST", "mkdir", path);
    const made = newDirectory();
    this.#directories.push(made);
    setName(this.#directoryOf(path, "mkdir"), nameIn(path), made);
  }

  /** The bytes of a file, as its readers see them. */
  contents(path: string): Uint8Array {
    const node = this.#find(path);
    if (node?.kind !== "file") throw systemError("ENOENT", "open", path);
    return node.bytes.view(0, node.bytes.length).slice();
  }

  /** A file that is there and durable, for the beginning of a test. */
  place(path: string, bytes: Uint8Array): void {
    const descriptor = this.open(path, "w");
    this.write(descriptor, bytes, 0, bytes.length);
    this.fsync(descriptor);
    this.close(descriptor);
    this.#makeDurable(this.#directoryOf(path, "open"));
  }

  /** The process is killed: descriptors are gone; what was written stays. */
  kill(): void {
    this.#open = new Map();
    this.#later = [];
  }

  /** The power fails: see above. What is left is durable. */
  crash(below: Below): void {
    this.kill();
    for (const directory of this.#directories) {
      for (const change of directory.changes.slice(below(directory.changes.length + 1))) drop(directory, change);
    }
    for (const directory of this.#directories) this.#makeDurable(directory);
    const files = new Set(this.#directories.flatMap((directory) => [...directory.durable.values()]));
    for (const directory of this.#directories) {
      directory.names = new Map(directory.durable);
      directory.changes = [];
    }
    for (const node of files) if (node.kind === "file") crashFile(node, below);
  }

  /** A name that a move waits for is kept until the move's other half is durable. */
  #makeDurable(node: Node): void {
    if (node.kind === "file") {
      for (const change of node.changes) applyChange(node.durable, change);
      node.changes = [];
      return;
    }
    const waiting = node.changes.filter(({ after }) => after !== null && !this.#durableNames.has(after));
    for (const change of node.changes) {
      if (waiting.includes(change)) continue;
      applyName(node.durable, change);
      this.#durableNames.add(change);
    }
    node.changes = waiting;
  }

  #mayFail(operation: DiskOperation, path: string): void {
    const fault = this.faults(operation, path, 0);
    if (typeof fault === "string") throw systemError(fault, operation, path);
  }

  #find(path: string): Node | null {
    let node: Node | undefined = this.#root;
    for (const name of namesOf(path)) {
      node = node?.kind === "directory" ? node.names.get(name) : undefined;
    }
    return node ?? null;
  }

  #create(path: string, mode: OpenMode): Node {
    if (mode === "r") throw systemError("ENOENT", "open", path);
    const node: FileNode = { kind: "file", bytes: new Bytes(), durable: new Bytes(), changes: [] };
    setName(this.#directoryOf(path, "open"), nameIn(path), node);
    return node;
  }

  #directoryOf(path: string, operation: string): DirectoryNode {
    const node = this.#find(dirname(normalize(path)));
    if (node?.kind !== "directory") throw systemError("ENOENT", operation, path);
    return node;
  }

  #entry(descriptor: number, operation: string): OpenFile {
    const file = this.#open.get(descriptor);
    if (file === undefined) throw systemError("EBADF", operation, String(descriptor));
    return file;
  }

  #file(descriptor: number, operation: string): OpenFile & { readonly node: FileNode } {
    const file = this.#entry(descriptor, operation);
    if (file.node.kind === "directory") throw systemError("EISDIR", operation, file.path);
    return file as OpenFile & { readonly node: FileNode };
  }
}

/** Bytes that grow at their end without being copied each time. */
class Bytes {
  length = 0;
  #buffer = new Uint8Array(0);

  view(start: number, end: number): Uint8Array {
    return this.#buffer.subarray(start, end);
  }

  /** Writes at a position; a gap before it is zeros. */
  put(at: number, bytes: Uint8Array): void {
    this.resize(Math.max(this.length, at + bytes.length));
    this.#buffer.set(bytes, at);
  }

  resize(byteLength: number): void {
    if (byteLength > this.#buffer.length) {
      const larger = new Uint8Array(Math.max(byteLength, this.#buffer.length * 2, 256));
      larger.set(this.#buffer.subarray(0, this.length));
      this.#buffer = larger;
    }
    if (byteLength < this.length) this.#buffer.fill(0, byteLength, this.length);
    this.length = byteLength;
  }

  copy(): Bytes {
    const copied = new Bytes();
    copied.put(0, this.view(0, this.length));
    return copied;
  }
}

function newDirectory(): DirectoryNode {
  return { kind: "directory", names: new Map(), durable: new Map(), changes: [] };
}

function namesOf(path: string): string[] {
  return normalize(path)
    .split(/[/\\]/)
    .filter((name) => name !== "" && name !== ".");
}

function nameIn(path: string): string {
  return namesOf(path).at(-1) ?? "";
}

function setName(
  directory: DirectoryNode,
  name: string,
  node: Node | null,
  after: NameChange | null = null,
): NameChange {
  const change = { name, node, after };
  directory.changes.push(change);
  applyName(directory.names, change);
  return change;
}

function drop(directory: DirectoryNode, change: NameChange): void {
  directory.changes = directory.changes.filter((other) => other !== change);
}

/** A rename inside a directory is `from/to`: no name has a slash. */
function applyName(names: Map<string, Node>, { name, node }: NameChange): void {
  const [from, to] = name.split("/");
  if (node === null || to !== undefined) names.delete(from);
  if (node !== null) names.set(to ?? from, node);
}

function cut(node: FileNode, byteLength: number): void {
  if (byteLength === node.bytes.length) return;
  node.bytes.resize(byteLength);
  node.changes.push({ kind: "truncate", byteLength });
}

function applyChange(bytes: Bytes, change: FileChange): void {
  if (change.kind === "write") bytes.put(change.at, change.bytes);
  else bytes.resize(change.byteLength);
}

function crashFile(node: FileNode, below: Below): void {
  const kept = below(node.changes.length + 1);
  for (const change of node.changes.slice(0, kept)) applyChange(node.durable, change);
  const torn = node.changes.at(kept);
  if (torn?.kind === "write") tear(node.durable, torn.at, torn.bytes, below);
  node.bytes = node.durable.copy();
  node.changes = [];
}

/** Of the write during which the power failed: nothing, a part, a part and zeros (the length was on disk before the bytes), or only zeros. */
function tear(durable: Bytes, at: number, bytes: Uint8Array, below: Below): void {
  if (below(4) === 0) return;
  const written = below(3) === 0 ? 0 : below(bytes.length + 1);
  durable.put(at, bytes.subarray(0, written));
  if (below(2) === 0)
    durable.put(at + written, new Uint8Array(below(bytes.length - written + 1) + (below(8) === 0 ? below(4096) : 0)));
}

/** An error as Node's file functions throw it. */
export function systemError(code: string, operation: string, path: string): Error {
  return Object.assign(new Error(`${code}: simulated, ${operation} '${path}'`), { code });
}
