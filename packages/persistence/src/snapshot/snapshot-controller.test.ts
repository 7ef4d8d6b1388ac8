import { createHeap, positionCount } from "@sider/datastructures";
import type { Checks } from "@sider/datastructures";
import {
  addToSmallInteger,
  createInt64Scratch,
  emptyDatabase,
  int64FromSafe,
  Key,
  Keyspace,
  lookupWrite,
  NO_EXPIRY,
  setString,
  Slice,
} from "@sider/keyspace-engine";
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { FileSystem } from "../file-system.ts";
import { KeyspaceLoader } from "../keyspace-loader.ts";
import { loadRdbFile } from "../rdb-file.ts";
import { keyspaceContents } from "../testing/contents.ts";
import { SimulatedDisk } from "../testing/simulated-disk.ts";
import { SnapshotController } from "./snapshot-controller.ts";
import type { SnapshotOutcome, SnapshotRequest } from "./snapshot-request.ts";
import { runInTurns } from "./snapshot-run.ts";

const REQUEST: SnapshotRequest = { format: "rdb", path: "/data/dump.rdb", temporaryPath: "/data/temp.rdb" };
const encoder = new TextEncoder();
const key = new Key();
const value = new Slice();
const one = createInt64Scratch();
const sum = createInt64Scratch();
int64FromSafe(1, one);

function keyOf(keyspace: Keyspace, name: string): Key {
  const bytes = encoder.encode(name);
  return key.set(bytes, 0, bytes.length, keyspace.hash(bytes, 0, bytes.length));
}

function set(keyspace: Keyspace, name: string, text: string): void {
  const bytes = encoder.encode(text);
  value.set(bytes, 0, bytes.length);
  const database = keyspace.databases[0];
  const old = lookupWrite(keyspace, database, keyOf(keyspace, name));
  setString(keyspace, database, key, old, value, NO_EXPIRY);
}

/** A keyspace of keys `key:0` ... with their numbers as values. */
function filled(count: number): Keyspace {
  const keyspace = new Keyspace({ heap: createHeap({ capacityBytes: 2 ** 27, checks: true }), databaseCount: 2 });
  for (let number = 0; number < count; number++) set(keyspace, `key:${String(number)}`, String(number));
  return keyspace;
}

function diskWithDirectory(): SimulatedDisk {
  const disk = new SimulatedDisk();
  disk.makeDirectory("/data");
  const root = disk.open("/", "r");
  disk.fsync(root);
  disk.close(root);
  return disk;
}

/** Starts a snapshot; resolves with its end. */
function take(snapshots: SnapshotController, request = REQUEST): Promise<SnapshotOutcome> {
  return new Promise((resolve) => {
    snapshots.start(request, resolve);
  });
}

function contentsOfFile(path: string, fileSystem?: FileSystem): Map<string, string> {
  const keyspace = new Keyspace({ heap: createHeap({ capacityBytes: 2 ** 27 }), databaseCount: 2 });
  const loader = new KeyspaceLoader(keyspace, { fact: () => undefined, leftOut: () => undefined }, 2 ** 24);
  loadRdbFile(path, loader, fileSystem === undefined ? {} : { fileSystem });
  return keyspaceContents(keyspace, 0);
}

test("a table that grows over and over while it is saved may resize, and the file has none of the new keys", async () => {
  const keyspace = filled(300);
  const disk = diskWithDirectory();
  const before = keyspaceContents(keyspace, 0);
  const positions = positionCount(keyspace.heap, keyspace.databases[0].entries);
  const end = take(new SnapshotController(keyspace, runInTurns(disk)));
  for (let number = 0; number < 20_000; number++) set(keyspace, `new:${String(number)}`, "value");
  expect(positionCount(keyspace.heap, keyspace.databases[0].entries)).toBeGreaterThan(positions * 32);
  expect((await end).kind).toBe("saved");
  expect(contentsOfFile("/data/dump.rdb", disk)).toEqual(before);
});

test("more changes than there is room for copies to be handed over: the rest stays in its stripes", async () => {
  const keyspace = filled(30_000);
  const disk = diskWithDirectory();
  const before = keyspaceContents(keyspace, 0);
  const snapshots = new SnapshotController(keyspace, runInTurns(disk));
  const end = take(snapshots);
  for (let number = 0; number < 30_000; number++) set(keyspace, `key:${String(number)}`, "changed");
  expect(snapshots.progress.copiedBytes).toBeGreaterThan(30_000 * 16);
  const outcome = await end;
  expect(outcome).toMatchObject({ kind: "saved", keysWritten: 30_000 });
  expect(contentsOfFile("/data/dump.rdb", disk)).toEqual(before);
});

test("without memory for copies a change has its stripe saved first", async () => {
  const keyspace = filled(3000);
  const disk = diskWithDirectory();
  const before = keyspaceContents(keyspace, 0);
  const guard = keyspace.heap.guard as Checks;
  const end = take(new SnapshotController(keyspace, runInTurns(disk)));
  for (let number = 0; number < 3000; number += 7) {
    guard.remainingAllocations = number % 2;
    const entry = lookupWrite(keyspace, keyspace.databases[0], keyOf(keyspace, `key:${String(number)}`));
    expect(addToSmallInteger(keyspace.heap, entry, one, sum)).toBe(true);
    guard.remainingAllocations = Infinity;
  }
  expect((await end).kind).toBe("saved");
  expect(contentsOfFile("/data/dump.rdb", disk)).toEqual(before);
});

