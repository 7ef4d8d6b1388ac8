import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { FileError, type FileSystem, nodeFileSystem } from "./file-system.ts";
import { loadRdbFile, saveRdbFile } from "./rdb-file.ts";
import type { RdbWriter } from "./rdb-writer.ts";
import { CollectingHandler, entry, writeEntries } from "./testing/dumps.ts";
import { removeDirectory, temporaryDirectory } from "./testing/oracle.ts";

const entries = [entry("a", "1"), entry("b", "x".repeat(200_000)), entry("c", "3", { database: 2, expireAtMs: 5 })];

let directory = "";
let path = "";

beforeEach(() => {
  directory = temporaryDirectory();
  path = join(directory, "dump.rdb");
});

afterEach(() => {
  removeDirectory(directory);
});

function write(writer: RdbWriter): void {
  writer.header();
  writeEntries(writer, entries);
}

function systemError(code: string): Error {
  return Object.assign(new Error(`${code}: injected`), { code });
}

/** The machine's file system with some operations replaced. */
function faulty(replaced: Partial<FileSystem>): { fileSystem: FileSystem } {
  return { fileSystem: { ...nodeFileSystem, ...replaced } };
}

function failure(action: () => unknown): FileError {
  try {
    action();
  } catch (error) {
    if (error instanceof FileError) return error;
    throw error;
  }
  throw new Error("no error");
}

test("a saved file loads equal, and no other file is left", () => {
  const byteLength = saveRdbFile(path, write, { compression: false });
  expect(readFileSync(path).length).toBe(byteLength);
  expect(readdirSync(directory)).toEqual(["dump.rdb"]);
  const handler = new CollectingHandler();
  const report = loadRdbFile(path, handler);
  expect(handler.entries).toEqual(entries);
  expect(report).toEqual({ version: 11, entryCount: 3, byteLength, checksumState: "verified" });
});

test("a missing file is no error, an unreadable one is", () => {
  expect(loadRdbFile(path, new CollectingHandler())).toBeNull();
  mkdirSync(path);
  expect(failure(() => loadRdbFile(path, new CollectingHandler()))).toMatchObject({
    operation: "read",
    code: "EISDIR",
  });
  const open = (): never => {
    throw systemError("EACCES");
  };
  const refused = failure(() => loadRdbFile(path, new CollectingHandler(), faulty({ open })));
  expect(refused).toMatchObject({ operation: "open", code: "EACCES" });
});

test("a corrupt file stops the load and stays as it is", () => {
  saveRdbFile(path, write);
  const bytes = readFileSync(path);
  bytes[bytes.length - 12] = 77;
  writeFileSync(path, bytes);
  expect(() => loadRdbFile(path, new CollectingHandler())).toThrow(/^RDB \w+ at byte \d+: /);
  expect(readFileSync(path).equals(bytes)).toBe(true);
  writeFileSync(path, "");
  expect(() => loadRdbFile(path, new CollectingHandler())).toThrow("RDB truncated at byte 0");
});

test("short writes are continued", () => {
  const short = faulty({
    write: (descriptor, bytes, offset, length) =>
      nodeFileSystem.write(descriptor, bytes, offset, Math.min(length, 1000)),
  });
  saveRdbFile(path, write, short);
  const handler = new CollectingHandler();
  loadRdbFile(path, handler);
  expect(handler.entries).toEqual(entries);
});

test("whatever fails, the old file stays and the temporary one goes", () => {
  writeFileSync(path, "the old dump");
  let writes = 0;
  const fail = (code: string) => (): never => {
    throw systemError(code);
  };
  const faults: [string, string, Partial<FileSystem>][] = [
    ["create", "EACCES", { open: fail("EACCES") }],
    ["write", "ENOSPC", { write: fail("ENOSPC") }],
    ["write", "", { write: () => 0 }],
    [
      "write",
      "ENOSPC",
      {
        write: (descriptor, bytes, offset, length) =>
          ++writes > 1 ? fail("ENOSPC")() : nodeFileSystem.write(descriptor, bytes, offset, length),
      },
    ],
    ["sync", "EIO", { fsync: fail("EIO") }],
    ["close", "EIO", { close: (descriptor) => (nodeFileSystem.close(descriptor), fail("EIO")()) }],
    ["rename to its final name", "EPERM", { rename: fail("EPERM") }],
  ];
  for (const [operation, code, replaced] of faults) {
    const error = failure(() => saveRdbFile(path, write, { ...faulty(replaced), compression: false }));
    expect(error).toMatchObject({ operation, code });
    expect(error.message).toContain(directory);
    expect(readdirSync(directory)).toEqual(["dump.rdb"]);
    expect(readFileSync(path, "utf8")).toBe("the old dump");
  }
});

test("the new file is there when only the sync of the directory fails, and the error says so", () => {
  let syncs = 0;
  const fsync = (descriptor: number): void => {
    if (++syncs === 2) throw systemError("EIO");
    nodeFileSystem.fsync(descriptor);
  };
  const error = failure(() => saveRdbFile(path, write, faulty({ fsync })));
  expect(error).toMatchObject({ operation: "sync directory", path: directory, code: "EIO" });
  expect(loadRdbFile(path, new CollectingHandler())?.entryCount).toBe(3);
});

test("file, name and directory are made durable in this order", () => {
  const calls: string[] = [];
  const note =
    <Arguments extends unknown[], Result>(name: string, action: (...given: Arguments) => Result) =>
    (...given: Arguments): Result => {
      calls.push(name);
      return action(...given);
    };
  const { open, fsync, close, rename } = nodeFileSystem;
  const fileSystem = faulty({
    open: note("open", open),
    fsync: note("fsync", fsync),
    close: note("close", close),
    rename: note("rename", rename),
  });
  saveRdbFile(path, write, fileSystem);
  expect(calls).toEqual(["open", "fsync", "close", "rename", "open", "fsync", "close"]);
});

test("an exception of the caller passes through, and the temporary file goes", () => {
  const broken = (): never => {
    throw new RangeError("mine");
  };
  expect(() => saveRdbFile(path, broken)).toThrow(RangeError);
  expect(readdirSync(directory)).toEqual([]);
  expect(existsSync(path)).toBe(false);
});
