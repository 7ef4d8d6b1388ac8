/**
 * Resizing tables that nobody inserts into, so that a table does not keep two bucket arrays for as long as it is only read: commands
 * move some buckets as they come, and where none come the server's timer does. Without the commands a table of a million keys would
 * make everyone wait for the timer's millisecond, ten times a second, for seconds.
 */
import { isResizing, resizeStep } from "@sider/datastructures";
import type { Heap } from "@sider/datastructures";
import type { Database, Keyspace } from "./keyspace.ts";

/** Buckets between two looks at the clock: some tens of microseconds. */
const STEPS_BETWEEN_TIME_CHECKS = 32;

/**
 * Moves buckets of tables that are resizing, for about `budgetMs`. `nowMs` measures it (milliseconds, best with fractions); without
 * it the keyspace's clock does. True when nothing is left to move.
 */
export function resizeForAWhile(keyspace: Keyspace, budgetMs: number, nowMs?: () => number): boolean {
  const endMs = timeOf(keyspace, nowMs) + budgetMs;
  for (let index = 0; index < keyspace.databases.length; index++) {
    const database = keyspace.databases[index];
    while (moveBuckets(keyspace.heap, database.entries) || moveBuckets(keyspace.heap, database.expires)) {
      if (timeOf(keyspace, nowMs) >= endMs) return false;
    }
  }
  return true;
}

/** Moves up to `steps` buckets of each table of a database that is resizing. Nothing may be in the middle of going through them. O(steps). */
export function resizeAlong({ heap }: Keyspace, { entries, expires }: Database, steps: number): void {
  for (let step = 0; step < steps && resizeStep(heap, entries); step++);
  for (let step = 0; step < steps && resizeStep(heap, expires); step++);
}

/** Moves some buckets of one table. False when there was none to move, or no memory for it. */
function moveBuckets(heap: Heap, table: number): boolean {
  if (!isResizing(heap, table) || !resizeStep(heap, table)) return false;
  for (let step = 1; step < STEPS_BETWEEN_TIME_CHECKS; step++) if (!resizeStep(heap, table)) break;
  return true;
}

function timeOf(keyspace: Keyspace, nowMs: (() => number) | undefined): number {
  return nowMs === undefined ? keyspace.clock.nowMs() : nowMs();
}
