import { SimulatedDisk } from "@sider/persistence/testing";
import { describe, expect, test } from "vitest";
import { filesOn, startLogging, textOf } from "./testing/logging-server.ts";

const MISCONF = /^-MISCONF Errors writing to the AOF file: No space left on device\r\n$/;

test("what changes something goes to the file, with the database before it changes", async () => {
  const { change, disk, server } = await startLogging();
  change("SET", "a", 1);
  change("GET", "a");
  change("INCR", "a");
  change("SELECT", 3);
  change("SET", "b", 1);
  change("SELECT", 0);
  change("DEL", "nothing");
  change("DEL", "a");
  expect(textOf(disk, "1.incr.aof")).toBe("SELECT 0 SET a 1 INCR a SELECT 3 SET b 1 SELECT 0 DEL a");
  expect(server.appendOnly.hasUnwritten).toBe(false);
});

test("a transaction has the SELECT that it needs behind MULTI", async () => {
  const { change, disk } = await startLogging();
  change("MULTI");
  for (const words of [["SELECT", 3], ["SET", "a", 1], ["FLUSHDB"], ["SELECT", 0], ["SET", "b", 1]]) change(...words);
  change("EXEC");
  for (const words of [["MULTI"], ["INCR", "b"], ["INCR", "b"], ["EXEC"]]) change(...words);
  expect(textOf(disk, "1.incr.aof")).toBe(
    "MULTI SELECT 3 SET a 1 FLUSHDB SELECT 0 SET b 1 EXEC MULTI INCR b INCR b EXEC",
  );
});

test("what nobody is told of reaches the file at the end of the turn", async () => {
  const { client, disk } = await startLogging();
  client.send("CLIENT", "REPLY", "OFF");
  client.send("SET", "a", 1);
  expect(textOf(disk, "1.incr.aof")).toBe("");
  await new Promise(setImmediate);
  expect(textOf(disk, "1.incr.aof")).toBe("SELECT 0 SET a 1");
});

test("seconds are annotated when that is switched on", async () => {
  const { change, clock, disk } = await startLogging();
  change("SET", "a", 1);
  change("CONFIG", "SET", "aof-timestamp-enabled", "yes");
  change("SET", "b", 1);
  change("SET", "c", 1);
  clock.now += 2000;
  change("SET", "d", 1);
  expect(textOf(disk, "1.incr.aof")).toBe("SELECT 0 SET a 1 #TS:1700000000 SET b 1 SET c 1 #TS:1700000002 SET d 1");
});

describe("a disk that is full", () => {
  test("changes are refused until there is room, nothing that was answered is lost, and no half command stays", async () => {
    const { change, disk, info, logged, tick, client } = await startLogging({ appendfsync: "everysec" });
    change("SET", "a", 1);
    let taken = 5;
    disk.faults = (operation) => {
      if (operation !== "write") return null;
      const now = taken;
      taken = 0;
      return now > 0 ? now : "ENOSPC";
    };
    expect(change("SET", "b", 1)).toBe("+OK\r\n");
    expect(change("SET", "c", 1)).toMatch(MISCONF);
    expect(client.send("PING")).toMatch(MISCONF);
    expect(client.send("GET", "b")).toBe("$1\r\n1\r\n");
    expect(info("aof_last_write_status")).toBe("err");
    expect(info("aof_buffer_length")).toBe("27");
    expect(textOf(disk, "1.incr.aof")).toBe("SELECT 0 SET a 1");
    expect(logged.join("")).toContain("Short write while writing to the AOF file: (nwritten=5, expected=27)");
    tick();
    expect(change("SET", "c", 1)).toMatch(MISCONF);
    disk.faults = () => null;
    tick();
    expect(logged.join("")).toContain("AOF write error looks solved, Redis can write again.");
    expect(change("SET", "c", 1)).toBe("+OK\r\n");
    expect(info("aof_last_write_status")).toBe("ok");
    expect(textOf(disk, "1.incr.aof")).toBe("SELECT 0 SET a 1 SET b 1 SET c 1");
  });

  test("appendonly no: changes are taken again", async () => {
    const { change, disk } = await startLogging({ appendfsync: "no" });
    disk.faults = (operation) => (operation === "write" ? "ENOSPC" : null);
    change("SET", "a", 1);
    expect(change("SET", "b", 1)).toMatch(MISCONF);
    expect(change("CONFIG", "SET", "appendonly", "no")).toBe("+OK\r\n");
    expect(change("SET", "b", 1)).toBe("+OK\r\n");
  });
});

describe("always", () => {
  test.each([
    [
      "sync",
      "EIO",
      "Can't persist AOF for fsync error when the AOF fsync policy is 'always': Input/output error. Exiting...",
    ],
    ["write", "ENOSPC", "Can't recover from AOF write error when the AOF fsync policy is 'always'. Exiting..."],
  ])("a %s that fails is the end, and stays it", async (failing, code, line) => {
    const { change, disk, ends, logged, server, client } = await startLogging();
    change("SET", "a", 1);
    disk.faults = (operation) => (operation === failing ? code : null);
    client.send("SET", "b", 1);
    expect(server.appendOnly.flush()).toBe(false);
    expect(ends).toEqual([line]);
    expect(logged.join("")).toContain(line);
    disk.faults = () => null;
    expect(server.appendOnly.flush()).toBe(false);
    expect(server.appendOnly.settle()).toBe(false);
    expect(client.send("SET", "c", 1)).toContain("-MISCONF");
    expect(ends.length).toBe(1);
  });

  test("CONFIG SET appendfsync always syncs what is there at once", async () => {
    const { change, disk } = await startLogging({ appendfsync: "no" });
    change("SET", "a", 1);
    change("CONFIG", "SET", "appendfsync", "always");
    disk.crash(() => 0);
    expect(textOf(disk, "1.incr.aof")).toBe("SELECT 0 SET a 1");
  });
});

