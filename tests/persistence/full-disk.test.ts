/** A disk that is really full, and descriptors that really run out: what is refused meanwhile, and what is there afterwards. */
import { spawnSync } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { RawConnection } from "../support/connection.ts";
import { type RunningServer, startServer, subjectKind, subjectPresent } from "../support/server.ts";
import { mountSmallDisk, type SmallDisk } from "../support/small-disk.ts";

const diskMegabytes = 8;
const patienceMs = 10_000;
const valueBytes = 20_000;
const canMount = ((): boolean => {
  const disk = mountSmallDisk(1);
  disk?.remove();
  if (disk === null) console.log("tests of a full disk are skipped: mounting a file system is not permitted here");
  return disk !== null;
})();
const hasPrlimit = spawnSync("prlimit", ["--version"]).status === 0;

const value = (index: number): string => String(index).padEnd(valueBytes, "x");
const misconf = /^-MISCONF /;

/** Asks until the answer is this one. */
async function until(ask: () => Promise<string>, expected: RegExp): Promise<string> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const answer = await ask();
    if (expected.test(answer)) return answer;
    if (performance.now() > deadline) throw new Error(`still ${answer.slice(0, 2000)}`);
    await sleep(20);
  }
}

async function open(server: RunningServer): Promise<(...args: string[]) => Promise<string>> {
  const connection = await RawConnection.open(server.port);
  return (...args) => connection.callText(...args);
}

/** Sets key after key until one is refused; how many were not. */
async function setUntilRefused(call: (...args: string[]) => Promise<string>, from: number): Promise<number> {
  for (let index = from; index < from + 10_000; index++) {
    const reply = await call("SET", `key:${index}`, value(index));
    if (reply !== "+OK\r\n") {
      expect(reply).toMatch(misconf);
      return index;
    }
  }
  throw new Error("the disk does not get full");
}

