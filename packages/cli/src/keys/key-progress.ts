/** How far a walk over keys is: of so many, or, with a pattern, of which nobody knows how many match, by the cursor. */
import type { ProgressReport } from "../progress/start-progress.ts";
import { shareSeen } from "./cursor-share.ts";

/** Gives a function that is told of each page. */
export function keyProgress(
  progress: ProgressReport,
  pattern: string | undefined,
  total: number | undefined,
): (keys: number, cursor: string) => void {
  if (pattern === undefined) {
    progress.update({ done: 0, total });
    return (done) => progress.update({ done, total });
  }
  if (!progress.isShown) return () => undefined;
  progress.update({ done: 0, share: 0 });
  return (done, cursor) => progress.update({ done, share: shareSeen(cursor) });
}
