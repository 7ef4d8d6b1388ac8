/** Streams. */

import type { CommandRows } from "../row.ts";

export const streamRows = {} as const satisfies CommandRows;
