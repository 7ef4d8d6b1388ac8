/** All that can be seen of a server's keys, for comparing two servers or one before and after a restart. */
import { RawConnection } from "./connection.ts";
import { readFrame } from "./reply-frames.ts";

/** "database key" to value, expiry in Unix milliseconds and encoding, sorted by key. */
export async function snapshotOf(port: number, databases = 16): Promise<Record<string, string>> {
  const connection = await RawConnection.open(port);
  const entries: [string, string][] = [];
  for (let database = 0; database < databases; database++) {
    await connection.call("SELECT", String(database));
    const listed = readFrame(await connection.call("KEYS", "*"), 0)?.reply.items ?? [];
    for (const key of listed.map((item) => item.text).sort()) {
      const shown = await connection.pipeline([
        ["GET", key],
        ["PEXPIRETIME", key],
        ["OBJECT", "ENCODING", key],
      ]);
      entries.push([`${database} ${key}`, shown.map((reply) => reply.toString("latin1")).join("")]);
    }
  }
  connection.close();
  return Object.fromEntries(entries);
}
