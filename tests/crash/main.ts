/**
 * `npm run crash -- --policy always --rounds 500 --seed N`: the crash rig at length. Ends with status 1 at the first round that
 * is not as promised; the directory is kept then, and the seed and the round are printed.
 */
import { parseArgs } from "node:util";

import { seedOfRun } from "../support/random.ts";
import { subjectKind } from "../support/server.ts";
import { renderTable } from "../support/table.ts";
import { policyNames } from "./policies.ts";
import { runRounds } from "./run.ts";

const { values } = parseArgs({
  args: process.argv.slice(2).filter((argument) => argument !== "--"),
  options: {
    policy: { type: "string", default: policyNames.join(",") },
    rounds: { type: "string", default: "500" },
    seed: { type: "string" },
    /** "redis" puts redis-server to the same test. */
    subject: { type: "string", default: subjectKind },
  },
});

async function main(): Promise<number> {
  const seed = seedOfRun(values.seed);
  const kind = values.subject === "redis" ? "redis" : "sider";
  console.log(`seed ${seed}`);
  const rows: string[][] = [];
  for (const policy of policyNames.filter((name) => values.policy.split(",").includes(name))) {
    const result = await runRounds({ kind, policy, seed }, Number(values.rounds), (line) => console.log(line));
    rows.push(result.row);
    if (result.failure !== null) {
      console.log(`\n${result.failure}`);
      return 1;
    }
  }
  const heading = ["policy", "rounds", "steps acknowledged", "lost", "saves", "damaged tails", "restart ms", "slowest"];
  console.log(`\n${renderTable(heading, rows)}`);
  return 0;
}

process.exitCode = await main();
