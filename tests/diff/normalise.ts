/**
 * Replies that may differ although both servers are right: what depends on the time, on chance, on order that nobody promises,
 * or on the process. Each command is listed with what is still compared. All others must be equal byte for byte.
 */
import { type Reply, readFrame } from "../support/reply-frames.ts";

/** Two replies are as good as equal when their normalised forms are. */
type Normaliser = (reply: Reply) => unknown;

/** The kind of reply, and whether it is nothing; the content may differ. */
const shapeOnly: Normaliser = (reply) => (reply.type === "-" ? reply : reply.type);
/** The elements in any order. */
const anyOrder: Normaliser = (reply) => ({
  ...reply,
  items: reply.items?.map((item) => JSON.stringify(item)).sort() ?? null,
});
/** A DUMP payload without its last ten bytes: format version and checksum of the payload. */
const withoutDumpTrailer: Normaliser = (reply) => ({ ...reply, text: reply.text.slice(0, -10) });
/** HELLO: only what does not describe the program and the connection. */
const withoutIdentity: Normaliser = (reply) => {
  if (reply.items === null) return reply;
  return reply.items.filter((_, at, all) => !["version", "id", "server"].includes(all[at - (at % 2)]?.text ?? ""));
};

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
};

/** Times that pass while the test runs: equal within this many milliseconds (expiries of the run lie 10 s apart or more). */
const timeToleranceMs = 5000;
const unitMs: Readonly<Record<string, number>> = { ttl: 1000, pttl: 1, expiretime: 1000, pexpiretime: 1 };

/** True when both replies to a command say the same, as far as it can be the same. */
export function repliesAgree(args: readonly string[], reference: Buffer, subject: Buffer): boolean {
  if (reference.equals(subject)) return true;
  const name = (args[0] ?? "").toLowerCase();
  const unit = unitMs[name];
  if (unit !== undefined) return timesAgree(reference, subject, unit);
  const normaliser = normalisers[name] ?? normalisers[`${name} ${(args[1] ?? "").toLowerCase()}`];
  if (normaliser === undefined) return false;
  return JSON.stringify(normalise(normaliser, reference)) === JSON.stringify(normalise(normaliser, subject));
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
