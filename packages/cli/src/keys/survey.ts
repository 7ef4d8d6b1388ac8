/** What --bigkeys, --memkeys and --hotkeys have in common: a walk over all keys with a running report, in redis-cli's words. */
import { drained } from "../drained.ts";
import { percentText } from "./percent-text.ts";
import { stoppable } from "../modes/interrupts.ts";
import type { ModeContext } from "../modes/mode-context.ts";
import { withProgress } from "../progress/start-progress.ts";
import { keyProgress } from "./key-progress.ts";
import { countKeys, walkKeys } from "./walk.ts";

export interface SurveyWork<Page> {
  readonly label: string;
  /** What is looked for. */
  readonly subject: string;
  /** Asks the server about a page of keys. */
  prepare(keys: readonly Uint8Array[]): Promise<Page>;
  /** Takes in what was learned, page by page in order. */
  digest(page: Page, survey: Survey): void;
}

/** -i pauses once in so many pages. */
const PAGES_PER_PAUSE = 100;
const MILESTONE_KEYS = 1_000_000;

export class Survey {
  sampled = 0;
  /** Share of the keys that had been seen before the current page: `07.50%`. */
  percent = "";
  isInterrupted = false;
  readonly print: (binary: string) => void;
  private readonly total: number;

  constructor(total: number, print: (binary: string) => void) {
    this.total = total;
    this.print = print;
  }

  beginPage(): void {
    this.percent = percentText((100 * this.sampled) / this.total);
  }

  count(): void {
    this.sampled++;
  }

  printMilestone(): void {
    if (this.sampled % MILESTONE_KEYS === 0) this.print(`[${this.percent}] Sampled ${this.sampled} keys so far\n`);
  }

  printSummaryHead(): void {
    this.print("\n-------- summary -------\n\n");
    if (this.isInterrupted) this.print(`[${this.percent}] `);
    this.print(`Sampled ${this.sampled} keys in the keyspace!\n`);
  }
}

/** Goes over all keys until the end or Ctrl-C. The summary is left to the caller. */
export function surveyKeys<Page>(context: ModeContext, work: SurveyWork<Page>): Promise<Survey> {
  return stoppable(context, (stop) => walk(context, work, stop));
}

async function walk<Page>(context: ModeContext, work: SurveyWork<Page>, stop: AbortSignal): Promise<Survey> {
  const { session, options, screen } = context;
  const total = await countKeys(session);
  const survey = new Survey(total, (binary) => screen.out.add(binary));
  survey.print(head(work.subject));
  screen.out.flush();
  const { pattern, scanCount: count } = options.modeOptions;
  const walkOptions = { pattern, count, pause: { ms: options.intervalMs, pages: PAGES_PER_PAUSE } };
  await withProgress(
    context,
    { label: work.label, unit: "keys" },
    async (progress) => {
      const tell = keyProgress(progress, pattern, total);
      let before: Promise<void> = Promise.resolve();
      const visit = async (keys: readonly Uint8Array[], cursor: string, isTurn: Promise<void>): Promise<void> => {
        const page = await work.prepare(keys);
        await isTurn;
        survey.beginPage();
        work.digest(page, survey);
        tell(survey.sampled, cursor);
        screen.out.flush();
        await drained(context.process.stdout);
      };
      await walkKeys(session, walkOptions, stop, (keys, cursor) => (before = visit(keys, cursor, before)));
    },
    stop,
  );
  survey.isInterrupted = stop.aborted;
  return survey;
}

function head(subject: string): string {
  return (
    `\n# Scanning the entire keyspace to find ${subject} as well as\n` +
    "# average sizes per key type.  You can use -i 0.1 to sleep 0.1 sec\n" +
    "# per 100 SCAN commands (not usually needed).\n\n"
  );
}
