/** One redis-server for the tests of a file or of a `describe`. */
import { afterAll, beforeAll } from "vitest";
import type { RequestArgument } from "@sider/resp-protocol/client";
import { startRedis, type Redis, type RunningRedis } from "./redis.ts";

/** To be called at the top: starts a server before the first test, with what the requests put into it, and ends it after the last. */
export function useRedis(requests: readonly (readonly RequestArgument[])[] = []): RunningRedis {
  let redis: Redis | undefined;
  beforeAll(async () => {
    redis = await startRedis();
    await redis.client.sendAll(requests);
  });
  afterAll(() => redis?.stop());
  const running = (): Redis => {
    if (redis === undefined) throw new Error("redis-server runs only during tests");
    return redis;
  };
  return {
    get port() {
      return running().port;
    },
    get atPort() {
      return running().atPort;
    },
    get socketPath() {
      return running().socketPath;
    },
    get client() {
      return running().client;
    },
  };
}
