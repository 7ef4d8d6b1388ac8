import { beforeEach, describe, expect, test } from "vitest";
import { LogLines, request } from "../testing/aof.ts";
import { latin1 } from "../testing/dumps.ts";
import { SimulatedDisk } from "../testing/simulated-disk.ts";
import { AppendLog, type SyncPolicy } from "./append-log.ts";
import { RewriteLimit } from "./rewrite-limit.ts";

const PING = request("PING");
let disk = new SimulatedDisk();
let lines = new LogLines();
let nowMs = 0;

beforeEach(() => {
  disk = new SimulatedDisk();
  lines = new LogLines();
  nowMs = 1_000_000;
});

function open(policy: SyncPolicy): AppendLog {
  const fatal = (line: string): never => {
    throw new Error(line);
  };
  const log = new AppendLog({ fileSystem: disk, clock: { nowMs: () => nowMs }, logger: lines, fatal });
  log.policy = policy;
  log.open(disk.open("/file", "a"), 0);
  return log;
}

function append(log: AppendLog): void {
  log.append(PING, 0, PING.length);
}

const content = (): string => latin1(disk.contents("/file"));

test("always: durable when flush returns", () => {
  const log = open("always");
  append(log);
  expect(log.isSettled).toBe(false);
  log.flush();
  expect(log.isSettled).toBe(true);
  expect(content()).toBe(latin1(PING));
});

test("the buffer of large flushes is kept while they go on, and given back when they are over", () => {
  const buffers = new Set<ArrayBufferLike>();
  const sizes: number[] = [];
  const write = disk.write.bind(disk);
  disk.write = (descriptor, bytes, offset, length) => {
    buffers.add(bytes.buffer);
    sizes.push(bytes.length);
    return write(descriptor, bytes, offset, length);
  };
  const log = open("no");
  const large = new Uint8Array(500_000).fill(120);
  for (let left = 300; left > 0; left--) {
    // a timer flushes too, and finds nothing
    for (const length of [large.length, large.length, large.length, 0]) log.append(large, 0, length);
    log.flush();
    log.flush();
    log.flush();
  }
  expect(buffers.size).toBe(1);
  for (let left = 200; left > 0; left--) log.flush();
  append(log);
  log.flush();
  expect(sizes.at(0)).toBeGreaterThan(1_500_000);
  expect(sizes.at(-1)).toBe(64 * 1024);
});

test("always: what cannot be written or synced ends the process", () => {
  const log = open("always");
  append(log);
  disk.faults = (operation) => (operation === "sync" ? "EIO" : null);
  expect(() => log.flush()).toThrow(
    "Can't persist AOF for fsync error when the AOF fsync policy is 'always': Input/output error. Exiting...",
  );
  const full = open("always");
  append(full);
  disk.faults = (operation) => (operation === "write" ? "ENOSPC" : null);
  expect(() => full.flush()).toThrow(
    "Can't recover from AOF write error when the AOF fsync policy is 'always'. Exiting...",
  );
  const settling = open("always");
  append(settling);
  expect(() => settling.settle()).toThrow("Can't recover");
});

test("always: what is lost stays lost, even where a second sync would succeed", () => {
  let ends = 0;
  const fatal = (): void => {
    ends++;
  };
  const log = new AppendLog({ fileSystem: disk, clock: { nowMs: () => nowMs }, logger: lines, fatal });
  log.policy = "always";
  log.open(disk.open("/file", "a"), 0);
  append(log);
  disk.faults = (operation) => (operation === "sync" ? "EIO" : null);
  log.flush();
  disk.faults = () => null;
  append(log);
  log.flush();
  expect([log.isLost, log.isOk, log.settle(), log.isSettled, ends]).toEqual([true, false, false, false, 1]);
  expect(content()).toBe(latin1(PING));
});

