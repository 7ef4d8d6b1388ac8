/** What lies where the files of a server belong, and is none that can be read: a clear line in the log, and no half-made state. */
import { AofError, LoadError } from "@sider/persistence";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createTestServer } from "../testing/test-client.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sider-unusable-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

test("a file where the directory of the append-only file belongs", async () => {
  writeFileSync(join(folder, "appendonlydir"), "");
  const { server, connect, logged } = createTestServer({ dir: folder });
  await expect(server.appendOnly.load()).rejects.toThrow(AofError);
  expect(logged.join("")).toContain("Can't open or create append-only dir appendonlydir: Not a directory");
  server.isStarted = true;
  expect(connect().send("CONFIG", "SET", "appendonly", "yes")).toBe(
    "-ERR CONFIG SET failed (possibly related to argument 'appendonly') - Unable to turn on AOF. Check server logs.\r\n",
  );
  expect(connect().send("CONFIG", "GET", "appendonly")).toContain("\r\nno\r\n");
});

test("a dump that leads nowhere: a link to itself", async () => {
  symlinkSync(join(folder, "dump.rdb"), join(folder, "dump.rdb"));
  const { persistence } = createTestServer({ dir: folder }).server;
  await expect(persistence.loadInTurns()).rejects.toThrow(/^Fatal error loading the DB: .*dump\.rdb: .*Exiting\.$/);
  expect(() => persistence.load()).toThrow(LoadError);
  expect(persistence.loading).toBe(false);
});

test("a directory in place of the dump", async () => {
  mkdirSync(join(folder, "dump.rdb"));
  const { persistence } = createTestServer({ dir: folder }).server;
  await expect(persistence.loadInTurns()).rejects.toThrow(LoadError);
  expect(persistence.loading).toBe(false);
});
