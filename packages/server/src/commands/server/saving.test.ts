import { mkdtempSync, existsSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { until } from "../../testing/until.ts";
import { createTestServer } from "../../testing/test-client.ts";

let directory = "";
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "sider-"));
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

test("SAVE and BGSAVE write the file; LASTSAVE says when", async () => {
  const { connect, clock, server } = createTestServer({ dir: directory });
  const client = connect();
  client.send("SET", "a", 1);
  clock.now += 5000;
  expect(client.sendRaw("SAVE\r\nLASTSAVE\r\n")).toBe("+OK\r\n:1700000005\r\n");
  rmSync(join(directory, "dump.rdb"));
  clock.now += 5000;
  expect(client.send("BGSAVE")).toBe("+Background saving started\r\n");
  for (const command of [["BGSAVE"], ["BGSAVE", "SCHEDULE"], ["SAVE"]]) {
    expect(client.send(...command)).toBe("-ERR Background save already in progress\r\n");
  }
  await until(() => !server.persistence.saving.isInBackground);
  expect(existsSync(join(directory, "dump.rdb"))).toBe(true);
  expect(client.send("LASTSAVE")).toBe(":1700000010\r\n");
  expect(client.send("BGSAVE", "SCHEDULE")).toBe("+Background saving started\r\n");
  expect(client.send("BGSAVE", "x")).toBe("-ERR syntax error\r\n");
});

test("a save that fails says so, and the server goes on", async () => {
  const { connect, logged, server } = createTestServer({ dir: join(directory, "missing") });
  const client = connect();
  expect(client.send("SAVE")).toBe("-ERR\r\n");
  expect(client.send("BGSAVE")).toBe("+Background saving started\r\n");
  await until(() => !server.persistence.saving.isInBackground);
  expect(client.send("INFO", "persistence")).toContain("rdb_last_bgsave_status:err");
  expect(logged.length).toBeGreaterThan(0);
  expect(client.send("SHUTDOWN", "SAVE")).toBe("");
  let reply = "";
  await until(() => (reply += client.transport.take()) !== "");
  expect(reply).toBe("-ERR Errors trying to SHUTDOWN. Check logs.\r\n");
  expect(client.send("PING")).toBe("+PONG\r\n");
});

test.each([
  [["NOSAVE"], false],
  [[], true],
  [["SAVE", "NOW"], true],
  [["nosave", "now", "force"], false],
])("SHUTDOWN %j goes down without a reply", async (options, saves) => {
  const { connect, server } = createTestServer({ dir: directory, save: "60 1" });
  let isDown = false;
  server.onShutdown = () => {
    isDown = true;
  };
  expect(connect().send("SHUTDOWN", ...options)).toBe("");
  await until(() => isDown);
  expect(existsSync(join(directory, "dump.rdb"))).toBe(saves);
});

test.each([
  [["foo"], "-ERR syntax error\r\n"],
  [["SAVE", "NOSAVE"], "-ERR syntax error\r\n"],
  [["ABORT", "NOW"], "-ERR syntax error\r\n"],
  [["ABORT"], "-ERR No shutdown in progress.\r\n"],
])("SHUTDOWN %j is refused", (options, error) => {
  expect(
    createTestServer({ dir: directory })
      .connect()
      .send("SHUTDOWN", ...options),
  ).toBe(error);
});
