/** INFO's section Debug, which is in no group: what the event loop has been busy with, in microseconds, and the most of one turn. */
import type { Server } from "../server.ts";
import type { InfoFields } from "./section.ts";

export function debugFields({ loop }: Server): InfoFields {
  return [
    ["eventloop_duration_aof_sum", Math.floor(loop.appendOnlyMs * 1000)],
    ["eventloop_duration_cron_sum", Math.floor(loop.timerMs * 1000)],
    ["eventloop_duration_max", Math.floor(loop.longestMs * 1000)],
    ["eventloop_cmd_per_cycle_max", loop.commandsMaximum],
  ];
}
