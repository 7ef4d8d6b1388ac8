/** `npm run diff -- --commands 200000 --seed N`: random commands to redis-server and to Sider, and what they answer differently. */
import { parseArgs } from "node:util";

import { programsPresent } from "../support/programs.ts";
import { seedOfRun } from "../support/random.ts";
import { type PeerKind, subjectKind } from "../support/server.ts";
import { startPeers } from "./peers.ts";
import { describeDifference, describeResult } from "./report.ts";
import { runDifferential } from "./run.ts";

const { values } = parseArgs({
  args: process.argv.slice(2).filter((argument) => argument !== "--"),
  options: {
    commands: { type: "string", default: "200000" },
    seed: { type: "string" },
    /** Differences after which the run ends. */
    differences: { type: "string", default: "10" },
    /** Commands by full name, with commas: get,object|encoding. */
    only: { type: "string", default: "" },
    /** "redis" compares redis-server with itself. */
    subject: { type: "string", default: subjectKind },
  },
});

async function main(): Promise<number> {
  if (!programsPresent("diff", "redis-server")) return 1;
  const seed = seedOfRun(values.seed);
  const kind: PeerKind = values.subject === "redis" ? "redis" : "sider";
  console.log(`seed ${seed}`);
  const peers = await startPeers(kind);
  try {
    const only = values.only === "" ? [] : values.only.split(",");
    const mostDifferences = Number(values.differences);
    const result = await runDifferential(peers, { seed, commands: Number(values.commands), mostDifferences, only });
    for (const difference of result.differences) console.log(`\n${describeDifference(difference, seed)}`);
    console.log(`\n${describeResult(result, seed)}`);
    return result.differences.length === 0 ? 0 : 1;
  } finally {
    await peers.reference.stop();
    await peers.subject.stop();
  }
}

process.exitCode = await main();
