/** INFO's section Commandstats: counts of each command that was called, and the time that it took. */
import type { Server } from "../server.ts";
import type { InfoFields } from "./section.ts";

export function commandStatFields({ table }: Server): InfoFields {
  const fields: (readonly [string, string])[] = [];
  table.commands.forEach((command, number) => {
    const [calls, failed, rejected] = [table.calls[number], table.failedCalls[number], table.rejectedCalls[number]];
    if (calls === 0 && failed === 0 && rejected === 0) return;
    const microseconds = Math.round(table.spentMs[number] * 1000);
    const perCall = calls === 0 ? 0 : microseconds / calls;
    const counts = `rejected_calls=${String(rejected)},failed_calls=${String(failed)}`;
    const times = `usec=${String(microseconds)},usec_per_call=${perCall.toFixed(2)}`;
    fields.push([`cmdstat_${command.fullName}`, `calls=${String(calls)},${times},${counts}`]);
  });
  return fields;
}
