/** What Ctrl-C does to a mode. */
import type { ModeContext } from "./mode-context.ts";

const NOTHING = new Uint8Array(0);

/**
 * Runs work that stops at its next good place once the signal is aborted, which the first Ctrl-C does. The second one ends the
 * program, for work that does not come to such a place.
 */
export async function stoppable<Result>(
  context: ModeContext,
  run: (stop: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const stop = new AbortController();
  return withListener(
    context,
    () => {
      if (stop.signal.aborted) return "end";
      stop.abort();
      return undefined;
    },
    () => run(stop.signal),
  );
}

/** Runs work that Ctrl-C ends at once: what is drawn on the terminal goes, then `cleanUp` is called. */
export function cleaningUp<Result>(
  context: ModeContext,
  run: () => Promise<Result>,
  cleanUp: () => void = () => undefined,
): Promise<Result> {
  const end = (): "end" => {
    cleanUp();
    return "end";
  };
  return withListener(context, end, run);
}

async function withListener<Result>(
  context: ModeContext,
  onInterrupt: () => "end" | undefined,
  run: () => Promise<Result>,
): Promise<Result> {
  const { process, screen } = context;
  const listener = (): void => {
    if (onInterrupt() !== "end") return;
    // Takes away what is drawn on the terminal.
    screen.aroundWrite(() => undefined, NOTHING, "message");
    process.off("SIGINT", listener);
    // Who waits for this process is to see that it was interrupted: a shell ends its loops then.
    process.kill(process.pid, "SIGINT");
  };
  process.on("SIGINT", listener);
  try {
    return await run();
  } finally {
    process.off("SIGINT", listener);
  }
}
