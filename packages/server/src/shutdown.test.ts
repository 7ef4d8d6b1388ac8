import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { ShutdownRequest } from "./shutdown.ts";
import { createTestServer, type TestServer } from "./testing/test-client.ts";

let folder: string;
let downs = 0;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sider-shutdown-"));
  downs = 0;
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

function make(savePoints: string[], dir = folder): TestServer {
  const made = createTestServer({ dir });
  made.server.configuration.assign("save", savePoints);
  made.server.onShutdown = () => {
    downs++;
  };
  made.connect().send("SET", "a", 1);
  return made;
}

function isDown({ server }: TestServer, request: ShutdownRequest): Promise<boolean> {
  return new Promise((resolve) => {
    server.shutdown(request, resolve);
  });
}

function messages({ logged }: TestServer): string[] {
  return logged.map((line) => line.replace(/^.*?(?=[*#] )/, "").trimEnd());
}

test.each([
  [["60", "1"], "default", true],
  [[""], "default", false],
  [[""], "always", true],
  [["60", "1"], "never", false],
] as const)("with save points %j and save %s a dump is written: %s", async (savePoints, save, isSaved) => {
  const made = make([...savePoints]);
  expect([await isDown(made, { save }), downs]).toEqual([true, 1]);
  expect(existsSync(join(folder, "dump.rdb"))).toBe(isSaved);
  expect(messages(made)).toEqual([
    "# User requested shutdown...",
    ...(isSaved ? ["* Saving the final RDB snapshot before exiting.", "* DB saved on disk"] : []),
    "# Sider is now ready to exit, bye bye...",
  ]);
});

test("a save that fails stops the shutdown, and the server goes on", async () => {
  const made = make(["60", "1"], join(folder, "missing"));
  expect([await isDown(made, {}), downs]).toEqual([false, 0]);
  expect(messages(made).slice(-2)).toEqual([
    "# Error trying to save the DB, can't exit.",
    "# Errors trying to shut down the server. Check the logs for more information.",
  ]);
  expect(made.connect().send("GET", "a")).toBe("$1\r\n1\r\n");
});

test("unless it is forced", async () => {
  const made = make(["60", "1"], join(folder, "missing"));
  expect([await isDown(made, { force: true }), downs]).toEqual([true, 1]);
  expect(messages(made).slice(-2)).toEqual([
    "# Error trying to save the DB. Exit anyway.",
    "# Sider is now ready to exit, bye bye...",
  ]);
});
