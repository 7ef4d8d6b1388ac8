/**
 * `--stat`: what INFO says about the whole server, a line each second or `-i`.
 *
 *     ------- data ------ --------------------- load -------------------- - child -
 *     keys       mem      clients blocked requests            connections
 *     506        1.00M    1       0       24 (+0)             7
 */
import { replyText } from "../format/reply-text.ts";
import { ReplyError } from "@sider/resp-protocol/client";
import { fixed } from "../format/fixed.ts";
import { systemClock, type Clock } from "../measure/clock.ts";
import { PatientAsker } from "../measure/patient-asker.ts";
import { untilInterrupted } from "../measure/until-interrupted.ts";
import type { ModeContext } from "./mode-context.ts";

const HEADER = `------- data ------ --------------------- load -------------------- - child -
keys       mem      clients blocked requests            connections          
`;
const LINES_PER_HEADER = 20;
const DEFAULT_INTERVAL_MS = 1000;
/** What a child process does: saves, rewrites the append-only file, both; or the server loads. Other combinations have no name. */
const ACTIVITIES = ["", "SAVE", "AOF", "SAVE+AOF", "LOAD"];

/** Runs until Ctrl-C, or an error that waiting does not mend. */
export async function runStat(context: ModeContext, clock: Clock = systemClock): Promise<number> {
  const { session, screen, options } = context;
  if (!(await session.connectForMode())) return 1;
  return untilInterrupted(context, async (signal) => {
    const asker = new PatientAsker(session, screen, clock, signal);
    const intervalMs = options.intervalMs || DEFAULT_INTERVAL_MS;
    let requestsBefore = 0;
    for (let lines = 0; ; lines++) {
      const reply = await asker.ask(() => session.send(["INFO"]));
      if (reply instanceof ReplyError) {
        screen.warnBinary(`ERROR: ${reply.message}`);
        return 1;
      }
      const info = replyText(reply);
      if (lines % LINES_PER_HEADER === 0) screen.out.add(HEADER);
      screen.out.add(statLine(info, requestsBefore) + "\n");
      screen.out.flush();
      requestsBefore = numberIn(info, "total_commands_processed");
      await clock.sleep(intervalMs, signal);
    }
  });
}

/** One line of the table; `requestsBefore` is the count of the line before, 0 when there is none. */
function statLine(info: string, requestsBefore: number): string {
  const requests = numberIn(info, "total_commands_processed");
  const increase = requestsBefore === 0 ? 0 : requests - requestsBefore;
  const activity =
    numberIn(info, "rdb_bgsave_in_progress") |
    (numberIn(info, "aof_rewrite_in_progress") << 1) |
    (numberIn(info, "loading") << 2);
  return [
    String(keysIn(info)).padEnd(11),
    bytesText(numberIn(info, "used_memory")).padEnd(8),
    " " + String(numberIn(info, "connected_clients")).padEnd(8),
    String(numberIn(info, "blocked_clients")).padEnd(8),
    `${requests} (+${increase})`.padEnd(19),
    " " + String(numberIn(info, "total_connections_received")).padEnd(12),
    ACTIVITIES[activity] ?? "",
  ].join("");
}

/** The keys of all databases. */
function keysIn(info: string): number {
  let keys = 0;
  for (const [, count] of info.matchAll(/^db\d+:keys=(\d+)/gm)) keys += Number(count);
  return keys;
}

/** A field that the server does not have counts as 0. */
function numberIn(info: string, field: string): number {
  return Number(new RegExp(`^${field}:(-?\\d+)`, "m").exec(info)?.[1] ?? 0);
}

/** `100B`, `1.50K`, `2.00M`, ... */
function bytesText(bytes: number): string {
  if (bytes < 1024) return `${bytes}B`;
  const unit = [1, 2, 3].find((power) => bytes < 1024 ** (power + 1)) ?? 4;
  return fixed(bytes / 1024 ** unit, 2) + ("KMGT"[unit - 1] ?? "");
}
