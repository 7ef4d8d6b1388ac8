/** redis-cli and sider-cli as real processes: the lines of `shell.ts`, run by bash with the one and with the other, each at a redis-server. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { redisCliPresent } from "../testing/redis.ts";
import { builtCli, runShell } from "../testing/shell.ts";
import { ComparisonServers } from "./servers.ts";
import { SHELL_LINES } from "./shell.ts";

describe.skipIf(!redisCliPresent())("redis-cli and sider-cli in a shell", () => {
  let servers: readonly ComparisonServers[] = [];

  beforeAll(async () => {
    servers = await Promise.all([ComparisonServers.start(), ComparisonServers.start()]);
  });
  afterAll(() => Promise.all(servers.map((server) => server.stop())));

  test.each(SHELL_LINES)("%s", async (line) => {
    const options = await Promise.all(servers.map((server) => server.prepare({})));
    const programs = ["redis-cli", builtCli()].map((program, index) => [program, ...(options[index] ?? [])].join(" "));
    const [theirs, ours] = await Promise.all(programs.map((program) => runShell(line, program)));
    expect(ours).toEqual(theirs);
  });
});
