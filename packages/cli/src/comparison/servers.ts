/** The servers of a comparison: redis-server with the same data before each call, and one that says what a row tells it to. */
import { startRowServer, type RowServer } from "./row-server.ts";
import { startRedis, type Redis } from "../testing/redis.ts";
import { ALL_BYTES, type Surroundings } from "./invocation.ts";

/** Brings users, scripts and data to what the tables expect. */
const STATE: readonly (readonly (string | Uint8Array)[])[] = [
  ["FLUSHALL"],
  ["ACL", "SETUSER", "default", "reset", "on", "nopass", "~*", "&*", "+@all"],
  ["ACL", "SETUSER", "alice", "reset", "on", ">secret", "~*", "&*", "+@all"],
  // A busy machine makes any command slow.
  ["CONFIG", "SET", "slowlog-log-slower-than", "-1"],
  ["MSET", "text", "hello world", "number", "41", "utf8", "z\u00fcrich \u4e2d", "bytes", ALL_BYTES],
  ["RPUSH", "list", ...Array.from({ length: 12 }, (_, index) => `element ${index}`)],
  ["HSET", "hash", "field", "value", "other", "1"],
  ["SADD", "set", "only"],
  ["ZADD", "sorted", "1", "one", "2.5", "half", "1e300", "large"],
  ["XADD", "stream", "1-1", "a", "1", "b", "2"],
  ["GEOADD", "geo", "13.361389", "38.115556", "Palermo", "15.087269", "37.502669", "Catania"],
];

export class ComparisonServers {
  readonly redis: Redis;
  private readonly rows: RowServer;

  private constructor(redis: Redis, rows: RowServer) {
    this.redis = redis;
    this.rows = rows;
  }

  static async start(): Promise<ComparisonServers> {
    return new ComparisonServers(await startRedis(), await startRowServer());
  }

  /** Makes all as it is to be before a call. Resolves with the options that name the server. */
  async prepare(around: Surroundings): Promise<string[]> {
    if (around.answers !== undefined) {
      this.rows.answer(around);
      return ["-p", String(this.rows.port)];
    }
    await this.redis.client.sendAll([...STATE, ...(around.before ?? [])]);
    return ["-p", String(this.redis.port)];
  }

  /** The text with what {port} and {socket} stand for. */
  named(text: string): string {
    return text.replaceAll("{port}", String(this.redis.port)).replaceAll("{socket}", this.redis.socketPath);
  }

  async stop(): Promise<void> {
    await Promise.all([this.redis.stop(), this.rows.stop()]);
  }
}
