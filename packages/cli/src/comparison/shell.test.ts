/** redis-cli and sider-cli as real processes: the lines of `shell.ts`, run by bash with the one and then with the other. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { redisCliPresent } from "../testing/redis.ts";
import { builtCli, runShell } from "../testing/shell.ts";
import { ComparisonServers } from "./servers.ts";
import { SHELL_LINES } from "./shell.ts";

describe.skipIf(!redisCliPresent())("redis-cli and sider-cli in a shell", () => {
  let servers: ComparisonServers;

  beforeAll(async () => {
    servers = await ComparisonServers.start();
  });
  afterAll(() => servers.stop());

  test.each(SHELL_LINES)("%s", async (line) => {
    const server = (await servers.prepare({})).join(" ");
    const theirs = await runShell(line, `redis-cli ${server}`);
    await servers.prepare({});
    expect(await runShell(line, `${builtCli()} ${server}`)).toEqual(theirs);
  });
});
