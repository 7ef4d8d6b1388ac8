/** Values of every type in every encoding, with lengths around the borders where one form becomes another. */
import { RawConnection } from "../support/connection.ts";

const farFutureMs = "4102444800123";
const range = (count: number): number[] => Array.from({ length: count }, (_, at) => at);
const texts = (count: number, length = 8): string[] => range(count).map((at) => `${at}:`.padEnd(length, "abcdef"));
const binary = String.fromCharCode(...range(256));

const lists: readonly (readonly string[])[] = [
  ["RPUSH", "list:one", ""],
  ["RPUSH", "list:numbers", ...["0", "127", "128", "-1", "4095", "4096", "-4097", "32768", "8388608", "2147483648"]],
  ["RPUSH", "list:extremes", "9223372036854775807", "-9223372036854775808", "9223372036854775808", binary],
  ["RPUSH", "list:small", ...texts(100)],
  ["RPUSH", "list:nodes", ...texts(3000, 30)],
  ["RPUSH", "list:plain", "x".repeat(20_000), "small", "y".repeat(9000)],
  ["LPUSH", "list:both", ...texts(500)],
  ["RPUSH", "list:both", ...texts(500)],
];

const sets: readonly (readonly string[])[] = [
  ["SADD", "set:16", "1", "-32768", "32767"],
  ["SADD", "set:32", "1", "-2147483648", "2147483647"],
  ["SADD", "set:64", "1", "-9223372036854775808", "9223372036854775807"],
  ["SADD", "set:512", ...range(512).map(String)],
  ["SADD", "set:513", ...range(513).map(String)],
  ["SADD", "set:listpack", ...texts(20), "", binary, "12"],
  ["SADD", "set:table", ...texts(2000)],
  ["SADD", "set:long", "x".repeat(65)],
];

const hashes: readonly (readonly string[])[] = [
  ["HSET", "hash:small", "field", "value", "", "", "number", "12345", binary, binary],
  ["HSET", "hash:full", ...texts(128).flatMap((text) => [text, text])],
  ["HSET", "hash:table", ...texts(1000).flatMap((text) => [text, text.repeat(3)])],
  ["HSET", "hash:long", "field", "v".repeat(100_000)],
];

const scores = ["0", "-0", "1.5", "-1e300", "1e-300", "inf", "-inf", "3.141592653589793", "9007199254740993", "17"];
const sortedSets: readonly (readonly string[])[] = [
  ["ZADD", "zset:small", ...scores.flatMap((score, at) => [score, `m${at}`])],
  ["ZADD", "zset:same", ...texts(20).flatMap((text) => ["1", text])],
  ["ZADD", "zset:full", ...texts(128).flatMap((text, at) => [String(at), text])],
  ["ZADD", "zset:skiplist", ...texts(1500).flatMap((text, at) => [String((at * 7919) % 1500) + ".25", text])],
  ["ZADD", "zset:long", "1", "m".repeat(65)],
  ["GEOADD", "zset:places", "13.361389", "38.115556", "Palermo", "15.087269", "37.502669", "Catania"],
];

const streams: readonly (readonly string[])[] = [
  ...range(450).map((at) => ["XADD", "stream:nodes", `${1000 + at}-1`, "number", String(at), "text", "abc".repeat(20)]),
  ...range(30).map((at) => ["XADD", "stream:mixed", `${5 + at}-${at}`, `f${at % 3}`, `${at}`]),
  ["XDEL", "stream:mixed", "7-2", "8-3"],
  ["XGROUP", "CREATE", "stream:mixed", "g1", "0"],
  ["XGROUP", "CREATE", "stream:mixed", "g2", "$"],
  ["XGROUP", "CREATECONSUMER", "stream:mixed", "g2", "idle"],
  ["XREADGROUP", "GROUP", "g1", "alice", "COUNT", "10", "STREAMS", "stream:mixed", ">"],
  ["XREADGROUP", "GROUP", "g1", "bob", "COUNT", "3", "STREAMS", "stream:mixed", ">"],
  ["XACK", "stream:mixed", "g1", "5-0", "6-1"],
  ["XADD", "stream:empty", "1-1", "f", "v"],
  ["XDEL", "stream:empty", "1-1"],
  ["XGROUP", "CREATE", "stream:group-only", "g", "$", "MKSTREAM"],
];

const strings: readonly (readonly string[])[] = [
  ["PFADD", "hll:sparse", ...texts(50)],
  ["PFADD", "hll:dense", ...texts(5000)],
  ["SETBIT", "bits", "100000", "1"],
  ["INCRBYFLOAT", "float", "3.14"],
  ["SET", binary, binary],
  ["SET", "compressible", "abcd".repeat(50_000)],
];

const aside: readonly (readonly string[])[] = [
  ...["list:small", "set:16", "hash:table", "zset:small", "stream:mixed"].map((key) => ["PEXPIREAT", key, farFutureMs]),
  ["SELECT", "7"],
  ["HSET", "elsewhere", "field", "value"],
  ["SET", "short", "v", "PX", "1"],
  ["SELECT", "0"],
];

/** The commands that write the sample. */
export const typedSample: readonly (readonly string[])[] = [
  ...[lists, sets, hashes, sortedSets, streams, strings, aside].flat(),
];

/** Writes the sample into an empty server. Throws when a command is refused. */
export async function writeTypedSample(port: number): Promise<void> {
  const connection = await RawConnection.open(port);
  for (const [at, reply] of (await connection.pipeline(typedSample)).entries()) {
    const text = reply.toString("latin1");
    if (text.startsWith("-")) throw new Error(`${typedSample[at]?.slice(0, 3).join(" ")}: ${text}`);
  }
  await connection.call("SELECT", "7");
  while ((await connection.callText("EXISTS", "short")) !== ":0\r\n");
  connection.close();
}
