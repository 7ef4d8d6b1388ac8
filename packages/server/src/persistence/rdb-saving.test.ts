import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createTestServer, type TestClient, type TestServer } from "../testing/test-client.ts";
import { until } from "../testing/until.ts";

let folder: string;
let made: TestServer;
let client: TestClient;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sider-saving-"));
  made = createTestServer({ dir: folder, "enable-debug-command": "yes" });
  client = made.connect();
});

afterEach(() => {
  made.server.persistence.close();
  rmSync(folder, { recursive: true, force: true });
});

function field(name: string): string {
  return new RegExp(`${name}:(.*)\r`).exec(client.send("INFO", "persistence"))?.[1] ?? "";
}

function backgroundEnd(): Promise<void> {
  return until(() => !made.server.persistence.saving.isInBackground);
}

/** So slow that it does not end by itself. */
function startSlowSave(): void {
  for (let key = 0; key < 200; key++) client.send("SET", key, key);
  client.send("CONFIG", "SET", "rdb-key-save-delay", 50_000);
  expect(client.send("BGSAVE")).toBe("+Background saving started\r\n");
}

test("changes made during a background save are not in it, and still count", async () => {
  for (let key = 0; key < 10; key++) client.send("SET", key, "old");
  client.send("BGSAVE");
  client.send("SET", "later", 1);
  client.send("SET", 0, "new");
  await backgroundEnd();
  expect([field("rdb_changes_since_last_save"), field("rdb_last_bgsave_status"), field("rdb_saves")]).toEqual([
    "2",
    "ok",
    "1",
  ]);
  const other = createTestServer({ dir: folder });
  other.server.persistence.load();
  expect(other.connect().sendRaw("DBSIZE\r\nGET 0\r\n")).toBe(":10\r\n$3\r\nold\r\n");
});

test("one that runs is shown, and SAVE and a second one are refused", () => {
  startSlowSave();
  made.clock.now += 3000;
  expect([field("rdb_bgsave_in_progress"), field("rdb_current_bgsave_time_sec")]).toEqual(["1", "3"]);
  expect(field("current_save_keys_total")).toBe("200");
  expect(client.send("SAVE")).toBe("-ERR Background save already in progress\r\n");
  expect(client.send("BGSAVE", "SCHEDULE")).toBe("-ERR Background save already in progress\r\n");
});

test("in a transaction it is scheduled, and begins with the timer", () => {
  expect(client.sendRaw("MULTI\r\nBGSAVE\r\nEXEC\r\n")).toContain("+Background saving scheduled\r\n");
  expect(made.server.persistence.saving.isScheduled).toBe(true);
});

test("FLUSHALL ends it without an error; with save points the empty data set is saved", async () => {
  startSlowSave();
  expect(client.send("FLUSHALL")).toBe("+OK\r\n");
  await backgroundEnd();
  expect([field("rdb_last_bgsave_status"), field("rdb_changes_since_last_save")]).toEqual(["ok", "400"]);
  expect(existsSync(join(folder, "dump.rdb"))).toBe(false);
  client.send("CONFIG", "SET", "save", "3600 1000");
  startSlowSave();
  client.send("FLUSHALL");
  expect(existsSync(join(folder, "dump.rdb"))).toBe(true);
  await until(() => readdirSync(folder).length === 1);
});

test("one that dies refuses changes until one succeeds, where there are save points", async () => {
  client.send("CONFIG", "SET", "save", "3600 1000");
  startSlowSave();
  expect(client.send("DEBUG", "FAIL-SNAPSHOT")).toBe("+OK\r\n");
  await backgroundEnd();
  expect(field("rdb_last_bgsave_status")).toBe("err");
  expect(client.send("SET", "a", 1)).toMatch(/^-MISCONF Redis is configured to save RDB snapshots/);
  expect(client.send("PING")).toMatch(/^-MISCONF/);
  expect(client.send("GET", 1)).toBe("$1\r\n1\r\n");
  expect(client.sendRaw("MULTI\r\nSET a 1\r\nEXEC\r\n")).toContain("-EXECABORT");
  client.send("CONFIG", "SET", "stop-writes-on-bgsave-error", "no");
  expect(client.send("SET", "a", 1)).toBe("+OK\r\n");
  client.send("CONFIG", "SET", "stop-writes-on-bgsave-error", "yes", "rdb-key-save-delay", 0);
  expect(client.send("SET", "a", 1)).toMatch(/^-MISCONF/);
  client.send("BGSAVE");
  await backgroundEnd();
  expect(client.send("SET", "a", 1)).toBe("+OK\r\n");
});

test("a dump that cannot take its name leaves no other file", async () => {
  mkdirSync(join(folder, "dump.rdb"));
  client.send("SET", "a", 1);
  client.send("BGSAVE");
  await backgroundEnd();
  expect(field("rdb_last_bgsave_status")).toBe("err");
  expect(made.logged.join("")).toMatch(/Error moving temp DB file .* on the final destination/);
  rmdirSync(join(folder, "dump.rdb"));
  expect(readdirSync(folder)).toEqual([]);
});

test("a shutdown ends it, and a second SIGINT ends the last save", async () => {
  client.send("CONFIG", "SET", "save", "3600 1000");
  startSlowSave();
  made.server.ending.ask("SIGINT");
  made.server.ending.poll();
  expect(made.logged.join("")).toContain("There is a child saving an .rdb. Killing it!");
  expect(client.send("PING")).toBe(""); // everyone waits
  await until(() => readdirSync(folder).some((name) => name.startsWith("temp-")));
  expect(made.server.ending.ask("SIGINT")).toBe(false);
  expect(readdirSync(folder)).toEqual([]);
  made.server.snapshots.cancel();
});

test("SHUTDOWN ABORT takes back what a signal has asked for", () => {
  expect(client.send("SHUTDOWN", "ABORT")).toBe("-ERR No shutdown in progress.\r\n");
  made.server.ending.ask("SIGTERM");
  expect(client.send("SHUTDOWN", "ABORT")).toBe("+OK\r\n");
  expect(made.logged.join("")).toContain("Shutdown manually aborted.");
});
