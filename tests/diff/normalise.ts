/**
 * Replies that may differ although both servers are right: what depends on the time, on chance, on order that nobody promises,
 * or on the process. Each command is listed with what is still compared. All others must be equal byte for byte.
 */
import { type Reply, readFrame } from "../support/reply-frames.ts";

/** Two replies are as good as equal when their normalised forms are. */
type Normaliser = (reply: Reply) => unknown;
/** A normaliser that depends on the arguments. */
type NormaliserOf = (args: readonly string[]) => Normaliser;

/** The kind of reply, and whether it is nothing; the content may differ. */
const shapeOnly: Normaliser = (reply) => (reply.type === "-" ? reply : reply.type);
/** The elements in any order. */
const anyOrder: Normaliser = (reply) => ({
  ...reply,
  items: reply.items?.map((item) => JSON.stringify(item)).sort() ?? null,
});
/** Errors as they are; of anything else the kind and how many elements it has, however deep. */
const shapeAndCounts: Normaliser = (reply) => {
  if (reply.type === "-") return reply;
  return reply.items === null ? reply.type : [reply.type, reply.items.map(shapeAndCounts)];
};
/** Elements two by two, the pairs in any order. */
const pairsInAnyOrder: Normaliser = (reply) => {
  const items = reply.items ?? [];
  const pairs = items.filter((_, at) => at % 2 === 0).map((item, at) => JSON.stringify([item, items[at * 2 + 1]]));
  return { ...reply, items: reply.items === null ? null : pairs.sort() };
};
/** Of a fraction what does not depend on the sines of a C library: distances between places differ in the last digit. */
const significant = (number: number): number => (Number.isInteger(number) ? number : Number(number.toPrecision(14)));
/** Numbers by what they say: 7.0 prints the digits of a double that 7.2 leaves out. */
const numbersByValue: Normaliser = (reply) => {
  if (reply.items !== null) return [reply.type, reply.items.map(numbersByValue)];
  const isNumber = (reply.type === "$" || reply.type === ",") && /^-?\d[\d.]*(e[-+]?\d+)?$/.test(reply.text);
  return isNumber ? [reply.type, significant(Number(reply.text))] : reply;
};
/** Numbers that tell time are zero: of elements and of what is in them. */
const withoutTimes: Normaliser = (reply) => {
  if (reply.items !== null) return [reply.type, reply.items.map(withoutTimes)];
  return reply.type === ":" ? reply.type : reply;
};
/** Unix milliseconds of these years: when something that is pending was delivered. */
const isTimeOfRun = ({ type, text }: Reply): boolean => type === ":" && /^1[6-9]\d{11}$/.test(text);
/** XINFO: what both versions tell, without times, how the tree is laid out, and how far a group has come. */
const withoutLayout: Normaliser = (reply) => {
  if (reply.items === null) return isTimeOfRun(reply) ? reply.type : reply;
  const isField = (text: string): boolean =>
    /^(radix-tree-|idle|inactive|seen-time|active-time|entries-read|lag)/.test(text);
  const items = reply.items.filter((item, at, all) => {
    return !isField(item.text) && !isField(all[at - 1]?.text ?? "");
  });
  return [reply.type, items.map(withoutLayout)];
};
/** Names as they are, and of what has a name the kind; texts that are numbers count as numbers. */
const namesAndKinds: Normaliser = (reply) => {
  if (reply.items !== null) return [reply.type, reply.items.map(namesAndKinds)];
  const isName = reply.type === "$" && /^[a-z]/.test(reply.text);
  return isName ? reply.text : reply.type;
};
/** How many elements there are. */
const countOnly: Normaliser = (reply) => (reply.items === null ? reply : reply.items.length);
/** Texts up to their first NUL, which is how far SORT ... ALPHA compares them. */
const upToNul: Normaliser = (reply) => {
  if (reply.items !== null) return reply.items.map(upToNul);
  return { ...reply, text: reply.text.replace(/\0.*$/s, "") };
};
/** Elements that a sort does not tell apart stand in any order: all where it has no order, and those of equal or no text under BY. */
const sorted: NormaliserOf = (args) => {
  const words = args.slice(2).map((word) => word.toLowerCase());
  const by = words.indexOf("by");
  if (by >= 0 && words.some((word, at) => word === "by" && !(words[at + 1] ?? "*").includes("*"))) return countOnly;
  if (!words.includes("alpha")) return numbersByValue;
  if (by < 0) return upToNul;
  return words.includes("limit") || words.includes("get") ? countOnly : anyOrder;
};
/**
 * A DUMP payload of a string without its last ten bytes: format version and checksum of the payload. Of other types only that there
 * is one: 7.2 writes small lists and sets in another form.
 */
