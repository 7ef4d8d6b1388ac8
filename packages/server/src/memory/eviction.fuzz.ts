/**
 * Evictions beside the append-only file and dumps: random commands of all types under a limit of memory that moves, while the file is
 * rewritten or a dump is written. What is loaded afterwards is what was there; only what was evicted is missing, and it is always missing.
 */
import { createHeap } from "@sider/datastructures";
import { Keyspace, seededRandom } from "@sider/keyspace-engine";
import type { Random } from "@sider/keyspace-engine";
import { KeyspaceLoader, loadRdbFile } from "@sider/persistence";
import { keyspaceContents, SimulatedDisk } from "@sider/persistence/testing";
import { expect, test } from "vitest";
import { startLogging } from "../persistence/testing/logging-server.ts";
import type { LoggingServer } from "../persistence/testing/logging-server.ts";
import { fuzzScale, fuzzSeed } from "../testing/fuzzing.ts";
import { RandomCommands } from "../testing/random-commands.ts";
import { SMALL_ENCODINGS } from "../testing/small-encodings.ts";

const STEPS_A_ROUND = 1500;
const POLICIES = ["allkeys-lru", "allkeys-lfu", "allkeys-random", "volatile-lru", "volatile-lfu", "volatile-ttl"];
const DUMP = "/data/dump.rdb";

function directives(random: Random): Record<string, string> {
  return {
    "maxmemory-policy": POLICIES[random(POLICIES.length)],
    "lazyfree-lazy-eviction": random(2) === 0 ? "yes" : "no",
    "maxmemory-eviction-tenacity": "100",
    "aof-use-rdb-preamble": random(3) === 0 ? "no" : "yes",
    ...SMALL_ENCODINGS,
  };
}

/** One command, or one of what surrounds them: time, the limit of memory, the work of a save. */
async function step(subject: LoggingServer, commands: RandomCommands, random: Random): Promise<void> {
  const { clock, server } = subject;
  clock.now += random(20);
  endWait(subject);
  const dice = random(60);
  if (dice === 0) setLimit(subject, server.keyspace.heap.allocatedBytes - random(4000));
  else if (dice === 1) setLimit(subject, 0);
  else if (dice < 5) await new Promise(setImmediate);
  else if (dice < 25) fill(subject, random);
  else subject.change(...commands.next());
}

function endWait({ client, server }: LoggingServer): void {
  if (client.session.waiter !== null) server.executor.waiting.end(client.session.waiter, null);
}

function setLimit({ server }: LoggingServer, bytes: number): void {
  server.configuration.assign("maxmemory", [String(Math.max(bytes, 0))]);
}

function fill(subject: LoggingServer, random: Random): void {
  const name = `filler:${String(random(300))}`;
  const expiry = random(2) === 0 ? ["PX", 100_000 + random(10_000)] : [];
  subject.change("SET", name, "x".repeat(random(400)), ...expiry);
  // others' values come from keys that may be evicted right after
  if (random(8) === 0) subject.change("COPY", name, `copy:${String(random(50))}`, "REPLACE");
  if (random(8) === 0) subject.change("SUNIONSTORE", `t${String(random(4))}`, `t${String(random(4))}`, "t0");
}

test(`what is loaded from the append-only file is what was there (SIDER_SEED=${String(fuzzSeed)})`, async () => {
  let evicted = 0;
  for (let round = 0; round < 8 * fuzzScale; round++) {
    const random = seededRandom(fuzzSeed + round);
    const disk = new SimulatedDisk();
    const subject = await startLogging(directives(random), disk);
    const { server, clock } = subject;
    const commands = new RandomCommands(random, () => clock.now);
    for (let left = STEPS_A_ROUND; left > 0; left--) {
      if (random(300) === 0) subject.client.send("BGREWRITEAOF");
      await step(subject, commands, random);
    }
    setLimit(subject, 0);
    await subject.rewritten();
    server.appendOnly.settle();
    evicted += server.keyspace.evictedKeys;
    const loaded = await startLogging({}, disk);
    const keyspaces = [loaded, subject].map((each) => each.server.keyspace);
    for (const keyspace of keyspaces) keyspace.lazyExpiry = false;
    const [found, expected] = keyspaces.map((keyspace) => contentsInCommands(keyspace, clock.now));
    expect(found, `round ${String(round)}`).toEqual(expected);
  }
  expect(evicted).toBeGreaterThan(100);
}, 60_000);

