/** SCAN as a client uses it. Keys must not contain line ends. */
import type { TestClient } from "../../../testing/test-client.ts";

export interface ScanReply {
  readonly cursor: string;
  readonly keys: readonly string[];
}

/** One call. */
export function scanOnce(client: TestClient, cursor: string, ...options: readonly (string | number)[]): ScanReply {
  // *2, $n, cursor, *count, then $n and key in turn
  const lines = client.send("SCAN", cursor, ...options).split("\r\n");
  if (lines[0] !== "*2") throw new Error(lines[0]);
  return { cursor: lines[2], keys: lines.slice(4, -1).filter((_, index) => index % 2 === 1) };
}

/** A whole walk. */
export function scanAll(client: TestClient, ...options: readonly (string | number)[]): string[] {
  const keys: string[] = [];
  let cursor = "0";
  do {
    const reply = scanOnce(client, cursor, ...options);
    keys.push(...reply.keys);
    cursor = reply.cursor;
  } while (cursor !== "0");
  return keys;
}
