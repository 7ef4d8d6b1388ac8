/**
 * Random commands on a keyspace and on its model, with heap checks on and every fourth operation running out of memory after 0
 * to 3 allocations. Once for each class of value sizes, since each has a layout of its own, and once for all of them mixed.
 */
import { RefList, scanTable } from "@sider/datastructures";
import { expect, test } from "vitest";
import { seededRandom } from "../clock.ts";
import type { Random } from "../clock.ts";
import { Key } from "../slice.ts";
import { fuzzScale, fuzzSeed } from "../testing/fuzzing.ts";
import { NO_EXPIRY } from "./entry.ts";
import { peek } from "./lookup.ts";
import { keyOfEntry } from "./store.ts";
import { ModelledKeyspace } from "./testing/modelled-keyspace.ts";

const EDGES = [
  "9223372036854775807",
  "-9223372036854775808",
  "9223372036854775808",
  "0",
  "-0",
  "-1",
  "01",
  "",
  "10000",
];

function textOfLength(random: Random, length: number): string {
  const character = String.fromCharCode(random(256));
  return String.fromCharCode(random(256)) + character.repeat(Math.max(0, length - 1));
}

const valuesBySize: Record<string, (random: Random) => string> = {
  integers: (random) => (random(4) === 0 ? EDGES[random(EDGES.length)] : String(random(2 ** 31) - 2 ** 30)),
  "up to 44 bytes": (random) => textOfLength(random, 1 + random(44)),
  "up to 192 bytes": (random) => textOfLength(random, 45 + random(148)),
  "192 bytes or one more": (random) => textOfLength(random, 190 + random(6)),
  "up to 4 KiB": (random) => textOfLength(random, 193 + random(4000)),
  pages: (random) => textOfLength(random, 16_000 + random(30_000)),
};
const kinds = Object.values(valuesBySize);
valuesBySize["mixed"] = (random) => kinds[random(random(10) === 0 ? kinds.length : kinds.length - 1)](random);

function step(subject: ModelledKeyspace, random: Random, valueOf: (random: Random) => string): void {
  const dice = random(1000);
  const index = random(2);
  const name = nameOf(random);
  const expiresAtMs = random(3) === 0 ? subject.nowMs + random(400) : NO_EXPIRY;
  if (dice < 250) subject.set(index, name, valueOf(random), expiresAtMs);
  else if (dice < 350) subject.write(index, name, -1, random(2) === 0 ? valueOf(random) : "x".repeat(random(12)));
  else if (dice < 420) subject.write(index, name, random(300), "y".repeat(1 + random(20)));
  else if (dice < 520) subject.increment(index, name, BigInt(random(2 ** 31)) * BigInt(random(2 ** 31) - 2 ** 30));
  else if (dice < 620) subject.expire(index, name, expiresAtMs);
  else if (dice < 720) subject.move(index, name, random(2), nameOf(random));
  else if (dice < 820) subject.copy(index, name, random(2), nameOf(random));
  else if (dice < 940) subject.delete(index, name);
  else if (dice < 996) subject.nowMs += random(3);
  else if (dice < 998) subject.flush(index);
  else subject.checkAll();
  subject.keyspace.updateClock();
}

/** 120 names, from the empty one to long ones, every length of the last word among them. */
function nameOf(random: Random): string {
  const number = random(120);
  return number % 12 === 11
    ? `long:${String(number)}`.padEnd(number * 3, "k")
    : "n".repeat(number % 11) + String(number).slice(1);
}

for (const [size, valueOf] of Object.entries(valuesBySize)) {
  test(`values of ${size}: as the model, though memory runs out (SIDER_SEED=${String(fuzzSeed)})`, () => {
    const random = seededRandom(fuzzSeed);
    const subject = new ModelledKeyspace(random);
    const steps = size === "pages" ? 800 : 4000;
    for (let count = 0; count < steps * fuzzScale; count++) step(subject, random, valueOf);
    subject.checkAll();
    expect(subject.failures).toBeGreaterThan(0);
    subject.close();
  });
}

const GIBIBYTE = 2 ** 30;
const places = { "across the end of the first window": 2 * GIBIBYTE - 262_144, "beyond 2^31 words": 9 * GIBIBYTE };
for (const [place, startBytes] of Object.entries(places)) {
  test(`memory ${place} is as good as any (SIDER_SEED=${String(fuzzSeed)})`, () => {
    const random = seededRandom(fuzzSeed + 3);
    const subject = new ModelledKeyspace(random, 2, startBytes);
    for (let count = 0; count < 4000 * fuzzScale; count++) step(subject, random, valuesBySize["mixed"]);
    expect(subject.heap.topPage * 4096).toBeGreaterThan(startBytes);
    subject.close();
  });
}

test(`many keys: tables grow and shrink under the same steps (SIDER_SEED=${String(fuzzSeed)})`, () => {
  const random = seededRandom(fuzzSeed + 1);
  const subject = new ModelledKeyspace(random, 2);
  for (const share of [8, 1, 9, 0]) {
    for (let count = 0; count < 4000 * fuzzScale; count++) {
      const name = `key:${String(random(5000))}`;
      const expiresAtMs = random(2) === 0 ? subject.nowMs + 1_000_000 : NO_EXPIRY;
      if (random(10) < share) subject.set(0, name, String(random(1000)), expiresAtMs);
      else subject.delete(0, name);
    }
    subject.checkAll();
  }
  subject.close();
});

test(`a scan meets every key that stays, while others come, expire and move (SIDER_SEED=${String(fuzzSeed)})`, () => {
  const random = seededRandom(fuzzSeed + 2);
  for (let round = 0; round < 4 * fuzzScale; round++) scanWhileChanging(random);
});

function scanWhileChanging(random: Random): void {
  const subject = new ModelledKeyspace(random, 1);
  const staying = 20 + random(1000);
  const others = random(3000);
  for (let number = 0; number < staying; number++)
    setSurely(subject, `stay:${String(number)}`, subject.nowMs + 10 ** 9);
  for (let number = 0; number < others; number++)
    setSurely(subject, `go:${String(number)}`, subject.nowMs + random(100));
  const growing = random(2) === 0;
  const seen = new Set<string>();
  const found = new RefList();
  const key = new Key();
  let cursor = 0;
  do {
    found.count = 0;
    cursor = scanTable(subject.heap, subject.database(0).entries, cursor, found);
    for (let at = 0; at < found.count; at++) {
      keyOfEntry(subject.keyspace, found.refs[at], key);
      seen.add(String.fromCharCode(...key.bytes.subarray(key.offset, key.offset + key.length)));
    }
    if (random(8) === 0) subject.nowMs += random(20);
    subject.keyspace.updateClock();
    for (let count = 0; count < 30; count++) {
      // Entries that stay move about meanwhile: their values change size.
      if (count % 5 === 0) subject.write(0, `stay:${String(random(staying))}`, -1, "more than before");
      else if (growing) subject.set(0, `new:${String(random(5000))}`, "1", NO_EXPIRY);
      else peek(subject.keyspace, subject.database(0), subject.key(`go:${String(random(others + 1))}`));
    }
  } while (cursor !== 0);
  for (let number = 0; number < staying; number++) expect(seen.has(`stay:${String(number)}`)).toBe(true);
  subject.close();
}

function setSurely(subject: ModelledKeyspace, name: string, expiresAtMs: number): void {
  while (!subject.models[0].has(name)) subject.set(0, name, "value", expiresAtMs);
}
