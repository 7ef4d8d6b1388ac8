/** A slice of the crash rig for every `npm test`, with a new seed each time; `npm run soak` runs hundreds of rounds. */
import { readdirSync, statSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

import { seedOfRun } from "../support/random.ts";
import { subjectKind, subjectPresent } from "../support/server.ts";
import { policyNames } from "./policies.ts";
import { runRounds } from "./run.ts";

const rounds = 5;
const seed = seedOfRun();

describe.skipIf(!subjectPresent())("killed under load and started again", () => {
  test.each(policyNames)("%s", { timeout: 120_000 }, async (policy) => {
    const { row, failure } = await runRounds({ kind: subjectKind, policy, seed }, rounds, () => undefined);
    console.log(`seed ${seed}: ${row.join("  ")}`);
    expect(failure).toBeNull();
  });

  test("the rig sees that the last acknowledged write is gone", { timeout: 120_000 }, async () => {
    const options = { kind: subjectKind, policy: "always", seed, sabotage: cutLogs } as const;
    const { failure } = await runRounds(options, 1, () => undefined);
    expect(failure).toMatch(/round 1 of seed/);
  });
});

/** Takes more from the end of each log than could have been sent without an acknowledgement. */
function cutLogs(directory: string): void {
  const folder = join(directory, "appendonlydir");
  for (const name of readdirSync(folder).filter((file) => file.endsWith(".incr.aof"))) {
    const file = join(folder, name);
    truncateSync(file, statSync(file).size >> 1);
  }
}
