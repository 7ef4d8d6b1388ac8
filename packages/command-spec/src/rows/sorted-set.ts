/** Sorted sets. */

import type { CommandRows } from "../row.ts";

export const sortedSetRows = {} as const satisfies CommandRows;
