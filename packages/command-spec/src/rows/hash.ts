/** Hashes. */

import type { CommandRows } from "../row.ts";

export const hashRows = {} as const satisfies CommandRows;
