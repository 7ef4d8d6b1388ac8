/**
 * bench:garbage: how many bytes Sider allocates on the JS heap per pipelined SET and GET. The server runs with --trace-gc-nvp;
 * every collection then prints what was allocated since the one before, and the sum over a run divided by its commands is the
 * figure. The young generation is kept at 1 MB, so that what the last, unfinished interval hides is a fraction of a byte.
 */
import { parseArgs } from "node:util";

import { programsPresent } from "../support/programs.ts";
import { type RunningServer, startServer } from "../support/server.ts";
import { renderTable } from "../support/table.ts";
import { garbageLimitBytesPerCommand } from "./limits.ts";
import { runRedisBenchmark, type TestName } from "./redis-benchmark.ts";

const nodeArgs = ["--trace-gc", "--trace-gc-nvp", "--max-semi-space-size=1"];

/** Collections so far: how many, how many of the whole heap, and the bytes allocated before them. */
interface Collections {
  count: number;
  full: number;
  allocatedBytes: number;
}

function readCollections(log: string): Collections {
  const events = [...log.matchAll(/ gc=(\w+) .*? allocated=(\d+) /g)];
  return {
    count: events.length,
    full: events.filter((event) => event[1] !== "s").length,
    allocatedBytes: events.reduce((sum, event) => sum + Number(event[2]), 0),
  };
}

async function measure(server: RunningServer, test: TestName, depth: number, requests: number): Promise<string[]> {
  const run = { port: server.port, test, depth, requests, valueBytes: 16, keys: 1_000_000 };
  const before = readCollections(server.log());
  await runRedisBenchmark(run);
  const after = readCollections(server.log());
  const perCommand = (after.allocatedBytes - before.allocatedBytes) / requests;
  if (!(perCommand < garbageLimitBytesPerCommand)) process.exitCode = 1;
  return [
    test,
    String(depth),
    String(requests),
    String(after.count - before.count),
    String(after.full - before.full),
    perCommand.toFixed(2),
    perCommand < garbageLimitBytesPerCommand ? "meets" : `misses < ${garbageLimitBytesPerCommand}`,
  ];
}

const { values } = parseArgs({
  args: process.argv.slice(2).filter((argument) => argument !== "--"),
  options: { requests: { type: "string", default: "5000000" }, depths: { type: "string", default: "16,100" } },
});

if (programsPresent("bench:garbage", "redis-benchmark")) {
  const server = await startServer({ kind: "sider", nodeArgs });
  try {
    const rows: string[][] = [];
    for (const depth of values.depths.split(",").map(Number)) {
      for (const test of ["SET", "GET"] as const)
        rows.push(await measure(server, test, depth, Number(values.requests)));
    }
    console.log(renderTable(["test", "depth", "commands", "GCs", "of them full", "bytes/command", "verdict"], rows));
  } finally {
    await server.stop("SIGKILL");
  }
}