describe("everysec", () => {
  test("one sync a second, off the thread, and one after the last write", () => {
    const log = open("everysec");
    append(log);
    log.flush();
    expect(disk.pendingSyncs).toBe(0);
    nowMs += 1000;
    log.flush();
    expect(disk.pendingSyncs).toBe(1);
    expect(log.pendingSyncs).toBe(1);
    disk.finishSync();
    expect(log.isSettled).toBe(true);
    nowMs += 5000;
    log.flush();
    expect(disk.pendingSyncs).toBe(0);
  });

  test("a write waits for a sync that runs, for two seconds", () => {
    const log = open("everysec");
    append(log);
    nowMs += 1000;
    log.flush();
    append(log);
    log.flush();
    nowMs += 1999;
    log.flush();
    expect(log.bufferedBytes).toBe(PING.length);
    nowMs += 1;
    log.flush();
    expect(log.bufferedBytes).toBe(0);
    expect(log.delayedSyncs).toBe(1);
    expect(lines.text).toContain("Asynchronous AOF fsync is taking too long (disk is busy?).");
    append(log);
    log.flush();
    expect(log.bufferedBytes).toBe(PING.length);
    disk.finishSync();
    expect(log.bufferedBytes).toBe(0);
  });

  test("a failed sync is an error until one succeeds", () => {
    const log = open("everysec");
    append(log);
    nowMs += 1000;
    log.flush();
    disk.faults = (operation) => (operation === "sync" ? "EIO" : null);
    disk.finishSync();
    expect(log.isOk).toBe(false);
    expect(log.failure).toBe("Input/output error");
    disk.faults = () => null;
    nowMs += 1000;
    log.flush();
    disk.finishSync();
    expect(log.isOk).toBe(true);
    expect(log.isSettled).toBe(true);
  });
});

test("a full disk: no half command stays, writing goes on when there is room", () => {
  const log = open("no");
  append(log);
  log.flush();
  append(log);
  append(log);
  let writes = 0;
  disk.faults = (operation) => {
    if (operation !== "write") return null;
    return ++writes === 1 ? 9 : "ENOSPC";
  };
  log.flush();
  expect(content()).toBe(latin1(PING));
  expect(log.failure).toBe("No space left on device");
  expect(lines.lines).toEqual(["# Short write while writing to the AOF file: (nwritten=9, expected=28)"]);
  log.flush();
  expect(lines.lines.length).toBe(1);
  disk.faults = () => null;
  log.flush();
  expect(log.isOk).toBe(true);
  expect(content()).toBe(latin1(PING).repeat(3));
  expect(lines.lines.at(-1)).toBe("# AOF write error looks solved, Redis can write again.");
});

test("where the part cannot be removed, the rest follows it", () => {
  const log = open("no");
  append(log);
  let writes = 0;
  disk.faults = (operation) => {
    if (operation === "write") return ++writes === 1 ? 5 : "ENOSPC";
    return operation === "truncate" ? "EIO" : null;
  };
  log.flush();
  expect(log.fileBytes).toBe(5);
  disk.faults = () => null;
  log.flush();
  expect(content()).toBe(latin1(PING));
});

test("a change of the policy counts from the next flush", () => {
  const log = open("no");
  append(log);
  log.flush();
  expect(log.isSettled).toBe(false);
  log.policy = "always";
  log.flush();
  expect(log.isSettled).toBe(true);
});

test("seconds are annotated once", () => {
  const log = open("no");
  log.timestamps = true;
  append(log);
  append(log);
  nowMs += 1000;
  append(log);
  log.flush();
  expect(content()).toBe(`#TS:1000\r\n${latin1(PING)}${latin1(PING)}#TS:1001\r\n${latin1(PING)}`);
});

test("a file that is replaced while it is synced is closed afterwards", () => {
  const log = open("everysec");
  append(log);
  nowMs += 1000;
  log.flush();
  log.open(disk.open("/next", "a"), 0);
  expect(disk.openDescriptors).toBe(2);
  disk.finishSync();
  expect(disk.openDescriptors).toBe(1);
});

test("rewrites that fail again and again wait longer and longer", () => {
  const limit = new RewriteLimit(lines);
  const minute = 60_000;
  expect(limit.holds(0, 2)).toBe(false);
  let atMs = 0;
  for (const minutes of [1, 2, 4, 8, 16, 32, 60, 60]) {
    expect(limit.holds(atMs, 3)).toBe(true);
    expect(lines.lines.at(-1)).toContain(`triggered the limit, will retry in ${String(minutes)} minutes`);
    expect(limit.holds(atMs + minutes * minute - 1, 3)).toBe(true);
    atMs += minutes * minute;
    expect(limit.holds(atMs, 3)).toBe(false);
  }
  expect(limit.holds(atMs, 0)).toBe(false);
  expect(limit.holds(atMs, 3)).toBe(true);
});
