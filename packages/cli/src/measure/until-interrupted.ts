/** Ctrl-C in the modes that go on until someone ends them. */
import { ConnectionError } from "../client/connection-error.ts";
import type { ModeContext } from "../modes/mode-context.ts";
import { RefusedError } from "./patient-asker.ts";

const INTERRUPTED_EXIT_CODE = 130;

/**
 * Runs a mode until it resolves with its exit code or Ctrl-C comes; then the signal is aborted, and what waits for the server is given
 * up. On a terminal the line that was begun is ended, and `finish` shows what is to be shown at the end. Then the program dies of
 * Ctrl-C all the same, as redis-cli does: a shell script that runs it has to end too.
 */
export async function untilInterrupted(
  { session, screen, process }: ModeContext,
  run: (signal: AbortSignal) => Promise<number>,
  finish: () => void = () => undefined,
): Promise<number> {
  const controller = new AbortController();
  const { signal } = controller;
  const interrupt = (): void => {
    controller.abort();
    session.interrupt();
  };
  process.on("SIGINT", interrupt);
  try {
    const exitCode = await run(signal).catch((error: unknown) => {
      if (signal.aborted && error instanceof ConnectionError) return INTERRUPTED_EXIT_CODE;
      if (error instanceof RefusedError) return 1;
      throw error;
    });
    if (!signal.aborted) return exitCode;
    if (process.stdout.isTTY) screen.out.add("\n");
    finish();
    screen.out.flush();
  } finally {
    process.off("SIGINT", interrupt);
  }
  process.kill(process.pid, "SIGINT");
  return INTERRUPTED_EXIT_CODE;
}
