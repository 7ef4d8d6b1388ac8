/** Whether a mode shows how far it is: only to someone who looks, and never where its output is read by another program. */
import { fstatSync } from "node:fs";
import { performance } from "node:perf_hooks";
import { terminalTraits } from "../draw/terminal-traits.ts";
import type { ModeContext } from "../modes/mode-context.ts";
import type { ProgramProcess } from "../process.ts";
import { Progress, type ProgressClock, type ProgressTerminal, type Work } from "./progress.ts";
import type { Standing } from "./progress-line.ts";

/** What a mode tells of its work, whether it is shown or not. */
export interface ProgressReport {
  /** Whether someone sees it: what is only asked for the sake of it need not be asked otherwise. */
  readonly isShown: boolean;
  update(standing: Standing): void;
}

const SYSTEM_CLOCK: ProgressClock = {
  now: () => performance.now(),
  every(ms, run) {
    const timer = setInterval(run, ms).unref();
    return () => clearInterval(timer);
  },
};

const SILENCE: ProgressReport = { isShown: false, update: () => undefined };

/** Runs work that tells how far it is, and that it is about to stop. What it shows is gone at the end, an error being one too. */
export async function withProgress<Result>(
  context: ModeContext,
  work: Work,
  run: (progress: ProgressReport) => Promise<Result>,
  stop?: AbortSignal,
): Promise<Result> {
  const { process, screen } = context;
  if (!isWatched(process)) return run(SILENCE);
  const progress = new Progress(
    work,
    process.stderr as unknown as ProgressTerminal,
    SYSTEM_CLOCK,
    terminalTraits(process.stderr, process.env),
  );
  stop?.addEventListener("abort", () => progress.relabel(`${work.label}, stopping`), { once: true });
  const before = screen.aroundWrite;
  screen.aroundWrite = (write, bytes, kind) => {
    // Output that goes to a file takes no room on the terminal.
    if (kind === "output" && !process.stdout.isTTY) write();
    else progress.makeRoom(write, bytes);
  };
  try {
    return await run(progress);
  } finally {
    screen.out.flush();
    progress.stop();
    screen.aroundWrite = before;
  }
}

/** A terminal is there for messages, and the output goes to it or to a file. */
function isWatched({ stdout, stderr, env }: ProgramProcess): boolean {
  if (stderr.isTTY !== true || env["TERM"] === "dumb") return false;
  return stdout.isTTY || isFile((stdout as { fd?: number }).fd);
}

function isFile(descriptor: number | undefined): boolean {
  if (descriptor === undefined) return false;
  const stats = fstatSync(descriptor);
  return stats.isFile() || stats.isCharacterDevice();
}
