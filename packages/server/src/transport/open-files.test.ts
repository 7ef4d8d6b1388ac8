import { expect, test } from "vitest";
import { createTestServer } from "../testing/test-client.ts";
import { ListenError } from "./listen-error.ts";
import { fitClientsToOpenFiles, openFilesLimit } from "./open-files.ts";

function messages(logged: readonly string[]): string[] {
  return logged.map((line) => line.replace(/^.*?# /, "").trimEnd());
}

test("maxclients becomes what the limit allows, and the log says so as in Redis", () => {
  const { server, logged } = createTestServer();
  fitClientsToOpenFiles(server, 1024);
  expect(server.configuration.get("maxclients")).toBe(992);
  expect(messages(logged)).toEqual([
    "You requested maxclients of 10000 requiring at least 10032 max file descriptors.",
    "Server can't set maximum open files to 10032 because of OS error: Operation not permitted.",
    "Current maximum open files is 1024. maxclients has been reduced to 992 to compensate for low ulimit. " +
      "If you need higher maxclients increase 'ulimit -n'.",
  ]);
});

test("a limit that is high enough, or not known, changes nothing", () => {
  const { server, logged } = createTestServer();
  fitClientsToOpenFiles(server, 10032);
  fitClientsToOpenFiles(server, null);
  expect([server.configuration.get("maxclients"), logged.length]).toEqual([10000, 0]);
});

test("a limit that leaves no client is an error", () => {
  const { server } = createTestServer();
  expect(() => {
    fitClientsToOpenFiles(server, 32);
  }).toThrow(ListenError);
});

test("the limit of this process is found on Linux", () => {
  if (process.platform === "linux") expect(openFilesLimit()).toBeGreaterThan(2);
});
