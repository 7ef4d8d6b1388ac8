/** The saves of a round of the rig: when each was asked for, and how far the writers were then. */
import { setTimeout as sleep } from "node:timers/promises";

import { RawConnection } from "../support/connection.ts";
import type { Random } from "../support/random.ts";
import { whenSaved } from "../support/saves.ts";
import type { Load } from "./load.ts";

/** A save is of one moment between its request and the reply: it holds what had been acknowledged, and no more than was sent. */
export interface SaveWindow {
  readonly least: readonly number[];
  /** Null while there is no reply: the end may have come first. */
  most: readonly number[] | null;
  /** Whether the server said that it was done. */
  isDone: boolean;
}

/** Asks for saves (or rewrites of the append-only file) at random moments, until the connection ends with the server. */
export async function saveNowAndThen(port: number, load: Load, random: Random, command: string): Promise<SaveWindow[]> {
  const windows: SaveWindow[] = [];
  const connection = await RawConnection.open(port);
  try {
    for (;;) {
      await sleep(random.integer(0, 250));
      const window: SaveWindow = { least: load.acknowledged(), most: null, isDone: false };
      windows.push(window);
      const reply = await connection.callText(command);
      window.most = load.sent();
      if (reply.startsWith("-")) windows.pop();
      else window.isDone = (await whenSaved(connection)).includes("rdb_last_bgsave_status:ok");
    }
  } catch {
    // The server has ended.
  }
  connection.close();
  return windows;
}

/** The saves that can be on disk: the last one that was done, and all that were begun after it. */
export function possibleSaves(windows: readonly SaveWindow[]): SaveWindow[] {
  const lastDone = windows.findLastIndex((window) => window.isDone);
  return windows.slice(Math.max(0, lastDone));
}