test(`a dump lacks nothing but what was evicted or had expired (SIDER_SEED=${String(fuzzSeed)})`, async () => {
  let missing = 0;
  for (let round = 0; round < 8 * fuzzScale; round++) {
    const random = seededRandom(fuzzSeed + round);
    const disk = new SimulatedDisk();
    const subject = await startLogging({ ...directives(random), appendonly: "no" }, disk);
    const { server, clock } = subject;
    const { keyspace } = server;
    const commands = new RandomCommands(random, () => clock.now);
    for (let left = STEPS_A_ROUND; left > 0; left--) await step(subject, commands, random);
    const lost = new Set<string>();
    keyspace.onUnaskedRemoval = (_, { bytes, offset, length }) => {
      lost.add(Buffer.from(bytes.slice(offset, offset + length)).toString("latin1"));
    };
    const expected = keyspaceContents(keyspace, 0);
    endWait(subject);
    expect(subject.client.send("BGSAVE")).toMatch(/\+Background saving started\r\n$/);
    while (server.persistence.saving.isInBackground) await step(subject, commands, random);
    const found = contentsOf(disk, clock.now);
    for (const [key, value] of expected) {
      if (found.has(key)) expect(found.get(key), key).toBe(value);
      else if (!isOver(value, clock.now)) {
        missing++;
        expect(lost, `round ${String(round)}`).toContain(key.slice(2)); // the number of its database may be another one by now
      }
    }
    for (const key of found.keys()) expect(expected.has(key), key).toBe(true);
  }
  expect(missing).toBeGreaterThan(0);
}, 60_000);

/** What commands can say of a stream: consumers were seen last when the file was loaded, and what is pending though its entry is gone is lost. */
function contentsInCommands(keyspace: Keyspace, nowMs: number): [string, string][] {
  return [...keyspaceContents(keyspace, nowMs)]
    .map(([key, value]): [string, string] => [key, value.startsWith("stream ") ? inCommands(value) : value])
    .sort();
}

/** The commands that make a stream, as a rewrite writes them; its consumers by name, since only those without anything pending have a command. */
function inCommands(stream: string): string {
  const [type, expiry, ...rest] = stream.split(" ");
  const commands = commandsIn(rest.join(" "));
  const ids = new Set(commands.flatMap(([name, , id]) => (name === "XADD" ? [id] : [])));
  const consumers = new Set<string>();
  const others = commands.filter(([name, second, third, fourth, fifth, sixth]) => {
    const isConsumer = second === "CREATECONSUMER";
    if (name === "XCLAIM") consumers.add(`${third} ${fourth}`);
    if (isConsumer) consumers.add(`${fourth} ${fifth}`);
    return !isConsumer && (name !== "XCLAIM" || ids.has(sixth));
  });
  return JSON.stringify([type, expiry, others, [...consumers].sort()]).replaceAll(/17\d{11}/g, "T");
}

/** The commands of a piece of an append-only file. */
function commandsIn(text: string): string[][] {
  const commands: string[][] = [];
  for (let at = 0; at < text.length;) {
    const [line, count] = /^\*(\d+)\r\n/.exec(text.slice(at)) ?? [];
    if (line === undefined) throw new Error(`no command: ${text.slice(at)}`);
    at += line.length;
    const words: string[] = [];
    while (words.length < Number(count)) {
      const [header = "", length] = /^\$(\d+)\r\n/.exec(text.slice(at)) ?? [];
      words.push(text.slice(at + header.length, at + header.length + Number(length)));
      at += header.length + Number(length) + 2;
    }
    commands.push(words);
  }
  return commands;
}

function contentsOf(disk: SimulatedDisk, nowMs: number): Map<string, string> {
  const keyspace = new Keyspace({ heap: createHeap({ capacityBytes: 2 ** 28 }), clock: { nowMs: () => 0 } });
  const notes = { fact: (): void => undefined, leftOut: (what: string): void => expect.fail(what) };
  loadRdbFile(DUMP, new KeyspaceLoader(keyspace, notes, 2 ** 20), { fileSystem: disk });
  return keyspaceContents(keyspace, nowMs);
}

/** Whether the text of a value says that its time has come. */
function isOver(value: string, nowMs: number): boolean {
  const expiresAtMs = Number(value.split(" ", 2)[1]);
  return expiresAtMs >= 0 && expiresAtMs < nowMs;
}
