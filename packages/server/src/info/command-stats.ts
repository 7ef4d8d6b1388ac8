/** INFO's section Commandstats: counts of each command that was called. Times of single commands are not taken. */
import type { Server } from "../server.ts";
import type { InfoFields } from "./section.ts";

export function commandStatFields({ table }: Server): InfoFields {
  const fields: (readonly [string, string])[] = [];
  table.commands.forEach((command, number) => {
    const [calls, failed, rejected] = [table.calls[number], table.failedCalls[number], table.rejectedCalls[number]];
    if (calls === 0 && rejected === 0) return;
    const counts = `rejected_calls=${String(rejected)},failed_calls=${String(failed)}`;
    fields.push([`cmdstat_${command.fullName}`, `calls=${String(calls)},usec=0,usec_per_call=0.00,${counts}`]);
  });
  return fields;
}
