/**
 * `npm run soak`: durability at full size, an hour or so. Every stage runs, also after one that failed; the table at the end says
 * what came out, and the exit code is 0 only if all is well.
 */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { runRounds } from "../crash/run.ts";
import { runUnderFire } from "../snapshots/under-fire.ts";
import { seedOfRun } from "../support/random.ts";
import { subjectKind, subjectPresent } from "../support/server.ts";
import { renderTable } from "../support/table.ts";
import { repositoryRoot } from "../support/workspace.ts";
import { type CrashWork, type FireWork, type FuzzWork, type Stage, stages } from "./stages.ts";

const usage = `npm run soak -- [options]

  --scale N     of the full size (1); 0.01 is a look
  --only NAMES  of ${stages.map((stage) => stage.name).join(",")}
  --seed N      for all stages`;

const { values } = parseArgs({
  args: process.argv.slice(2).filter((argument) => argument !== "--"),
  options: {
    scale: { type: "string", default: "1" },
    only: { type: "string", default: stages.map((stage) => stage.name).join(",") },
    seed: { type: "string" },
    help: { type: "boolean", default: false },
  },
});
const scale = Number(values.scale);
const seed = seedOfRun(values.seed);

interface Outcome {
  passed: boolean;
  figures: string;
}

async function main(): Promise<number> {
  if (values.help) {
    console.log(usage);
    return 0;
  }
  if (!(scale > 0)) throw new Error(`--scale: "${values.scale}" is not a positive number`);
  if (!subjectPresent()) return 1;
  console.log(`seed ${seed}`);
  const rows: string[][] = [];
  let failures = 0;
  for (const stage of stages.filter(({ name }) => values.only.split(",").includes(name))) {
    console.log(`\n${stage.name}: ${stage.claim}`);
    const startedAt = performance.now();
    const { passed, figures } = await run(stage);
    if (!passed) failures++;
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(0);
    const row = [stage.name, seconds, passed ? "passed" : "FAILED", figures];
    console.log(row.join("  "));
    rows.push(row);
  }
  console.log(`\n${renderTable(["stage", "seconds", "", ""], rows)}`);
  return failures === 0 && rows.length > 0 ? 0 : 1;
}

async function run({ work }: Stage): Promise<Outcome> {
  if (work.kind === "fuzz") return runFuzz(work);
  return work.kind === "crash" ? runCrashes(work) : runFire(work);
}

async function runFire({ snapshots, fillers, largeElements }: FireWork): Promise<Outcome> {
  const options = { kind: subjectKind, seed, snapshots: Math.ceil(snapshots * scale), fillers, largeElements };
  const report = await runUnderFire(options, (line) => console.log(line));
  if (report.failure !== null) console.log(report.failure);
  const figures = `${report.snapshots} snapshots, ${report.commands} commands, ${report.changesMeanwhile} counted meanwhile`;
  return { passed: report.failure === null, figures };
}

async function runCrashes({ policy, rounds }: CrashWork): Promise<Outcome> {
  const options = { kind: subjectKind, policy, seed };
  const { row, failure } = await runRounds(options, Math.ceil(rounds * scale), (line) => console.log(line));
  if (failure !== null) console.log(failure);
  const [, done, acknowledged, lost, saves, damaged, medianMs, slowestMs] = row;
  const starts = `starts ${medianMs} ms, slowest ${slowestMs}`;
  const figures = `${done} rounds, ${acknowledged} steps acknowledged, ${lost} lost, ${saves} saves, ${damaged} damaged tails, ${starts}`;
  return { passed: failure === null, figures };
}

/** A fuzz file in a vitest of its own, without a time limit. */
function runFuzz({ folder, filter, fullScale }: FuzzWork): Promise<Outcome> {
  const vitest = join(repositoryRoot, "node_modules", ".bin", "vitest");
  const child = spawn(vitest, ["run", filter, "--testTimeout=0", "--reporter=verbose"], {
    cwd: join(repositoryRoot, folder),
    env: { ...process.env, SIDER_FUZZ_SCALE: String(fullScale * scale), SIDER_SEED: String(seed) },
    stdio: "inherit",
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) =>
      resolve({ passed: code === 0, figures: `${Number((fullScale * scale).toPrecision(6))} times the usual size` }),
    );
  });
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error, `\n\n${usage}`);
  process.exitCode = 2;
}
