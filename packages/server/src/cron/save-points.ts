/** Saving without being asked: the directive `save`, and a BGSAVE SCHEDULE that had to wait. */
import type { Server } from "../server.ts";

/** Begins a background save when a save point is reached: so many changes, and so many seconds since the last save. */
export function saveIfDue(server: Server, nowMs: number): void {
  const { configuration, persistence, log } = server;
  const { saving } = persistence;
  const nowSeconds = Math.floor(nowMs / 1000);
  if (!saving.mayStart(nowSeconds)) return;
  if (saving.isScheduled) return saving.startBackground();
  const changes = persistence.changesSinceSave;
  const sinceSaveSeconds = nowSeconds - saving.lastSaveUnixSeconds;
  for (const point of configuration.get("save")) {
    if (changes < point.changes || sinceSaveSeconds <= point.seconds) continue;
    log.notice(`${String(point.changes)} changes in ${String(point.seconds)} seconds. Saving...`);
    return saving.startBackground();
  }
}