const withoutDumpTrailer: Normaliser = (reply) => {
  return reply.type === "$" && reply.text.startsWith("\0") ? { ...reply, text: reply.text.slice(0, -10) } : reply.type;
};
/** HELLO: only what does not describe the program and the connection. */
const withoutIdentity: Normaliser = (reply) => {
  if (reply.items === null) return reply;
  return reply.items.filter((_, at, all) => !["version", "id", "server"].includes(all[at - (at % 2)]?.text ?? ""));
};

/** EXEC: errors as they are, of other replies the kind; what the commands have done is seen later. */
const outline: Normaliser = (reply) =>
  reply.items === null ? shapeOnly(reply) : [reply.type, reply.items.map(shapeOnly)];

const normalisers: Readonly<Record<string, Normaliser>> = {
  randomkey: shapeOnly,
  scan: shapeOnly,
  keys: anyOrder,
  time: shapeOnly,
  info: shapeOnly,
  lastsave: shapeOnly,
  hello: withoutIdentity,
  dump: withoutDumpTrailer,
  "client id": shapeOnly,
  "object idletime": shapeOnly,
  // Redis shares small integers and says so by a count of 2^31-1.
  "object refcount": shapeOnly,
  "memory usage": shapeOnly,
  "memory stats": namesAndKinds,
  "memory doctor": shapeOnly,
  "memory malloc-stats": shapeOnly,
  hgetall: pairsInAnyOrder,
  hkeys: anyOrder,
  hvals: anyOrder,
  hrandfield: shapeAndCounts,
  hscan: shapeOnly,
  smembers: anyOrder,
  sinter: anyOrder,
  sunion: anyOrder,
  sdiff: anyOrder,
  spop: shapeAndCounts,
  srandmember: shapeAndCounts,
  sscan: shapeOnly,
  zrandmember: shapeAndCounts,
  zscan: shapeOnly,
  xpending: withoutTimes,
  xinfo: withoutLayout,
  exec: outline,
};

/** Commands whose doubles are compared as numbers. */
const numeric = /^(z|bz|geo)/;

/** Times that pass while the test runs: equal within this many milliseconds (expiries of the run lie 10 s apart or more). */
const timeToleranceMs = 5000;
const unitMs: Readonly<Record<string, number>> = { ttl: 1000, pttl: 1, expiretime: 1000, pexpiretime: 1 };

/** True when both replies to a command say the same, as far as it can be the same. */
export function repliesAgree(args: readonly string[], reference: Buffer, subject: Buffer): boolean {
  if (reference.equals(subject)) return true;
  const name = (args[0] ?? "").toLowerCase();
  const unit = unitMs[name];
  if (unit !== undefined) return timesAgree(reference, subject, unit);
  const normaliser = normaliserFor(name, args);
  if (normaliser === null) return false;
  return JSON.stringify(normalise(normaliser, reference)) === JSON.stringify(normalise(normaliser, subject));
}

function normaliserFor(name: string, args: readonly string[]): Normaliser | null {
  if (name === "sort" || name === "sort_ro") return sorted(args);
  const listed = normalisers[name] ?? normalisers[`${name} ${(args[1] ?? "").toLowerCase()}`];
  return listed ?? (numeric.test(name) ? numbersByValue : null);
}

function normalise(normaliser: Normaliser, bytes: Buffer): unknown {
  const reply = readFrame(bytes, 0)?.reply;
  return reply === undefined ? null : normaliser(reply);
}

function timesAgree(reference: Buffer, subject: Buffer, unit: number): boolean {
  const [expected, found] = [reference, subject].map((bytes) =>
    bytes[0] === 0x3a ? Number(bytes.toString("latin1", 1)) : NaN,
  );
  if (expected === undefined || found === undefined || expected < 0 || found < 0) return false;
  return Math.abs(expected - found) * unit <= timeToleranceMs;
}
