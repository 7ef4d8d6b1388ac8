/** Waiting for snapshots and rewrites of the append-only file. */
import { setTimeout as sleep } from "node:timers/promises";

import type { RawConnection } from "./connection.ts";

const PAUSE_MS = 3;

/** Resolves when nothing is being saved or waits to be, with what INFO persistence says then: also whether it went well. */
export async function whenSaved(connection: RawConnection): Promise<string> {
  for (;;) {
    const info = await connection.callText("INFO", "persistence");
    if (!/(?:bgsave_in_progress|rewrite_in_progress|rewrite_scheduled):1/.test(info)) return info;
    await sleep(PAUSE_MS);
  }
}
