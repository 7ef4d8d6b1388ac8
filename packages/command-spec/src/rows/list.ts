/** Lists. */

import type { CommandRows } from "../row.ts";

export const listRows = {} as const satisfies CommandRows;
