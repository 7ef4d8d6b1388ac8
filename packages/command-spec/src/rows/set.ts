/** Sets. */

import type { CommandRows } from "../row.ts";

export const setRows = {} as const satisfies CommandRows;
