/** Some rounds of the crash rig, and their figures in one row. */
import { CrashRig, type RigOptions, type RoundReport } from "./rig.ts";

export interface RunResult {
  reports: RoundReport[];
  /** Policy, rounds, steps acknowledged, lost, saves, damaged tails, median and longest start in milliseconds. */
  row: string[];
  /** What was wrong in the round that was not as promised, and where its files are; null when there was none. */
  failure: string | null;
}

/** Rounds between two lines of progress. */
const progressEvery = 25;

/** Runs rounds until one is wrong. */
export async function runRounds(
  options: RigOptions,
  rounds: number,
  onLine: (line: string) => void,
): Promise<RunResult> {
  const rig = new CrashRig(options);
  const reports: RoundReport[] = [];
  const result = (failure: string | null): RunResult => ({ reports, row: rowOf(options, reports), failure });
  try {
    while (reports.length < rounds) {
      reports.push(await rig.round());
      if (reports.length % progressEvery === 0) onLine(`${options.policy}: ${reports.length} of ${rounds} rounds`);
    }
  } catch (error) {
    await rig.kill();
    const where = `${options.policy}, round ${reports.length + 1} of seed ${options.seed}, files in ${rig.directory}`;
    return result(`${where}:\n${error instanceof Error ? error.message : String(error)}`);
  }
  await rig.end();
  return result(null);
}

function rowOf({ policy }: RigOptions, reports: readonly RoundReport[]): string[] {
  const sum = (of: (report: RoundReport) => number): string =>
    String(reports.reduce((total, report) => total + of(report), 0));
  const starts = reports.map((report) => report.restartMs).sort((a, b) => a - b);
  return [
    policy,
    String(reports.length),
    sum((report) => report.acknowledged),
    sum((report) => report.lost),
    sum((report) => report.saves),
    sum((report) => (report.damage === "" ? 0 : 1)),
    (starts[starts.length >> 1] ?? 0).toFixed(0),
    (starts.at(-1) ?? 0).toFixed(0),
  ];
}
