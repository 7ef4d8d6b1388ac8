/** --hotkeys: the keys that are used most, by the counters that a server keeps under an LFU policy. */
import { ReplyError, type Reply } from "@sider/resp-protocol/client";
import { escapeBytes } from "../format/escapes.ts";
import { binaryTextOf } from "../keys/binary-text.ts";
import { surveyKeys, type Survey } from "../keys/survey.ts";
import { allReplies, ModeFailure, telling } from "./mode-failure.ts";
import type { ModeContext, RunMode } from "./mode-context.ts";

interface HotKey {
  readonly counter: number;
  /** In quotes. */
  readonly name: string;
}

interface CountedPage {
  readonly keys: readonly Uint8Array[];
  readonly counters: readonly number[];
}

const MOST_HOT_KEYS = 16;

export const runHotKeys: RunMode = telling(async (context) => {
  if (!(await context.session.connectForMode())) return 1;
  const hottest = new HottestKeys();
  const survey = await surveyKeys(context, {
    label: "hotkeys",
    subject: "hot keys",
    prepare: (keys) => countersOf(context, keys),
    digest: (page, survey) => digest(page, hottest, survey),
  });
  survey.printSummaryHead();
  for (const { counter, name } of hottest.descending()) {
    survey.print(`hot key found with counter: ${counter}\tkeyname: ${name}\n`);
  }
  return 0;
});

/** The keys with the largest counters seen so far; of equal ones, those that were seen first. */
class HottestKeys {
  /** Ascending; null where there is none yet. */
  private readonly slots: (HotKey | null)[] = Array.from({ length: MOST_HOT_KEYS }, () => null);

  /** Whether a key with this counter is among them now. */
  offer(counter: number, nameOf: () => string): string | null {
    let above = this.slots.findIndex((slot) => counter <= (slot?.counter ?? 0));
    if (above < 0) above = MOST_HOT_KEYS;
    if (above === 0) return null;
    const at = above - 1;
    const hotKey = { counter, name: nameOf() };
    if (this.slots[at] !== null) this.slots.copyWithin(0, 1, above);
    this.slots[at] = hotKey;
    return hotKey.name;
  }

  descending(): HotKey[] {
    return this.slots.filter((slot) => slot !== null).reverse();
  }
}

function digest({ keys, counters }: CountedPage, hottest: HottestKeys, survey: Survey): void {
  for (const [index, key] of keys.entries()) {
    survey.count();
    survey.printMilestone();
    const counter = counters[index] ?? 0;
    const name = hottest.offer(counter, () => quoted(key));
    if (name !== null) {
      survey.print(`[${survey.percent}] Hot key '${name}' found so far with counter ${counter}\n`);
    }
  }
}

async function countersOf(context: ModeContext, keys: readonly Uint8Array[]): Promise<CountedPage> {
  const replies = await allReplies(
    keys.map((key) => context.session.send(["OBJECT", "FREQ", key])),
    (index, { problem, message }) =>
      `Error getting freq for key '${quoted(keys[index])}' (${problem === "protocol" ? 4 : 3}: ${message})`,
  );
  return { keys, counters: replies.map((reply, index) => counterOf(context, reply, keys[index])) };
}

function counterOf({ screen }: ModeContext, reply: Reply, key: Uint8Array | undefined): number {
  if (reply instanceof ReplyError) throw new ModeFailure(`Error: ${reply.message}`);
  if (typeof reply === "number" || typeof reply === "bigint") return Number(reply);
  screen.warnBinary(`Warning: OBJECT freq on '${quoted(key)}' failed (may have been deleted)`);
  return 0;
}

function quoted(key: Uint8Array | undefined): string {
  return `"${escapeBytes(binaryTextOf(key))}"`;
}
