/**
 * What a random command needs around it, so that what comes of it is no matter of chance, of an order that nobody promises, or of what
 * only one of the two servers does on the side.
 */

/** Keys of these commands alone: no other command draws them. */
const sortedKey = "sequence:sorted";
const equalScoresKey = "sequence:equal";

/** The steps in whose place a command is sent, itself among them. */
export function sequenceFor(args: string[]): string[][] {
  const name = (args[0] ?? "").toLowerCase();
  if (args.length < 2) return [args];
  if (name === "spop") return popSequence(args);
  if (name === "xclaim" || name === "xautoclaim") return claimSequence(args);
  if (name === "xreadgroup") return readGroupSequence(args);
  if (name === "sort" || name === "sort_ro") return sortSequence(args);
  if (isByBytes(name, args)) return byBytesSequence(args, name === "zrangestore" ? 2 : 1);
  return [args];
}

/** What SPOP takes is a matter of chance: how many are left is compared, and then they go. */
function popSequence(args: string[]): string[][] {
  const [, key = ""] = args;
  return [args, ["SCARD", key], ["DEL", key]];
}

/** XCLAIM and XAUTOCLAIM of 7.2 make the consumer that they name, 7.0 only if it gets something: it is made before. */
function claimSequence(args: string[]): string[][] {
  const [, key = "", group = "", consumer = ""] = args;
  return [["XGROUP", "CREATECONSUMER", key, group, consumer], args];
}

/** The same goes for XREADGROUP, in each of its streams. */
function readGroupSequence(args: string[]): string[][] {
  const words = args.map((word) => word.toLowerCase());
  const streams = args.slice(words.indexOf("streams") + 1);
  const [group = "", consumer = ""] = args.slice(words.indexOf("group") + 1);
  const keys = new Set(streams.slice(0, streams.length >> 1));
  return [...[...keys].map((key) => ["XGROUP", "CREATECONSUMER", key, group, consumer]), args];
}

/**
 * SORT of Redis turns a small sorted set into a large one for good: it sorts a copy. What is stored of elements that BY ... ALPHA does
 * not tell apart stands in any order: it goes.
 */
function sortSequence(args: string[]): string[][] {
  const [name = "", key = "", ...options] = args;
  const sequence = [
    ["DEL", sortedKey],
    ["COPY", key, sortedKey],
    [name, sortedKey, ...options],
  ];
  const words = options.map((option) => option.toLowerCase());
  if (words.includes("by") && words.includes("alpha")) {
    for (const [at, word] of words.entries()) if (word === "store") sequence.push(["DEL", options[at + 1] ?? ""]);
  }
  return sequence;
}

function isByBytes(name: string, args: readonly string[]): boolean {
  return /^z.*lex/.test(name) || (/^zrange(store)?$/.test(name) && args.some((word) => /^bylex$/i.test(word)));
}

/** A range of bytes is only one where all scores are the same; of others Redis finds what its levels, drawn at random, lead it to. */
function byBytesSequence(args: string[], keyAt: number): string[][] {
  const key = args[keyAt] ?? "";
  return [["ZUNIONSTORE", equalScoresKey, "1", key, "WEIGHTS", "0"], args.with(keyAt, equalScoresKey)];
}

/** Commands whose replies are the same in all versions, in the same order, at any time. */
const transactionCommands = new Set(
  "set get append strlen setrange getrange incr incrby decr getset mset mget setbit getbit lpush rpush lpop rpop llen lrange lset linsert"
    .concat(
      " lrem ltrim hset hget hdel hlen hexists hincrby sadd srem scard sismember zadd zcard zrem del exists type rename persist",
    )
    .concat(" select touch unlink copy echo ping nosuchcommand object")
    .split(" "),
);

/** Whether a random transaction may have the command: EXEC replies for all of them at once. */
export function isForTransactions(args: readonly string[]): boolean {
  return transactionCommands.has((args[0] ?? "").toLowerCase());
}

/** A transaction of commands, run or dropped at its end. */
export function transactionOf(commands: readonly string[][], end: "EXEC" | "DISCARD"): string[][] {
  return [["MULTI"], ...commands, [end]];
}
