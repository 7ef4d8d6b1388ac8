/**
 * Random string and bitmap commands against plain JavaScript strings: replies, values, encodings and expiries, on few keys, so that
 * every way in which a value is kept turns into every other.
 */
import { seededRandom } from "@sider/keyspace-engine";
import { expect, test } from "vitest";
import { fuzzScale, fuzzSeed } from "../../testing/fuzzing.ts";
import { bulk } from "../../testing/replies.ts";
import { createTestServer } from "../../testing/test-client.ts";
import type { TestClient } from "../../testing/test-client.ts";

const steps = Math.ceil(10_000 * fuzzScale);

interface Modelled {
  text: string;
  encoding: "int" | "embstr" | "raw";
  hasExpiry: boolean;
}

const random = seededRandom(fuzzSeed);
const LENGTHS = [0, 1, 5, 20, 43, 44, 45, 100, 188, 192, 193, 300, 2000];
const keys = ["a", "b", "key:with:a:longer:name"];
const model = new Map<string, Modelled>();

const pick = <Item>(items: readonly Item[]): Item => items[random(items.length)];
const fitsInt64 = (value: bigint): boolean => BigInt.asIntN(64, value) === value;
const isInteger = (text: string): boolean => /^(0|-?[1-9]\d{0,18})$/.test(text) && fitsInt64(BigInt(text));

function randomText(): string {
  if (random(3) === 0) return String(random(2) === 0 ? random(1000) - 500 : random(2 ** 31) * random(2 ** 20));
  return Array.from({ length: pick(LENGTHS) }, () => String.fromCharCode(random(256))).join("");
}

/** A value as SET makes it. */
function fresh(text: string, hasExpiry = false): Modelled {
  return { text, hasExpiry, encoding: isInteger(text) ? "int" : text.length <= 44 ? "embstr" : "raw" };
}

function overwrite(old: string, at: number, text: string): string {
  return old.padEnd(at, "\0").slice(0, at) + text + old.slice(at + text.length);
}

function set(client: TestClient, key: string): void {
  const text = randomText();
  const keeps = random(2) === 0;
  const hasExpiry = keeps ? (model.get(key)?.hasExpiry ?? false) : random(2) === 0;
  const options = keeps ? ["KEEPTTL"] : hasExpiry ? ["EX", 100] : [];
  expect(client.send("SET", key, text, ...options)).toBe("+OK\r\n");
  model.set(key, fresh(text, hasExpiry));
}

function append(client: TestClient, key: string): void {
  const text = randomText();
  const old = model.get(key);
  const value: Modelled = old === undefined ? fresh(text) : { ...old, text: old.text + text, encoding: "raw" };
  model.set(key, value);
  expect(client.send("APPEND", key, text)).toBe(`:${String(value.text.length)}\r\n`);
}

function setRange(client: TestClient, key: string): void {
  const [text, offset] = [randomText(), random(pick([10, 300, 3000]))];
  const old = model.get(key);
  const oldText = old?.text ?? "";
  const value = text === "" ? oldText : overwrite(oldText, offset, text);
  if (text !== "") model.set(key, { text: value, encoding: "raw", hasExpiry: old?.hasExpiry ?? false });
  expect(client.send("SETRANGE", key, offset, text)).toBe(`:${String(value.length)}\r\n`);
}

function setBit(client: TestClient, key: string): void {
  const [bit, at] = [random(2), random(pick([60, 3000]))];
  const old = model.get(key);
  const text = (old?.text ?? "").padEnd((at >> 3) + 1, "\0");
  const mask = 128 >> (at & 7);
  const byte = text.charCodeAt(at >> 3);
  const changed = String.fromCharCode(bit === 1 ? byte | mask : byte & ~mask);
  model.set(key, { text: overwrite(text, at >> 3, changed), encoding: "raw", hasExpiry: old?.hasExpiry ?? false });
  expect(client.send("SETBIT", key, at, bit)).toBe(`:${(byte & mask) === 0 ? "0" : "1"}\r\n`);
}

function increment(client: TestClient, key: string): void {
  const by = random(2 ** 30) - 2 ** 29;
  const old = model.get(key);
  const reply = client.send("INCRBY", key, by);
  if (old !== undefined && !isInteger(old.text)) {
    expect(reply).toBe("-ERR value is not an integer or out of range\r\n");
    return;
  }
  const sum = BigInt(old?.text ?? 0) + BigInt(by);
  if (!fitsInt64(sum)) {
    expect(reply).toBe("-ERR increment or decrement would overflow\r\n");
    return;
  }
  const text = String(sum);
  model.set(key, { text, encoding: "int", hasExpiry: old?.hasExpiry ?? false });
  expect(reply).toBe(`:${text}\r\n`);
}

function take(client: TestClient, key: string): void {
  const old = model.get(key);
  model.delete(key);
  expect(client.send("GETDEL", key)).toBe(old === undefined ? "$-1\r\n" : bulk(old.text));
}

function persist(client: TestClient, key: string): void {
  const old = model.get(key);
  if (old !== undefined) old.hasExpiry = random(2) === 0;
  const options = old?.hasExpiry === true ? ["EX", 100] : ["PERSIST"];
  expect(client.send("GETEX", key, ...options)).toBe(old === undefined ? "$-1\r\n" : bulk(old.text));
}

function combine(client: TestClient, key: string): void {
  const other = pick(keys);
  const [a, b] = [model.get(key)?.text ?? "", model.get(other)?.text ?? ""];
  const target = pick(keys);
  const text = Array.from({ length: Math.max(a.length, b.length) }, (_, at) =>
    String.fromCharCode((a.charCodeAt(at) || 0) ^ (b.charCodeAt(at) || 0)),
  ).join("");
  if (text === "") model.delete(target);
  else model.set(target, { text, encoding: "raw", hasExpiry: false });
  expect(client.send("BITOP", "XOR", target, key, other)).toBe(`:${String(text.length)}\r\n`);
}

const commands = [set, set, append, setRange, setBit, increment, increment, take, persist, combine];

test(`strings agree with the model (SIDER_SEED=${String(fuzzSeed)})`, () => {
  const client = createTestServer({}, fuzzSeed).connect();
  for (let step = 0; step < steps; step++) {
    pick(commands)(client, pick(keys));
    const key = pick(keys);
    const expected = model.get(key);
    const shown = [client.send("GET", key), client.send("OBJECT", "ENCODING", key), client.send("TTL", key)];
    const wanted = ["$-1\r\n", "$-1\r\n", ":-2\r\n"];
    if (expected !== undefined) {
      wanted.splice(0, 3, bulk(expected.text), bulk(expected.encoding), expected.hasExpiry ? ":100\r\n" : ":-1\r\n");
    }
    expect(shown, `step ${String(step)}`).toEqual(wanted);
    if (expected !== undefined && expected.text.length > 20_000) {
      client.send("DEL", key);
      model.delete(key);
    }
  }
});
