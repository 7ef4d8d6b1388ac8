/**
 * What snapshots rely on: no command changes an entry before the store has told the snapshot hook, and commands that are no writes leave the
 * memory of the heap as it is, but for access times and entries that they have announced.
 */
import {
  collectAll,
  createHeap,
  keyLengthOf,
  keyOffsetOf,
  RefList,
  setFrozen,
  windowOf,
  wordOf,
} from "@sider/datastructures";
import type { Heap } from "@sider/datastructures";
import { runExpiryCycle, seededRandom } from "@sider/keyspace-engine";
import type { Keyspace, SnapshotHook } from "@sider/keyspace-engine";
import { keyspaceContents } from "@sider/persistence/testing";
import { expect, test } from "vitest";
import { FLAG_WRITE } from "../dispatch/command-table.ts";
import { fuzzScale, fuzzSeed } from "../testing/fuzzing.ts";
import { RandomCommands } from "../testing/random-commands.ts";
import { SMALL_ENCODINGS } from "../testing/small-encodings.ts";
import { createTestServer } from "../testing/test-client.ts";

const steps = Math.ceil(4000 * fuzzScale);
/** So often the keys go, so that values stay small. */
const STEPS_PER_ROUND = 1000;
const DIRECTIVES = {
  ...SMALL_ENCODINGS,
  "list-compress-depth": "1",
  "enable-debug-command": "yes",
  databases: "3",
};
const ACCESS_BITS = ~0xff;

/** Notes which keys were announced, and that they had their old value then. */
class Recorder implements SnapshotHook {
  readonly announced = new Set<string>();
  readonly insertedInto = new Set<string>();
  isEmptying = false;
  private readonly keyspace: Keyspace;

  constructor(keyspace: Keyspace) {
    this.keyspace = keyspace;
  }

  beforeChange(table: number, _hash: number, entry: number): void {
    const { heap, databases } = this.keyspace;
    const start = keyOffsetOf(entry);
    const key = Buffer.from(windowOf(heap, entry).slice(start, start + keyLengthOf(heap, entry))).toString("latin1");
    const database = databases.findIndex((each) => each.entries === table);
    this.announced.add(`${String(database)} ${key}`);
  }

  beforeLoss(table: number, hash: number, entry: number): void {
    this.beforeChange(table, hash, entry);
  }

  beforeInsert(table: number, hash: number): void {
    this.insertedInto.add(`${String(table)} ${String(hash)}`);
  }

  needs(): boolean {
    this.isEmptying = true;
    return false;
  }

  take(): void {
    throw new Error("nothing is needed");
  }

  giveUp(): void {
    throw new Error("nothing is needed");
  }
}

/** The words of the heap that are in use, without the access times of entries that are in a database. */
function wordsOf(keyspace: Keyspace): Int32Array {
  const heap: Heap = keyspace.heap;
  const words = heap.i32.slice(0, heap.topPage * 1024);
  for (const database of keyspace.databases) {
    const found = new RefList();
    collectAll(heap, database.entries, found);
    for (let at = 0; at < found.count; at++) words[wordOf(found.refs[at])] &= ~ACCESS_BITS;
  }
  return words;
}

/** Tables stand still, as a snapshot makes those of the entries: it does not read the others. Commands that only read move buckets otherwise. */
function hold({ heap, databases }: Keyspace, areHeld: boolean): void {
  for (const { entries, expires } of databases) for (const table of [entries, expires]) setFrozen(heap, table, areHeld);
}

test(
  `every change was announced (SIDER_SEED=${String(fuzzSeed)})`,
  () => {
    const random = seededRandom(fuzzSeed);
    const { server, clock, connect } = createTestServer(DIRECTIVES, fuzzSeed, createHeap({ capacityBytes: 2 ** 24 }));
    const { keyspace, table } = server;
    const client = connect();
    const commands = new RandomCommands(random);
    let changes = 0;
    for (let step = 0; step < steps; step++) {
      if (step % STEPS_PER_ROUND === 0) client.send("FLUSHALL");
      const recorder = new Recorder(keyspace);
      const before = keyspaceContents(keyspace, 0);
      const words =
        random(10) === 0 ? ["pexpire", `${"slhtzxp"[random(7)]}${String(random(4))}`, "20"] : commands.next();
      const number = table.numberOf(words[0]);
      const isRead = number >= 0 && (table.flags[number] & FLAG_WRITE) === 0 && words[0] !== "xgroup";
      hold(keyspace, isRead);
      const memory = isRead ? wordsOf(keyspace) : null;
      keyspace.snapshot = recorder;
      client.send(...words);
      if (random(20) === 0) runExpiryCycle(keyspace, { periodMs: 100, effort: 1, nowMs: () => clock.now });
      keyspace.snapshot = null;
      const what = `step ${String(step)}: ${JSON.stringify(words).slice(0, 200)}`;
      if (words[0] === "swapdb" || recorder.isEmptying) continue;
      const after = keyspaceContents(keyspace, 0);
      for (const [key, value] of before) {
        if (after.get(key) === value) continue;
        changes++;
        if (!recorder.announced.has(key)) expect.fail(`${what} changed ${key} without a word`);
      }
      for (const key of after.keys()) {
        if (before.has(key)) continue;
        if (recorder.insertedInto.size === 0) expect.fail(`${what} added ${key} without a word`);
      }
      if (memory !== null && recorder.announced.size === 0) {
        const now = wordsOf(keyspace);
        const at = memory.findIndex((word, index) => word !== now[index]);
        if (at >= 0) expect.fail(`${what} is no write, but wrote to word ${String(at)}`);
      }
      clock.now += random(10);
    }
    expect(changes).toBeGreaterThan(steps / 10);
  },
  60_000 * fuzzScale,
);
