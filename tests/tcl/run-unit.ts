/**
 * Runs one file of the suite in its own process and reads what it prints: one line per test, `[ok]: name (12 ms)`, `[err]: name in
 * file` with details below, `[skip]`, `[ignore]` (a tag that was not asked for) or `[exception]`, after which the file has ended.
 */
import { spawn } from "node:child_process";

export interface Failure {
  test: string;
  details: string;
}

export interface UnitResult {
  unit: string;
  passed: string[];
  failed: Failure[];
  skipped: string[];
  /** What each ignored test needs: `name: reason`. */
  ignored: string[];
  /** False when the file did not come to its end. */
  ended: boolean;
  /** What the suite printed last, when it did not end. */
  tail: string;
  seconds: number;
}

export interface UnitOptions {
  /** The private copy. */
  folder: string;
  unit: string;
  skippedTests: readonly string[];
  /** Seconds without any progress after which the suite gives up. */
  silenceSeconds: number;
  suiteArguments: readonly string[];
  onLine: (line: string) => void;
}

/** Runs a file to its end, or to the end of its patience. */
export async function runUnit(options: UnitOptions): Promise<UnitResult> {
  const startedAt = performance.now();
  const output = await runSuite(options);
  const result = readOutput(options.unit, output);
  return { ...result, seconds: (performance.now() - startedAt) / 1000 };
}

/** --durable: an error inside a test ends that test, not the file. One client: tests that want to be alone run in their place. */
function suiteCommand({ unit, skippedTests, silenceSeconds, suiteArguments }: UnitOptions): string[] {
  const fixed = ["tests/test_helper.tcl", "--single", unit, "--durable", "--clients", "1", "--dont-clean"];
  const skips = skippedTests.flatMap((test) => ["--skiptest", test]);
  return [...fixed, "--timeout", String(silenceSeconds), ...skips, ...suiteArguments];
}

function runSuite(options: UnitOptions): Promise<string> {
  // A process group of its own: the suite starts clients and servers, and all of them must end with it.
  const child = spawn("tclsh", suiteCommand(options), {
    cwd: options.folder,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, TERM: "dumb" },
  });
  const killGroup = (): void => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
    } catch {
      // All have ended.
    }
  };
  process.once("exit", killGroup);
  const pieces: string[] = [];
  const collect = (piece: string): void => {
    pieces.push(piece);
    for (const line of piece.split("\n")) if (/^\[(err|exception|TIMEOUT)\]/.test(line)) options.onLine(line);
  };
  child.stdout.setEncoding("latin1").on("data", collect);
  child.stderr.setEncoding("latin1").on("data", collect);
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    // Not "close": a server that outlives the suite would hold the pipe open.
    child.once("exit", () => {
      killGroup();
      process.removeListener("exit", killGroup);
      setImmediate(() => resolve(pieces.join("")));
    });
  });
}

/** Reads the whole output of one file. */
export function readOutput(unit: string, output: string): UnitResult {
  // After the end the suite lists the failures once more.
  const end = output.indexOf("The End");
  const body = end < 0 ? output : output.slice(0, end);
  const blocks = body.split(/^(?=\[[\w/ ]+\]: |Cleanup)/m);
  const texts = (status: string): string[] =>
    blocks
      .filter((block) => block.startsWith(`[${status}]: `))
      .map((block) => block.slice(status.length + 4).trimEnd());
  const exceptions = texts("exception").map((details) => ({ test: "(outside of a test)", details }));
  const ended = end >= 0 && !output.includes("[TIMEOUT]");
  return {
    unit,
    passed: texts("ok").map((text) => text.replace(/ \(\d+ ms\)$/, "")),
    failed: [...texts("err").map((text) => toFailure(unit, text)), ...exceptions],
    skipped: texts("skip"),
    ignored: texts("ignore"),
    ended,
    tail: ended ? "" : output.slice(-1500),
    seconds: 0,
  };
}

function toFailure(unit: string, text: string): Failure {
  const marker = ` in tests/${unit}.tcl`;
  const at = text.indexOf(marker);
  if (at < 0) return { test: text.split("\n")[0] ?? "", details: text };
  return { test: text.slice(0, at), details: text.slice(at + marker.length).trim() };
}
