/**
 * Random replies: RESP2 and RESP3 of every type and nesting that hiredis takes, so without what `differences.ts` lists (big numbers,
 * attributes, bulk errors, NUL bytes in lines). Binary text.
 */
import type { Random } from "../testing/random.ts";
import { bulk, verbatim } from "./invocation.ts";

const DEEPEST = 4;
const DOUBLES = ["0", "-0", "3", "3.0", "10.50", ".5", "7.", "+1", "1e3", "1E-7", "-2.5e+10", "inf", "-inf"];
const INTEGERS = ["0", "-1", "7", "1000", "9007199254740993", "9223372036854775807", "-9223372036854775808"];
const NOTHING = ["$-1\r\n", "*-1\r\n", "_\r\n", "*0\r\n", "%0\r\n", "~0\r\n"];
const WORDS = [
  "",
  "a",
  "key",
  "two words",
  '"quoted"',
  "back\\slash",
  "\xc3\xa9",
  "\xff\xfe",
  "\x1b[1m",
  "\x07\b\t\f",
  "\x7f",
];

/** A reply, and out-of-band messages before it now and then. */
export function randomReply(random: Random): string {
  const before = random(8) === 0 ? randomPush(random) : "";
  return before + randomValue(random, 0);
}

function randomValue(random: Random, depth: number): string {
  const kind = random(depth < DEEPEST ? 14 : 9);
  if (kind === 0) return `+${randomLine(random)}\r\n`;
  if (kind === 1) return `-${randomLine(random)}\r\n`;
  if (kind === 2) return `:${pick(random, INTEGERS)}\r\n`;
  if (kind === 3) return `,${pick(random, DOUBLES)}\r\n`;
  if (kind === 4) return pick(random, NOTHING);
  if (kind === 5) return random(2) === 0 ? "#t\r\n" : "#f\r\n";
  if (kind === 6) return verbatim(randomText(random), pick(random, ["txt", "mkd"]));
  if (kind <= 8) return bulk(randomText(random));
  const count = random(5) === 0 ? random(30) : random(4);
  const type = pick(random, ["*", "*", "~", "%"]);
  const values = Array.from({ length: type === "%" ? count * 2 : count }, () => randomValue(random, depth + 1));
  return `${type}${count}\r\n${values.join("")}`;
}

function randomPush(random: Random): string {
  if (random(2) === 0) return `>2\r\n${bulk("message")}${randomValue(random, 2)}`;
  const keys = Array.from({ length: random(4) }, () => bulk(randomLine(random)));
  return `>2\r\n${bulk("invalidate")}*${keys.length}\r\n${keys.join("")}`;
}

/** Any bytes. */
function randomText(random: Random): string {
  if (random(2) === 0) return pick(random, WORDS);
  return Array.from({ length: random(random(10) === 0 ? 300 : 8) }, () => String.fromCharCode(random(256))).join("");
}

/** What may stand in a line. */
function randomLine(random: Random): string {
  return randomText(random).replace(/[\r\n\0]/g, " ");
}

function pick<Value>(random: Random, values: readonly Value[]): Value {
  return values[random(values.length)];
}