describe("everysec", () => {
  test("while a sync runs writes wait, for two seconds", async () => {
    const { change, disk, info, logged, tick } = await startLogging({ appendfsync: "everysec" });
    change("SET", "a", 1);
    tick(1000);
    expect(disk.pendingSyncs).toBe(1);
    expect(info("aof_pending_bio_fsync")).toBe("1");
    expect(change("SET", "b", 1)).toBe("+OK\r\n");
    tick(1900);
    expect(textOf(disk, "1.incr.aof")).toBe("SELECT 0 SET a 1");
    tick(200);
    expect(textOf(disk, "1.incr.aof")).toBe("SELECT 0 SET a 1 SET b 1");
    expect(info("aof_delayed_fsync")).toBe("1");
    expect(logged.join("")).toContain("Asynchronous AOF fsync is taking too long");
  });

  test("what has waited is written when the sync is done", async () => {
    const { change, disk, tick, info } = await startLogging({ appendfsync: "everysec" });
    change("SET", "a", 1);
    tick(1000);
    change("SET", "b", 1);
    disk.finishSync();
    expect(textOf(disk, "1.incr.aof")).toBe("SELECT 0 SET a 1 SET b 1");
    expect(info("aof_delayed_fsync")).toBe("0");
  });

  test("a sync that fails is an error until one succeeds", async () => {
    const { change, disk, tick } = await startLogging({ appendfsync: "everysec" });
    change("SET", "a", 1);
    disk.faults = (operation) => (operation === "sync" ? "EIO" : null);
    tick(1000);
    disk.finishSync();
    tick();
    expect(change("SET", "b", 1)).toBe("-MISCONF Errors writing to the AOF file: Input/output error\r\n");
    disk.faults = () => null;
    tick(1000);
    disk.finishSync();
    tick();
    expect(change("SET", "b", 1)).toBe("+OK\r\n");
  });
});

describe("the end of a server", () => {
  test("all is on the disk, and an unfinished rewrite leaves nothing", async () => {
    const { change, disk, server, client } = await startLogging({ appendfsync: "no", "rdb-key-save-delay": "1000000" });
    // the file of another server
    disk.place("/data/temp-rewriteaof-1.aof", new Uint8Array(1));
    change("SET", "a", 1);
    client.send("BGREWRITEAOF");
    await new Promise(setImmediate);
    change("SET", "b", 1);
    expect(await new Promise((resolve) => server.shutdown({ save: "never" }, resolve))).toBe(true);
    server.appendOnly.close();
    disk.crash(() => 0);
    expect(disk.list("/data/appendonlydir").filter((name) => name.startsWith("temp"))).toEqual([]);
    expect(textOf(disk, "1.incr.aof")).toBe("SELECT 0 SET a 1");
    expect(textOf(disk, "2.incr.aof")).toBe("SELECT 0 SET b 1");
    expect(disk.openDescriptors).toBe(0);
    expect(disk.list("/data")).toEqual(["appendonlydir", "temp-rewriteaof-1.aof"]);
    const again = await startLogging({}, disk);
    expect(again.client.send("MGET", "a", "b")).toBe("*2\r\n$1\r\n1\r\n$1\r\n1\r\n");
    expect(disk.list("/data")).toEqual(["appendonlydir", "temp-rewriteaof-1.aof"]);
  });

  test("it does not go down when something would be lost, unless it must", async () => {
    const { change, disk, logged, server } = await startLogging({ appendfsync: "no" });
    disk.faults = (operation) => (operation === "sync" ? "EIO" : null);
    change("SET", "a", 1);
    const shutdown = (force: boolean): Promise<boolean> =>
      new Promise((resolve) => {
        server.shutdown({ force }, resolve);
      });
    expect(await shutdown(false)).toBe(false);
    expect(logged.join("")).toContain("Fail to fsync the AOF file: Input/output error");
    expect(await shutdown(true)).toBe(true);
  });

  test("always: what cannot be kept at the end is not acknowledged either", async () => {
    const { client, disk, ends, server } = await startLogging();
    disk.faults = (operation) => (operation === "sync" ? "EIO" : null);
    client.send("SET", "a", 1);
    expect(server.appendOnly.settle()).toBe(false);
    disk.faults = () => null;
    expect(server.appendOnly.flush()).toBe(false);
    expect(ends.length).toBe(1);
  });
});

test("CONFIG SET dir while the file is in use: it stays where it is", async () => {
  const disk = new SimulatedDisk();
  disk.makeDirectory("/other");
  const { change } = await startLogging({ "enable-protected-configs": "yes" }, disk);
  change("CONFIG", "SET", "dir", "/other");
  change("SET", "a", 1);
  change("BGREWRITEAOF");
  expect(disk.list("/other")).toEqual([]);
  expect(filesOn(disk)).toContain("appendonly.aof.2.incr.aof");
});

test("CONFIG SET dir is protected", async () => {
  const { change } = await startLogging();
  expect(change("CONFIG", "SET", "dir", "/")).toBe(
    "-ERR CONFIG SET failed (possibly related to argument 'dir') - can't set protected config\r\n",
  );
});

test("DEBUG AOF-FLUSH-SLEEP: each write comes so much later", async () => {
  const { change } = await startLogging();
  expect(change("DEBUG", "AOF-FLUSH-SLEEP", 30_000)).toBe("+OK\r\n");
  const startedMs = performance.now();
  change("SET", "a", 1);
  expect(performance.now() - startedMs).toBeGreaterThan(29);
  const secondMs = performance.now();
  change("GET", "a");
  expect(performance.now() - secondMs).toBeLessThan(25);
});
