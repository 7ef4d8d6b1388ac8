/**
 * Reduces a failing history: first to the steps that name one of the keys of the failing step or change the connection, then by
 * leaving out ever smaller pieces for as long as the difference stays (delta debugging).
 */
import type { Step } from "./steps.ts";

/** Replays of a history that one reduction may cost. */
const mostReplays = 250;
/** Steps that concern every key or the connection itself. */
const alwaysRelevant = ["select", "hello", "reset", "swapdb", "flushall", "flushdb", "auth"];

type Shows = (steps: readonly Step[]) => Promise<boolean>;

/** The fewest steps found, the failing one last, or null when the history does not show the difference again. */
export async function shrink(before: readonly Step[], failing: Step, shows: Shows): Promise<Step[] | null> {
  const start = await relatedHistory(before, failing, shows);
  if (start === null) return null;
  let kept = start;
  let replays = 0;
  for (let size = Math.ceil(kept.length / 2); size >= 1 && kept.length > 0 && replays < mostReplays;) {
    let isShorter = false;
    for (let at = 0; at < kept.length && replays < mostReplays; replays++) {
      const candidate = kept.toSpliced(at, size);
      if (await shows([...candidate, failing])) {
        kept = candidate;
        isShorter = true;
      } else {
        at += size;
      }
    }
    if (size > 1) size = Math.ceil(size / 2);
    else if (!isShorter) break;
  }
  return [...kept, failing];
}

/** The shortest of some promising restrictions of the history that still shows the difference. */
async function relatedHistory(before: readonly Step[], failing: Step, shows: Shows): Promise<Step[] | null> {
  const words = new Set(wordsOf(failing));
  const direct = before.filter((step) => isRelated(step, words));
  const widened = new Set(direct.flatMap(wordsOf));
  const indirect = before.filter((step) => isRelated(step, widened));
  for (const candidate of [[], direct.slice(-40), direct, indirect, before]) {
    if (await shows([...candidate, failing])) return [...candidate];
  }
  return null;
}

function isRelated(step: Step, words: ReadonlySet<string>): boolean {
  if (step.kind === "command" && alwaysRelevant.includes((step.args[0] ?? "").toLowerCase())) return true;
  return wordsOf(step).some((word) => words.has(word));
}

/** What may be a key: all arguments but the name. */
function wordsOf(step: Step): string[] {
  if (step.kind === "command") return step.args.slice(1);
  return step.kind === "exchange" ? [step.key, step.target] : [];
}
