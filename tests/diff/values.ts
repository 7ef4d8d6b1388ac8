/**
 * Where argument values come from: what an argument means (its command and its name in command-spec's tree) decides how its
 * values are spread. Most are valid and close together, so that commands meet on the same keys and bits; some lie on the
 * borders of a type; a few are no value of the type at all.
 */
import type { Command, LeafArgument } from "@sider/command-spec";

import type { Random } from "../support/random.ts";
import { keysFor, typedDraw, typedKeys } from "./typed-values.ts";

/** Integers that every integer argument must judge alike: borders of int64, and what only some parsers take for a number. */
const badIntegers = ["", "abc", "1.5", " 1", "1 ", "+1", "01", "-0", "--1", "0x10", "1e3", "1\0", "\0", "12a", "-"];
const borderIntegers = [
  "9223372036854775807",
  "9223372036854775808",
  "-9223372036854775808",
  "-9223372036854775809",
  "18446744073709551615",
  "18446744073709551616",
  "9223372036854775",
  "99999999999999999999999999",
];
const nearMaximum = ["9223372036854775800", "-9223372036854775800", "4611686018427387904", "-4611686018427387904"];

/** A few dozen keys, so that commands meet: plain, empty, with NUL, not UTF-8, long, and with characters that globs know. */
const keyPool: readonly string[] = [
  ...Array.from({ length: 20 }, (_, index) => `key:${index}`),
  "",
  "\0",
  "with\0nul",
  "\xff\xfe",
  "\xc3\x28",
  "k\xc3\xa9y",
  "white space",
  "line\r\nbreak",
  "a[b]c",
  "star*",
  "what?",
  "back\\slash",
  "{tag}:1",
  "{tag}:2",
  `long:${"x".repeat(300)}`,
  "12345",
];

/** Keys that mostly hold numbers, so that counting commands mostly find one. */
const numberKeys = ["n:0", "n:1", "n:2", "n:3"];
const countingCommands = ["incr", "decr", "incrby", "decrby", "incrbyfloat"];
/** Every key that the run may use. */
export const allKeys: readonly string[] = [...keyPool, ...numberKeys, ...typedKeys];
/** How often a command of a type gets a key that suits it. */
const suitableShare = 0.93;

const globs = [
  "*",
  "key:*",
  "key:1?",
  "key:[0-3]",
  "key:[^0-3]",
  "*\0*",
  "a\\[b]c",
  "star\\*",
  "*e*",
  "",
  "[",
  "k??:*5",
  "?",
  "\\",
];

const doubles = [
  "0",
  "1",
  "-1",
  "1.5",
  "-0.1",
  "0.1",
  "3.0e3",
  "1e-5",
  "100.001",
  "1e17",
  "-1e17",
  "0.30000000000000004",
  "1e308",
];
const badDoubles = [
  "",
  "abc",
  "nan",
  "inf",
  "-inf",
  "1e400",
  "1e5000",
  " 1",
  "1 ",
  "0x1p3",
  "1.5.2",
  "1e",
  ".5",
  "5.",
  "\0",
  "+2",
];

/** Lines of command-spec's tree that need a spread of their own, as "command.argument" or "argument". */
type Draw = (random: Random) => string;
const draws: Readonly<Record<string, Draw>> = {
  start: (random) => draw(random, -70, 70),
  end: (random) => draw(random, -70, 70),
  offset: drawBitOffset,
  "setrange.offset": (random) => (random.chance(0.95) ? draw(random, 0, 60) : random.pick(["5000", "-1", "536870912"])),
  bit: (random) => (random.chance(0.95) ? draw(random, 0, 1) : random.pick(["2", "-1"])),
  "setbit.value": (random) => (random.chance(0.95) ? draw(random, 0, 1) : random.pick(["2", "-1"])),
  "bitfield.value": drawAmount,
  increment: drawAmount,
  decrement: drawAmount,
  encoding: drawBitfieldEncoding,
  "bitfield.offset": (random) => (random.chance(0.3) ? `#${draw(random, 0, 20)}` : drawBitOffset(random)),
  "bitfield_ro.offset": (random) => (random.chance(0.3) ? `#${draw(random, 0, 20)}` : drawBitOffset(random)),
  seconds: (random) => drawDuration(random, 1),
  milliseconds: (random) => drawDuration(random, 1000),
  ttl: (random) => (random.chance(0.5) ? "0" : drawDuration(random, 1000)),
  "unix-time-seconds": (random) => drawTime(random, 1),
  // SET keeps a key whose time is past until something looks at it: how many keys there are would then depend on when.
  "set.unix-time-seconds": (random) => drawFutureTime(random, 1),
  "set.unix-time-milliseconds": (random) => drawFutureTime(random, 1000),
  "unix-time-milliseconds": (random) => drawTime(random, 1000),
  db: drawDatabase,
  index: drawDatabase,
  index1: drawDatabase,
  index2: drawDatabase,
  "destination-db": drawDatabase,
  count: (random) => draw(random, -1, 20),
  cursor: (random) => (random.chance(0.5) ? "0" : draw(random, 0, 200)),
  "min-match-len": (random) => draw(random, -1, 6),
  "restore.seconds": (random) => draw(random, -1, 1000),
  frequency: (random) => draw(random, -1, 260),
  protover: (random) => (random.chance(0.9) ? draw(random, 2, 3) : draw(random, 0, 5)),
  type: (random) => random.pick(["string", "STRING", "list", "hash", "set", "zset", "stream", "nosuchtype"]),
  username: (random) => random.pick(["default", "nobody", ""]),
  password: (random) => random.pick(["", "secret"]),
  clientname: (random) => random.pick(["name", "", "two words", "new\nline"]),
  "connection-name": (random) => random.pick(["name", "", "two words", "new\nline", "\xff", "tab\t"]),
};

