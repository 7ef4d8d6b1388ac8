/**
 * Snapshots under random commands of all types: what is in the file is what was in the keyspace when the snapshot began, key by key.
 *
 * With the job run in turns every step of it comes between two commands that a seed chooses; in a thread it comes whenever it comes.
 */
import { createHeap, verifyHeap } from "@sider/datastructures";
import { Keyspace, seededRandom } from "@sider/keyspace-engine";
import { KeyspaceLoader, loadRdbFile, SnapshotController } from "@sider/persistence";
import type { SnapshotOutcome, SnapshotRequest } from "@sider/persistence";
import { keyspaceContents } from "@sider/persistence/testing";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { fuzzScale, fuzzSeed } from "../testing/fuzzing.ts";
import { RandomCommands } from "../testing/random-commands.ts";
import { SMALL_ENCODINGS } from "../testing/small-encodings.ts";
import { createTestServer } from "../testing/test-client.ts";
import type { TestServer } from "../testing/test-client.ts";
import { ManualRun } from "./testing/manual-run.ts";

const DIRECTIVES = { ...SMALL_ENCODINGS, "enable-debug-command": "yes", databases: "4" };

const directory = mkdtempSync(join(tmpdir(), "sider-snapshot-"));

function request(name: string, format: "rdb" | "aof" = "rdb"): SnapshotRequest {
  return { format, path: join(directory, name), temporaryPath: join(directory, `temp-${name}`) };
}

/** What the commands of a file make. Streams are left out that lose what redis-server loses too: pending messages that are deleted. */
function contentsOfCommands(name: string, clockMs: number, expected: Map<string, string>): Map<string, string> {
  const { server, clock, connect } = createTestServer({ databases: "4" });
  clock.now = clockMs - 1; // a key with a time to live of 0 is not made, but it may be there
  connect().sendRaw(readFileSync(join(directory, name), "latin1"));
  const found = keyspaceContents(server.keyspace, clockMs);
  for (const [key, value] of expected) {
    if (!value.startsWith("stream ") || !value.includes("XCLAIM")) continue;
    expected.delete(key);
    found.delete(key);
  }
  return found;
}

/** What a file holds, read into a keyspace of its own. */
function contentsOfFile(name: string, nowMs: number): Map<string, string> {
  const keyspace = new Keyspace({ heap: createHeap({ capacityBytes: 2 ** 28 }), clock: { nowMs: () => 0 } });
  const loader = new KeyspaceLoader(keyspace, { fact: () => undefined, leftOut: (what) => expect.fail(what) }, 2 ** 20);
  loadRdbFile(join(directory, name), loader);
  return keyspaceContents(keyspace, nowMs);
}

function expectSame(found: Map<string, string>, expected: Map<string, string>, what: string): void {
  for (const [key, value] of expected) {
    if (found.get(key) !== value) expect.fail(`${what}: ${key} is\n${String(found.get(key))}\nnot\n${value}`);
  }
  for (const key of found.keys()) if (!expected.has(key)) expect.fail(`${what}: ${key} was not there`);
}

/** Keys of a filler, so that there are many stripes. */
function fill(subject: TestServer, count: number): void {
  const client = subject.connect();
  for (let number = 0; number < count; number++) {
    client.send(
      "SET",
      `filler:${String(number)}`,
      `value ${String(number)}`,
      ...(number % 3 === 0 ? ["PX", 100 + number] : []),
    );
  }
}

/** One command: one of the random ones, or one that concerns many keys or the fillers. */
function nextCommand(
  commands: RandomCommands,
  random: (limit: number) => number,
  fillers: number,
): (string | number)[] {
  const filler = `filler:${String(random(fillers * 2))}`;
  switch (random(24)) {
    case 0:
      return ["SET", filler, `new ${String(random(1000))}`];
    case 1:
      return ["DEL", filler];
    case 2:
      return ["RENAME", filler, `filler:${String(random(fillers))}`];
    case 3:
      return ["APPEND", filler, "x".repeat(random(random(20) === 0 ? 100_000 : 300))];
    case 4:
      return ["PEXPIRE", filler, random(3000)];
    case 5:
      return ["MOVE", filler, random(3)];
    case 6:
      return ["SELECT", random(3)];
    case 7:
      return ["SWAPDB", random(3), random(3)];
    case 8:
      return random(8) === 0
        ? [pick(random, ["FLUSHALL", "FLUSHDB"]), pick(random, ["SYNC", "ASYNC"])]
        : ["PERSIST", filler];
    case 9:
      return ["SADD", "big:set", ...Array.from({ length: 200 }, () => random(5000))];
    case 10:
      return ["RPUSH", "big:list", ...Array.from({ length: 200 }, () => `element ${String(random(5000))}`)];
    case 11:
      return random(5) === 0 ? ["DEL", "big:set", "big:list"] : ["GETDEL", filler];
    default:
      return commands.next();
  }
}

