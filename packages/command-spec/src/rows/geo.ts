/** Places on the globe, in sorted sets. */

import type { CommandRows } from "../row.ts";

export const geoRows = {} as const satisfies CommandRows;
