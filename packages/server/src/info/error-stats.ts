/** INFO's section Errorstats: error replies by their first word. */
import type { Server } from "../server.ts";
import type { InfoFields } from "./section.ts";

export function errorStatFields({ statistics }: Server): InfoFields {
  return [...statistics.errors]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([code, count]) => [`errorstat_${code}`, `count=${String(count)}`]);
}
