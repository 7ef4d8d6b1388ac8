/** HyperLogLogs. */

import type { CommandRows } from "../row.ts";

export const hyperloglogRows = {} as const satisfies CommandRows;
