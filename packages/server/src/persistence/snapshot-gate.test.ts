import { SnapshotController } from "@sider/persistence";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { GATE_SNAPSHOT } from "../gates.ts";
import { createTestServer } from "../testing/test-client.ts";
import type { TestClient, TestServer } from "../testing/test-client.ts";
import { SnapshotGate } from "./snapshot-gate.ts";
import { ManualRun } from "./testing/manual-run.ts";

const directory = mkdtempSync(join(tmpdir(), "sider-gate-"));
const request = { format: "rdb", path: join(directory, "a.rdb"), temporaryPath: join(directory, "temp.rdb") } as const;

let subject: TestServer;
let runs: ManualRun;
let snapshots: SnapshotController;
let writer: TestClient;
let other: TestClient;

/** A server with two large values, and a snapshot of it that goes on when the test says so. */
beforeEach(() => {
  subject = createTestServer();
  const { server } = subject;
  runs = new ManualRun();
  snapshots = new SnapshotController(server.keyspace, runs.start);
  snapshots.onChange = (isRunning) => server.setGate(GATE_SNAPSHOT, isRunning);
  const { executor, keyspace, table } = server;
  Object.assign(server, { snapshots, snapshotGate: new SnapshotGate({ executor, keyspace, snapshots, table }) });
  writer = subject.connect();
  other = subject.connect();
  for (let batch = 0; batch < 20; batch++) {
    const numbers = Array.from({ length: 100 }, (_, index) => batch * 100 + index);
    writer.send("HSET", "large", ...numbers.flatMap((number) => [`field:${String(number)}`, "value"]));
    writer.send("ZADD", "scores", ...numbers.flatMap((number) => [number, `member:${String(number)}`]));
  }
});

/** Begins a snapshot; gives the kinds of its ends. */
function start(): string[] {
  const ends: string[] = [];
  snapshots.start(request, (outcome) => ends.push(outcome.kind));
  return ends;
}

function finish(ends: string[]): void {
  for (let step = 0; ends.length === 0; step++) {
    if (step > 1000) expect.fail("the snapshot does not end");
    runs.step();
  }
}

test("who changes a large value waits until it is saved, and all others go on", () => {
  const ends = start();
  expect(writer.send("HSET", "large", "field:1", "new")).toBe("");
  expect(other.send("SET", "small", "1")).toBe("+OK\r\n");
  expect(other.send("HGET", "large", "field:1")).toBe("$5\r\nvalue\r\n");
  finish(ends);
  expect(ends).toEqual(["saved"]);
  expect(writer.transport.take()).toBe(":0\r\n");
  expect(other.send("HGET", "large", "field:1")).toBe("$3\r\nnew\r\n");
  expect(snapshots.progress.copiedBytes).toBe(0);
});

test("what is waited for is saved first, and its waiter goes on before the end", () => {
  for (let number = 0; number < 2000; number++) other.send("SET", `key:${String(number)}`, "value");
  const ends = start();
  expect(writer.send("ZADD", "scores", "7", "member:1")).toBe("");
  let reply = "";
  for (let step = 0; reply === "" && step < 6; step++) {
    runs.step();
    reply = writer.transport.take();
  }
  expect(reply).toBe(":0\r\n");
  expect(ends).toEqual([]);
  finish(ends);
});

test("a transaction waits as a whole, and so do commands that count their keys", () => {
  const ends = start();
  writer.send("MULTI");
  writer.send("SET", "small", "2");
  writer.send("HDEL", "large", "field:1");
  expect(writer.send("EXEC")).toBe("");
  expect(other.send("ZMPOP", "1", "scores", "MIN")).toBe("");
  const third = subject.connect();
  expect(third.send("GET", "small")).toBe("$-1\r\n");
  finish(ends);
  expect(writer.transport.take()).toBe("*2\r\n+OK\r\n:1\r\n");
  expect(other.transport.take()).toContain("member:0");
});

test("a cancelled snapshot lets everybody go on", () => {
  const ends = start();
  expect(writer.send("DEL", "large")).toBe("");
  snapshots.cancel();
  expect(ends).toEqual(["cancelled"]);
  expect(writer.transport.take()).toBe(":1\r\n");
});