/** A value for a leaf of the argument tree. `payloads` are DUMP payloads that redis-server wrote. */
export function valueFor(
  random: Random,
  { fullName: command, group }: Command,
  argument: LeafArgument,
  payloads: readonly string[],
): string {
  if (argument.type === "key") return drawKey(random, command, group);
  const typed = typedDraw(command, group, argument.name);
  if (typed !== null) return typed(random);
  if (argument.name === "serialized-value") return drawPayload(random, payloads);
  const isNumber = argument.type === "integer" || argument.type === "unix-time";
  if (isNumber && random.chance(0.04)) return random.pick(random.chance(0.5) ? badIntegers : borderIntegers);
  const own = draws[`${command}.${argument.name}`] ?? draws[argument.name];
  if (own !== undefined && !(argument.name === "value" && argument.type === "string")) return own(random);
  if (argument.type === "double") return random.pick(random.chance(0.9) ? doubles : badDoubles);
  if (argument.type === "pattern") return random.pick(globs);
  return isNumber ? draw(random, -10, 100) : drawBytes(random);
}

/** Commands about keys meet every type; string and bitmap commands mostly strings. */
function drawKey(random: Random, command: string, group: Command["group"]): string {
  const suitable = keysFor(command, group);
  if (suitable !== null && random.chance(suitableShare)) return random.pick(suitable);
  const typedShare = group === "generic" || group === "server" ? 0.5 : 0.03;
  if (random.chance(typedShare)) return random.pick(typedKeys);
  const numberShare = countingCommands.includes(command) ? 0.7 : 0.03;
  return random.pick(random.chance(numberShare) ? numberKeys : keyPool);
}

/** Any bytes: numbers of every length, text around the border between embstr and raw (44), bytes that are no text. */
export function drawBytes(random: Random): string {
  const kind = random.integer(0, 9);
  if (kind < 3) return draw(random, -20, 20_000);
  if (kind === 3) return random.pick([...borderIntegers, ...badIntegers, ...nearMaximum, "10000", "9999", "-1"]);
  if (kind === 4) return random.pick([...doubles, "3.14159", "1.10", "1e2", "-0.0"]);
  if (kind === 5) return "abcdefgh".repeat(7).slice(0, random.integer(40, 48));
  if (kind === 6) return "z".repeat(random.integer(0, 300));
  if (kind === 7) return randomBytes(random, random.integer(0, 70));
  return randomLetters(random, random.integer(0, 24));
}

function randomBytes(random: Random, length: number): string {
  return String.fromCharCode(...Array.from({ length }, () => random.integer(0, 255)));
}

/** Few different letters, so that two strings have subsequences in common. */
export function randomLetters(random: Random, length: number): string {
  return Array.from({ length }, () => random.pick(["a", "b", "c", "d"])).join("");
}

function draw(random: Random, low: number, high: number): string {
  return String(random.integer(low, high));
}

function drawBitOffset(random: Random): string {
  if (random.chance(0.96)) return draw(random, 0, 500);
  return random.pick(["-1", "20000", "4294967296", "34359738368"]);
}

function drawBitfieldEncoding(random: Random): string {
  if (random.chance(0.06)) return random.pick(["u64", "i65", "u0", "i0", "x8", "i", "u-1", "", "I8", "u8x"]);
  return random.chance(0.5) ? `i${draw(random, 1, 64)}` : `u${draw(random, 1, 63)}`;
}

function drawAmount(random: Random): string {
  const kind = random.integer(0, 9);
  if (kind < 6) return draw(random, -100, 100);
  if (kind < 8) return String(random.integer(-(2 ** 40), 2 ** 40));
  return random.pick(nearMaximum);
}

/**
 * Far future, so that no key expires during the run; steps of ten seconds over three years, so that two times are either the
 * same draw or clearly apart (GT, LT and TTL would else depend on the millisecond). Some are in the past.
 */
function drawDuration(random: Random, unitsPerSecond: number): string {
  if (random.chance(0.1)) return random.pick(["0", "-1", "-100000"]);
  return String((100_000 + 10 * random.integer(0, 10_000_000)) * unitsPerSecond);
}

function drawTime(random: Random, unitsPerSecond: number): string {
  if (random.chance(0.1)) return random.pick(["0", "-1", "1", "1000000000"]);
  return drawFutureTime(random, unitsPerSecond);
}

function drawFutureTime(random: Random, unitsPerSecond: number): string {
  return String((4_000_000_000 + 10 * random.integer(0, 10_000_000)) * unitsPerSecond);
}

function drawDatabase(random: Random): string {
  if (random.chance(0.6)) return "0";
  return random.chance(0.95) ? draw(random, 0, 3) : random.pick(["15", "16", "-1"]);
}

function drawPayload(random: Random, payloads: readonly string[]): string {
  const payload = random.chance(0.9) && payloads.length > 0 ? random.pick(payloads) : randomBytes(random, 30);
  if (random.chance(0.9)) return payload;
  const at = random.integer(0, Math.max(0, payload.length - 1));
  return payload.slice(0, at) + String.fromCharCode(random.integer(0, 255)) + payload.slice(at + 1);
}
