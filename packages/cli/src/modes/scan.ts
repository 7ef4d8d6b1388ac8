/** --scan: the names of all keys, a line each; in quotes on a terminal. */
import { keyProgress } from "../keys/key-progress.ts";
import { countKeys, walkKeys } from "../keys/walk.ts";
import { escapeBytes } from "../format/escapes.ts";
import type { Printer } from "../format/printer.ts";
import { drained } from "../drained.ts";
import { withProgress } from "../progress/start-progress.ts";
import { stoppable } from "./interrupts.ts";
import { telling } from "./mode-failure.ts";
import type { ModeContext, RunMode } from "./mode-context.ts";

/** Without --count and -i: large pages take few round trips, and a server no more than some hundred microseconds each. */
const KEYS_PER_PAGE = 1000;

export const runScan: RunMode = telling(async (context) => {
  if (!(await context.session.connectForMode())) return 1;
  await stoppable(context, (stop) => printKeys(context, stop));
  return 0;
});

async function printKeys(context: ModeContext, stop: AbortSignal): Promise<void> {
  const { session, options, screen, process } = context;
  const { pattern, scanCount } = options.modeOptions;
  const pause = { ms: options.intervalMs, pages: 1 };
  const count = scanCount ?? (pause.ms > 0 ? undefined : KEYS_PER_PAGE);
  const isQuoted = session.format.format === "standard";
  await withProgress(
    context,
    { label: "scan", unit: "keys" },
    async (progress) => {
      const total = progress.isShown && pattern === undefined ? await countKeys(session) : undefined;
      const tell = keyProgress(progress, pattern, total);
      let printed = 0;
      await walkKeys(session, { pattern, count, pause }, stop, async (keys, cursor) => {
        for (const key of keys) printKey(screen.out, key, isQuoted);
        screen.out.flush();
        printed += keys.length;
        tell(printed, cursor);
        await drained(process.stdout);
      });
    },
    stop,
  );
}

function printKey(out: Printer, key: Uint8Array, isQuoted: boolean): void {
  if (isQuoted) {
    out.add('"');
    out.addConverted(key, escapeBytes);
    out.add('"\n');
  } else {
    out.addBytes(key);
    out.add("\n");
  }
}
