/** INFO's section Latencystats: empty, since times of single commands are not taken. */
import type { InfoFields } from "./section.ts";

export function latencyStatFields(): InfoFields {
  return [];
}