describe.skipIf(!subjectPresent() || !canMount)("a full disk", () => {
  let disk: SmallDisk;
  const running: RunningServer[] = [];
  beforeEach(() => {
    disk = mountSmallDisk(diskMegabytes) as SmallDisk;
  });
  afterEach(async () => {
    for (const server of running.splice(0)) await server.stop("SIGKILL");
    disk.remove();
  });
  const start = async (...args: string[]): Promise<RunningServer> => {
    const server = await startServer({ kind: subjectKind, directory: disk.directory, args });
    running.push(server);
    return server;
  };

  /** All that was acknowledged is there; at most the one command that was refused is there beside it. */
  async function expectKeys(server: RunningServer, count: number): Promise<void> {
    const call = await open(server);
    for (let index = 0; index < count; index++) {
      expect(await call("GET", `key:${index}`)).toBe(`$${valueBytes}\r\n${value(index)}\r\n`);
    }
  }

  test.each(["everysec", "no"])(
    "append-only file, %s: changes are refused until there is room again",
    async (policy) => {
      const options = ["--appendonly", "yes", "--appendfsync", policy, "--aof-load-truncated", "no"];
      const server = await start(...options);
      const call = await open(server);
      disk.fill(1_000_000);
      const count = await setUntilRefused(call, 0);
      expect(count).toBeGreaterThan(10);
      expect(await call("SET", "other", "value")).toBe(
        "-MISCONF Errors writing to the AOF file: No space left on device\r\n",
      );
      expect(await call("GET", "key:0")).toContain(value(0));
      expect(await call("INFO", "persistence")).toContain("aof_last_write_status:err");
      disk.empty();
      await until(() => call("SET", `key:${count}`, value(count)), /^\+OK/);
      expect(server.log()).toContain("AOF write error looks solved");
      expect(await call("INFO", "persistence")).toContain("aof_last_write_status:ok");
      await sleep(50);
      await server.stop("SIGKILL");
      // a half command would be refused: aof-load-truncated is off
      await expectKeys(await start(...options), count + 1);
    },
  );

  test("append-only file, always: the server ends, and what it has acknowledged is there", async () => {
    const options = ["--appendonly", "yes", "--appendfsync", "always", "--aof-load-truncated", "no"];
    const server = await start(...options);
    const call = await open(server);
    disk.fill(1_000_000);
    let count = 0;
    for (; count < 10_000; count++) {
      const reply = await call("SET", `key:${count}`, value(count)).catch(() => "closed");
      if (reply !== "+OK\r\n") break;
    }
    expect(await server.exited).toBe(1);
    expect(server.log()).toContain("Can't recover from AOF write error when the AOF fsync policy is 'always'. Exiting");
    disk.empty();
    await expectKeys(await start(...options), count);
  });

  test("BGREWRITEAOF fails, leaves nothing, and is well again with room", async () => {
    const server = await start("--appendonly", "yes", "--auto-aof-rewrite-percentage", "0", "--rdbcompression", "no");
    const call = await open(server);
    for (let index = 0; index < 100; index++) await call("SET", `key:${index}`, value(index));
    disk.fill(50_000);
    const statusOf = (): Promise<string> => call("INFO", "persistence");
    expect(await call("BGREWRITEAOF")).toMatch(/^\+Background append only file rewriting started/);
    await until(statusOf, /aof_rewrite_in_progress:0[^]*aof_last_bgrewrite_status:err/);
    expect(readdirSync(disk.directory).filter((name) => name.startsWith("temp-"))).toEqual([]);
    expect(await call("SET", "small", "value")).toBe("+OK\r\n");
    disk.empty();
    await until(async () => {
      await call("BGREWRITEAOF");
      await sleep(100);
      return statusOf();
    }, /aof_rewrite_in_progress:0[^]*aof_last_bgrewrite_status:ok/);
    await server.stop("SIGKILL");
    await expectKeys(await start("--appendonly", "yes"), 100);
  });

  test("BGSAVE fails: changes are refused, the old file stays, and a save with room opens them again", async () => {
    const server = await start("--save", "3600 1", "--rdbcompression", "no");
    const call = await open(server);
    await call("SET", "key:0", value(0));
    expect(await call("SAVE")).toBe("+OK\r\n");
    const oldBytes = statSync(join(disk.directory, "dump.rdb")).size;
    for (let index = 1; index < 50; index++) await call("SET", `key:${index}`, value(index));
    disk.fill(100_000);
    expect(await call("BGSAVE")).toMatch(/^\+Background saving started/);
    await until(() => call("INFO", "persistence"), /rdb_bgsave_in_progress:0[^]*rdb_last_bgsave_status:err/);
    expect(await call("SET", "other", "value")).toMatch(
      /^-MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist to disk\./,
    );
    expect(await call("GET", "key:0")).toContain(value(0));
    expect(readdirSync(disk.directory).sort()).toEqual(["dump.rdb", "fill"]);
    expect(statSync(join(disk.directory, "dump.rdb")).size).toBe(oldBytes);
    expect(await call("CONFIG", "SET", "stop-writes-on-bgsave-error", "no")).toBe("+OK\r\n");
    expect(await call("SET", "key:50", value(50))).toBe("+OK\r\n");
    await call("CONFIG", "SET", "stop-writes-on-bgsave-error", "yes");
    expect(await call("SET", "other", "value")).toMatch(misconf);
    disk.empty();
    expect(await call("BGSAVE")).toMatch(/^\+Background saving started/);
    await until(() => call("INFO", "persistence"), /rdb_bgsave_in_progress:0[^]*rdb_last_bgsave_status:ok/);
    expect(await call("SET", "other", "value")).toBe("+OK\r\n");
    await server.stop("SIGKILL");
    await expectKeys(await start(), 51);
  });

  test("save points: after a failed save the next attempt comes five seconds later, and it opens changes again", async () => {
    const server = await start("--save", "1 1", "--rdbcompression", "no");
    const call = await open(server);
    for (let index = 0; index < 50; index++) await call("SET", `key:${index}`, value(index));
    await until(
      () => call("INFO", "persistence"),
      /rdb_bgsave_in_progress:0[^]*rdb_changes_since_last_save:0|rdb_changes_since_last_save:0[^]*rdb_bgsave_in_progress:0/,
    );
    disk.fill(0);
    await call("SET", "key:50", value(50));
    await until(() => call("INFO", "persistence"), /rdb_last_bgsave_status:err/);
    const failedAt = performance.now();
    expect(await call("SET", "other", "value")).toMatch(misconf);
    disk.empty();
    await until(() => call("SET", "other", "value"), /^\+OK/);
    // more than five whole seconds by the clock of the server, which counts seconds
    expect(performance.now() - failedAt).toBeGreaterThan(4_500);
    expect(performance.now() - failedAt).toBeLessThan(9_000);
  });

  test("SHUTDOWN SAVE is refused, FORCE is not", async () => {
    const server = await start("--rdbcompression", "no");
    const call = await open(server);
    for (let index = 0; index < 50; index++) await call("SET", `key:${index}`, value(index));
    disk.fill(100_000);
    expect(await call("SHUTDOWN", "SAVE")).toBe("-ERR Errors trying to SHUTDOWN. Check logs.\r\n");
    expect(await call("SET", "key:50", value(50))).toBe("+OK\r\n");
    await call("SHUTDOWN", "SAVE", "FORCE").catch(() => "closed");
    expect(await server.exited).toBe(0);
    expect(readdirSync(disk.directory)).toEqual(["fill"]);
  });
});

describe.skipIf(!subjectPresent() || !hasPrlimit)("few descriptors", () => {
  test("BGSAVE and BGREWRITEAOF succeed among as many connections as there can be", async () => {
    const server = await startServer({
      kind: subjectKind,
      args: ["--appendonly", "yes", "--auto-aof-rewrite-percentage", "0"],
      wrapper: ["prlimit", "--nofile=96"],
    });
    try {
      const call = await open(server);
      for (let index = 0; index < 100; index++) await call("SET", `key:${index}`, value(index));
      const others: RawConnection[] = [];
      for (let left = 120; left > 0; left--) others.push(await RawConnection.open(server.port));
      const info = (): Promise<string> => call("INFO", "persistence");
      const over = /rdb_bgsave_in_progress:0[^]*aof_rewrite_in_progress:0[^]*aof_rewrite_scheduled:0/;
      for (let round = 0; round < 3; round++) {
        expect(await call("BGSAVE")).toMatch(/^\+Background saving started/);
        expect(await until(info, over)).toMatch(/rdb_last_bgsave_status:ok/);
        expect(await call("BGREWRITEAOF")).toMatch(/^\+Background append only file rewriting started/);
        expect(await until(info, over)).toMatch(/aof_last_bgrewrite_status:ok/);
      }
      expect(await call("GET", "key:99")).toContain(value(99));
      for (const other of others) other.close();
    } finally {
      await server.stop("SIGKILL");
    }
  });
});
