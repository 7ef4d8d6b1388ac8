/**
 * What the tests on one key find there: those that add begin with nothing, those that take away with as much as they take, those
 * that read with what they read. redis-benchmark's own order (LPOP after LPUSH) would leave that to the test before.
 */
import type { RunningServer } from "../support/server.ts";
import { feed } from "./feed.ts";
import type { Cell } from "./plan.ts";

const elementsToRead = 600;

/** Makes the key of a test ready; does nothing for tests on many keys. */
export async function prepareData(server: RunningServer, { test, requests, valueBytes }: Cell): Promise<void> {
  const data = "x".repeat(valueBytes);
  const key = keyOf(test);
  if (key === null) return;
  await feed(server.port, 1, () => ["DEL", key]);
  if (test === "LPOP" || test === "RPOP") await feed(server.port, requests, () => ["RPUSH", key, data]);
  if (test === "SPOP") await feed(server.port, requests, (index) => ["SADD", key, `element:${index}`]);
  if (test === "ZPOPMIN") await feed(server.port, requests, (index) => ["ZADD", key, "0", `element:${index}`]);
  if (test.startsWith("LRANGE_")) await feed(server.port, elementsToRead, () => ["RPUSH", key, data]);
}

function keyOf(test: Cell["test"]): string | null {
  if (/^L|^R/.test(test)) return "mylist";
  if (test === "SADD" || test === "SPOP") return "myset";
  if (test === "HSET") return "myhash";
  if (test.startsWith("Z")) return "myzset";
  return test === "XADD" ? "mystream" : null;
}
