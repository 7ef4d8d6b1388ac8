/**
 * A slice of the differential run for every `npm test`: one fixed seed, so that all runs have something in common, and one new
 * seed, which is printed. SIDER_SEED replaces the new one; `npm run diff` runs more.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { programsPresent } from "../support/programs.ts";
import { seedOfRun } from "../support/random.ts";
import { subjectKind, subjectPresent } from "../support/server.ts";
import { repositoryRoot } from "../support/workspace.ts";
import { intendedDifferences } from "./differences.ts";
import { type Peers, startPeers } from "./peers.ts";
import { describeDifference, describeResult } from "./report.ts";
import { runDifferential } from "./run.ts";

const commandsPerSeed = 15_000;
const fixedSeed = 20_231_207;
const newSeed = seedOfRun();
const canRun = subjectPresent() && programsPresent("differential tests", "redis-server");

describe.skipIf(!canRun)("random commands answered as redis-server answers them", () => {
  let peers: Peers;
  beforeAll(async () => {
    peers = await startPeers(subjectKind);
  });
  afterAll(async () => {
    await peers.reference.stop();
    await peers.subject.stop();
  });

  test.each([fixedSeed, newSeed])("seed %i", async (seed) => {
    const result = await runDifferential(peers, { seed, commands: commandsPerSeed, mostDifferences: 3, only: [] });
    console.log(describeResult(result, seed));
    expect(result.differences.map((difference) => describeDifference(difference, seed)).join("\n\n")).toBe("");
  });
});

test("every intended difference is explained in docs/differences.md", () => {
  const page = readFileSync(join(repositoryRoot, "docs", "differences.md"), "utf8");
  const headings = [...page.matchAll(/^### (.+)$/gm)].map((match) => match[1]);
  for (const difference of intendedDifferences) expect(headings).toContain(difference.name);
});
