/** How long PING takes, again and again: what the latency modes are made of. */
import { ReplyError } from "@sider/resp-protocol/client";
import type { ModeContext } from "../modes/mode-context.ts";
import type { Clock } from "./clock.ts";
import { PatientAsker } from "./patient-asker.ts";
import { Pinger } from "./pinger.ts";
import { Rehearsal } from "./rehearsal.ts";

/** Between a reply and the next PING. */
const PAUSE_MS = 10;

/** One PING: when it was sent, and when its reply was there. */
export interface PingSample {
  readonly startMs: number;
  readonly endMs: number;
}

/**
 * Sends PINGs over the connected session, one after the other, until `onSample` gives false. An error reply is a reply that took its
 * time as well: it is counted, and told the first time. Rejects as PatientAsker does.
 */
export async function samplePings(
  context: ModeContext,
  clock: Clock,
  signal: AbortSignal,
  onSample: (sample: PingSample) => boolean,
): Promise<void> {
  const rehearsal = await Rehearsal.open(clock, signal);
  try {
    await sample(context, clock, signal, onSample, rehearsal);
  } finally {
    rehearsal?.close();
  }
}

async function sample(
  { session, screen }: ModeContext,
  clock: Clock,
  signal: AbortSignal,
  onSample: (sample: PingSample) => boolean,
  rehearsal: Rehearsal | null,
): Promise<void> {
  const asker = new PatientAsker(session, screen, clock, signal);
  const pinger = new Pinger(session, clock, signal);
  let hasWarned = false;
  for (;;) {
    await rehearsal?.ping();
    // A server that was away took as long to answer.
    const startMs = clock.nowMs();
    const { reply, endMs } = await asker.ask(() => pinger.ping());
    if (reply instanceof ReplyError && !hasWarned) {
      screen.warnBinary(`PING is answered with an error: ${reply.message}`);
      hasWarned = true;
    }
    if (!onSample({ startMs, endMs })) return;
    await clock.sleep(PAUSE_MS, signal);
  }
}

/** The duration as redis-cli counts it: from one tick of a clock of whole milliseconds to another. The mean of many is right. */
export function wholeMilliseconds({ startMs, endMs }: PingSample): number {
  return Math.floor(endMs) - Math.floor(startMs);
}

/** The same with a clock of whole microseconds. */
export function wholeMicroseconds({ startMs, endMs }: PingSample): number {
  return Math.floor(endMs * 1000) - Math.floor(startMs * 1000);
}

export function nanoseconds({ startMs, endMs }: PingSample): number {
  return (endMs - startMs) * 1e6;
}
