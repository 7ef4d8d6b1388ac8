/** Keys that go while the append-only file is rewritten, after a command that the new increment has has read them. */
import { expect, test } from "vitest";
import { startLogging } from "./testing/logging-server.ts";
import type { LoggingServer } from "./testing/logging-server.ts";

/** Begins a rewrite, and copies a key that is not saved yet and has a time to live. */
async function copyDuringRewrite(): Promise<LoggingServer> {
  const subject = await startLogging({ "maxmemory-policy": "volatile-ttl" });
  for (let key = 0; key < 2000; key++) subject.change("SET", `filler:${String(key)}`, key);
  subject.change("SADD", "source", "a", "b");
  subject.change("PEXPIRE", "source", 1000);
  expect(subject.change("BGREWRITEAOF")).toMatch(/^\+Background/);
  expect(subject.change("SUNIONSTORE", "target", "source")).toBe(":2\r\n");
  return subject;
}

async function targetAfterRestart(subject: LoggingServer): Promise<string> {
  subject.server.configuration.assign("maxmemory", ["0"]);
  await subject.rewritten();
  subject.server.appendOnly.settle();
  const { client } = await startLogging({}, subject.disk);
  expect(client.send("EXISTS", "source")).toBe(":0\r\n");
  expect(client.send("DBSIZE")).toBe(":2001\r\n");
  return client.send("SCARD", "target");
}

test("one that is evicted is in the base", async () => {
  const subject = await copyDuringRewrite();
  subject.server.configuration.assign("maxmemory", ["1"]);
  expect(subject.change("EXISTS", "source")).toBe(":0\r\n");
  expect(await targetAfterRestart(subject)).toBe(":2\r\n");
});

test("one that expires is in the base", async () => {
  const subject = await copyDuringRewrite();
  subject.clock.now += 2000;
  expect(subject.change("EXISTS", "source")).toBe(":0\r\n");
  expect(await targetAfterRestart(subject)).toBe(":2\r\n");
});
