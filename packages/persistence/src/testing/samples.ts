/** Commands that make a value of every type and encoding under the key "k", by name. */
export const SAMPLES: Readonly<Record<string, readonly (readonly string[])[]>> = {
  "list of one node": [["RPUSH", "k", "a", "12", "-5000", "70000", "x".repeat(100), "9223372036854775807", ""]],
  "list of many nodes": [...numbers(60).map((n) => ["RPUSH", "k", ...numbers(40).map((m) => `${n}:${m}:`.repeat(20))])],
  "list with a large element": [["RPUSH", "k", "a", "y".repeat(100_000), "b"]],
  intset: [["SADD", "k", "1", "-70000", "5", "4294967296"]],
  "set of many integers": [["SADD", "k", ...numbers(900)]],
  "small set": [["SADD", "k", "a", "b", "17", ""]],
  "large set": [["SADD", "k", ...numbers(2000).map((n) => `member:${n}`)]],
  "small hash": [["HSET", "k", "f", "v", "1", "2", "", "x"]],
  "hash with a long value": [["HSET", "k", "f", "v".repeat(300)]],
  "large hash": [["HSET", "k", ...numbers(1000).flatMap((n) => [`f${n}`, n])]],
  "small sorted set": [["ZADD", "k", "1", "a", "-inf", "b", "1.5", "c", "1", "aa", "3e30", "d", "17", "5"]],
  "large sorted set": [["ZADD", "k", ...numbers(500).flatMap((n) => [`${n}.25`, `m${n}`]), "inf", "m"]],
  stream: [
    ...numbers(250).map((n) => ["XADD", "k", `5-${String(Number(n) + 1)}`, "field", n, "other", "x".repeat(30)]),
    ["XDEL", "k", "5-3", "5-250"],
    ["XGROUP", "CREATE", "k", "g", "0"],
    ["XGROUP", "CREATE", "k", "h", "$", "ENTRIESREAD", "7"],
    ["XGROUP", "CREATECONSUMER", "k", "h", "idle"],
    ["XCLAIM", "k", "g", "alice", "0", "5-1", "5-2", "FORCE", "JUSTID"],
    ["XCLAIM", "k", "g", "bob", "0", "5-7", "FORCE", "JUSTID", "RETRYCOUNT", "5"],
  ],
  "empty stream": [
    ["XADD", "k", "1-1", "a", "b"],
    ["XDEL", "k", "1-1"],
  ],
};

function numbers(count: number): string[] {
  return Array.from({ length: count }, (_, index) => String(index));
}
