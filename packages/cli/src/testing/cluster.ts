/** Two nodes of redis-server that are a cluster: the first has the lower half of the slots. */
import { setTimeout as sleep } from "node:timers/promises";
import { freePort, startRedis, type Redis } from "./redis.ts";

export interface Cluster {
  readonly lower: Redis;
  readonly upper: Redis;
  stop(): Promise<void>;
}

export async function startCluster(): Promise<Cluster> {
  const busPorts = [await freePort(), await freePort()] as const;
  const [lower, upper] = await Promise.all(busPorts.map((port) => startNode(port)) as [Promise<Redis>, Promise<Redis>]);
  await lower.client.call(["CLUSTER", "ADDSLOTSRANGE", "0", "8191"]);
  await upper.client.call(["CLUSTER", "ADDSLOTSRANGE", "8192", "16383"]);
  // Without this both have epoch 0, and one hears of the other's slots only after it has won a new one.
  await upper.client.call(["CLUSTER", "SET-CONFIG-EPOCH", "1"]);
  await lower.client.call(["CLUSTER", "MEET", "127.0.0.1", String(upper.port), String(busPorts[1])]);
  for (const { client } of [lower, upper]) await untilOk(client);
  const stop = async (): Promise<void> => {
    await Promise.all([lower.stop(), upper.stop()]);
  };
  return { lower, upper, stop };
}

function startNode(busPort: number): Promise<Redis> {
  return startRedis(["--cluster-enabled", "yes", "--cluster-port", String(busPort), "--appendonly", "no"]);
}

async function untilOk(client: Redis["client"]): Promise<void> {
  for (let tries = 0; tries < 500; tries++) {
    const info = await client.call(["CLUSTER", "INFO"]);
    if (typeof info === "string" && info.includes("cluster_state:ok")) return;
    await sleep(20);
  }
  throw new Error("the nodes do not become a cluster");
}