test("a database that is emptied is still saved; where there is no memory even for empty tables the snapshot is given up", async () => {
  const keyspace = filled(1000);
  const disk = diskWithDirectory();
  const before = keyspaceContents(keyspace, 0);
  const snapshots = new SnapshotController(keyspace, runInTurns(disk));
  const end = take(snapshots);
  expect(emptyDatabase(keyspace, keyspace.databases[0])).toBe(1000);
  set(keyspace, "key:1", "new");
  expect((await end).kind).toBe("saved");
  expect(contentsOfFile("/data/dump.rdb", disk)).toEqual(before);

  for (let number = 0; number < 1000; number++) set(keyspace, `key:${String(number)}`, String(number));
  const given = take(snapshots);
  const guard = keyspace.heap.guard as Checks;
  guard.remainingAllocations = 0;
  expect(emptyDatabase(keyspace, keyspace.databases[0])).toBe(1000);
  guard.remainingAllocations = Infinity;
  expect((await given).kind).toBe("failed"); // so that the server says that its last save has failed
  expect(contentsOfFile("/data/dump.rdb", disk)).toEqual(before);
});

test.each(["open", "write", "sync", "rename"])(
  "a disk that fails at %s leaves the old file, and the next one is right",
  async (operation) => {
    const keyspace = filled(20_000);
    let isFailing = false;
    const disk = diskWithDirectory();
    disk.faults = (each) => (isFailing && each === operation ? "ENOSPC" : null);
    const snapshots = new SnapshotController(keyspace, runInTurns(disk));
    expect((await take(snapshots)).kind).toBe("saved");
    const before = keyspaceContents(keyspace, 0);
    set(keyspace, "key:1", "changed");
    isFailing = true;
    const outcome = await take(snapshots);
    isFailing = false;
    if (outcome.kind !== "failed") return expect.fail(outcome.kind);
    expect(outcome.error).toMatchObject({ name: "FileError", code: "ENOSPC" });
    expect(disk.kind("/data/temp.rdb")).toBeNull();
    expect(contentsOfFile("/data/dump.rdb", disk)).toEqual(before);
    expect(keyspace.snapshot).toBeNull();
    expect((await take(snapshots)).kind).toBe("saved");
    expect(contentsOfFile("/data/dump.rdb", disk)).toEqual(keyspaceContents(keyspace, 0));
  },
);

test("after a power cut the name means the old file or the new one, and the new one once it was said to be saved", async () => {
  for (let round = 0; round < 30; round++) {
    const keyspace = filled(50);
    const disk = diskWithDirectory();
    const snapshots = new SnapshotController(keyspace, runInTurns(disk));
    await take(snapshots);
    const old = keyspaceContents(keyspace, 0);
    set(keyspace, "key:1", "changed");
    let isSaved = false;
    void take(snapshots).then(() => {
      isSaved = true;
    });
    for (let turn = 0; turn < round; turn++) await new Promise(setImmediate);
    disk.crash((limit) => Math.floor(Math.random() * limit));
    const found = contentsOfFile("/data/dump.rdb", disk);
    if (isSaved || found.get("0 key:1") !== old.get("0 key:1")) expect(found).toEqual(keyspaceContents(keyspace, 0));
    else expect(found).toEqual(old);
  }
});

test("the thread's errors arrive; one that is cancelled makes way for the next at once and leaves no file", async () => {
  const directory = mkdtempSync(join(tmpdir(), "sider-snapshots-"));
  const path = join(directory, "dump.rdb");
  const temporaryPath = join(directory, "temp.rdb");
  const keyspace = filled(5000);
  const snapshots = new SnapshotController(keyspace);
  const missing = await take(snapshots, { ...REQUEST, temporaryPath: join(directory, "none", "temp.rdb") });
  if (missing.kind !== "failed") return expect.fail(missing.kind);
  expect(missing.error).toMatchObject({ name: "FileError", operation: "create", code: "ENOENT" });

  writeFileSync(path, "old");
  const slow = take(snapshots, { format: "rdb", path, temporaryPath, keyDelayMicroseconds: 10_000 });
  while (!existsSync(temporaryPath)) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(snapshots.isRunning).toBe(true);
  snapshots.cancel();
  expect(snapshots.isRunning).toBe(false);
  const before = keyspaceContents(keyspace, 0);
  const next = take(snapshots, { format: "rdb", path, temporaryPath });
  set(keyspace, "key:1", "changed");
  expect((await slow).kind).toBe("cancelled");
  expect(readFileSync(path, "utf8")).toBe("old");
  expect((await next).kind).toBe("saved");
  expect(existsSync(temporaryPath)).toBe(false);
  expect(contentsOfFile(path)).toEqual(before);
});
