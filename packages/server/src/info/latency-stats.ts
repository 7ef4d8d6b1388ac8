/** INFO's section Latencystats: percentiles of the time that each command took, in microseconds. */
import { percentileText } from "../config/index.ts";
import type { Server } from "../server.ts";
import type { InfoFields } from "./section.ts";

const NANOSECONDS_A_MICROSECOND = 1000;

export function latencyStatFields({ configuration, table }: Server): InfoFields {
  const percentiles = configuration.get("latency-tracking-info-percentiles");
  const fields: (readonly [string, string])[] = [];
  table.commands.forEach((command, number) => {
    const histogram = table.histograms[number];
    if (histogram === null) return;
    const texts = percentiles.map((percent) => {
      const microseconds = histogram.percentile(percent) / NANOSECONDS_A_MICROSECOND;
      return `p${percentileText(percent)}=${microseconds.toFixed(3)}`;
    });
    fields.push([`latency_percentiles_usec_${command.fullName}`, texts.join(",")]);
  });
  return fields;
}
