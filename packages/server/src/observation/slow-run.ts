/** Notes a run of short commands that was slow (`CommandClock`), under the one of them that is most likely to have taken the time. */
import type { RequestBatch } from "@sider/resp-protocol";
import { CommandContext } from "../dispatch/command-context.ts";
import type { Session } from "../session/session.ts";
import type { Transaction } from "../session/transaction.ts";
import type { CommandNumbers } from "./command-clock.ts";

const NO_HASHES = new Int32Array(0);

export interface SlowRun {
  readonly session: Session;
  readonly batch: RequestBatch | Transaction;
  readonly numbers: CommandNumbers;
  /** The run: the commands [first .. end) of the batch, and how long they took together. */
  readonly first: number;
  readonly end: number;
  readonly elapsedMs: number;
}

/** Notes the run under its command with the longest arguments. */
export function noteSlowRun(run: SlowRun): void {
  const { session, batch, elapsedMs } = run;
  const { server } = session;
  const context = new CommandContext(server, server.reply);
  const at = longestCommand(run);
  const start = batch.commandStarts[at];
  context.openBatch(session, batch, NO_HASHES);
  context.openCommand(run.numbers[at], start, batch.commandStarts[at + 1] - start, 1, 0, 1);
  server.observation.noteSlow(context, elapsedMs);
}

function longestCommand({ batch, first, end }: SlowRun): number {
  const { commandStarts, argumentLengths } = batch;
  let longest = first;
  let longestBytes = -1;
  for (let at = first; at < end; at++) {
    let bytes = 0;
    for (let argument = commandStarts[at]; argument < commandStarts[at + 1]; argument++)
      bytes += argumentLengths[argument];
    if (bytes > longestBytes) [longest, longestBytes] = [at, bytes];
  }
  return longest;
}
