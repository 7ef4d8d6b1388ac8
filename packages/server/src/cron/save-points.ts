/** Saving without being asked: the directive `save`. The save blocks. */
import type { Server } from "../server.ts";

/** After a save that failed, the next is tried so much later. */
const RETRY_DELAY_SECONDS = 5;

/** Saves when a save point is reached: so many changes, and so many seconds since the last save. */
export function saveIfDue(server: Server, nowMs: number): void {
  const { configuration, persistence, log } = server;
  const changes = persistence.changesSinceSave;
  if (changes === 0) return;
  const nowSeconds = Math.floor(nowMs / 1000);
  const sinceSaveSeconds = nowSeconds - persistence.lastSaveUnixSeconds;
  const mayTry = persistence.lastSaveOk || nowSeconds - persistence.lastAttemptUnixSeconds > RETRY_DELAY_SECONDS;
  if (!mayTry) return;
  for (const point of configuration.get("save")) {
    if (changes < point.changes || sinceSaveSeconds <= point.seconds) continue;
    log.notice(`${String(point.changes)} changes in ${String(point.seconds)} seconds. Saving...`);
    try {
      persistence.save();
    } catch {
      // save has logged it, and lastSaveOk says so
    }
    return;
  }
}