test.each([1, 2, 3, 4])(
  `a file is one point in time, each step between two commands (SIDER_SEED=${String(fuzzSeed)}, run %i)`,
  async (run) => {
    const random = seededRandom(fuzzSeed + run);
    const heap = createHeap({ capacityBytes: 2 ** 27, checks: run === 1 });
    const subject = createTestServer(DIRECTIVES, fuzzSeed, heap);
    const { server, clock } = subject;
    const client = subject.connect();
    const commands = new RandomCommands(random);
    const runs = new ManualRun();
    const snapshots = new SnapshotController(server.keyspace, runs.start);
    const rounds = Math.ceil(12 * fuzzScale);
    for (let round = 0; round < rounds; round++) {
      const fillers = 1 + random(round % 3 === 0 ? 3000 : 100);
      if (random(8) === 0) client.send("FLUSHALL"); // values stay small
      fill(subject, fillers);
      for (let step = random(300); step > 0; step--) client.send(...nextCommand(commands, random, fillers).map(String));
      const expected = keyspaceContents(server.keyspace, 0);
      let outcome: SnapshotOutcome | null = null;
      const format = random(3) === 0 ? "aof" : "rdb";
      snapshots.start(request("manual", format), (end) => {
        outcome = end;
      });
      const stepsAtOnce = 1 + random(6);
      const commandsAtOnce = 1 + random(12);
      let isCancelled = false;
      const log: string[] = [];
      for (let turn = 0; outcome === null; turn++) {
        for (let step = random(commandsAtOnce + 1); step > 0; step--) {
          const words = nextCommand(commands, random, fillers).map(String);
          log.push(words.join(" ").slice(0, 100));
          client.send(...words);
        }
        clock.now += random(20);
        if (random(2000) === 0) {
          snapshots.cancel();
          isCancelled = true;
          break;
        }
        for (let step = random(stepsAtOnce + 1); step > 0; step--) runs.step();
      }
      if (isCancelled) {
        runs.step();
        continue;
      }
      if ((outcome as SnapshotOutcome | null)?.kind !== "saved") expect.fail(JSON.stringify(outcome));
      const nowMs = clock.now;
      const alive = new Map([...expected].filter(([, value]) => !isExpired(value, nowMs)));
      const found = format === "rdb" ? contentsOfFile("manual", nowMs) : contentsOfCommands("manual", nowMs, alive);
      expectSame(found, alive, `round ${String(round)} (${format}) after ${log.slice(-5).join("; ")}`);
    }
    client.send("FLUSHALL");
    for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate); // what is left of snapshots is freed
    server.keyspace.lazyFree.freeAll();
    verifyHeap(heap);
    expect(heap.allocatedBytes - server.startupBytes).toBeLessThan(2000);
  },
  60_000 * fuzzScale,
);

function pick<Item>(random: (limit: number) => number, items: readonly Item[]): Item {
  return items[random(items.length)];
}

/** Whether the text of a value says that its time has come by then. */
function isExpired(value: string, nowMs: number): boolean {
  const expiresAtMs = Number(value.split(" ", 2)[1]);
  return expiresAtMs >= 0 && expiresAtMs < nowMs;
}

test(
  `a file is one point in time, with the thread at work while commands go on (SIDER_SEED=${String(fuzzSeed)})`,
  async () => {
    const random = seededRandom(fuzzSeed);
    const subject = createTestServer(DIRECTIVES, fuzzSeed, createHeap({ capacityBytes: 2 ** 28 }));
    const { server, clock } = subject;
    const client = subject.connect();
    const commands = new RandomCommands(random);
    const snapshots = new SnapshotController(server.keyspace);
    const rounds = Math.ceil(5 * fuzzScale);
    for (let round = 0; round < rounds; round++) {
      const fillers = 1 + random(20_000);
      fill(subject, fillers);
      const expected = keyspaceContents(server.keyspace, 0);
      const ends: SnapshotOutcome[] = [];
      snapshots.start(request("thread.rdb"), (end) => ends.push(end));
      while (ends.length === 0) {
        for (let step = 0; step < 200; step++) client.send(...nextCommand(commands, random, fillers).map(String));
        clock.now += random(20);
        await new Promise(setImmediate);
      }
      const outcome = ends[0];
      if (outcome.kind === "failed") throw outcome.error;
      expect(outcome.kind).toBe("saved");
      const alive = new Map([...expected].filter(([, value]) => !isExpired(value, clock.now)));
      expectSame(contentsOfFile("thread.rdb", clock.now), alive, `round ${String(round)}`);
    }
    rmSync(directory, { recursive: true });
  },
  60_000 * fuzzScale,
);
