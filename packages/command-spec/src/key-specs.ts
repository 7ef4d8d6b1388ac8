/**
 * Constructors for key specs. Positions count the command name as 0 (and the container's and the subcommand's name as 0 and 1).
 */

import type { KeyFlag, KeySpec } from "./row.ts";

/** One key at a fixed position. */
export function keyAt(index: number, flags: readonly KeyFlag[], notes?: string): KeySpec {
  return keyRange(index, 0, 1, flags, notes);
}

/** Keys from a position to `lastKey` (relative to the first when >= 0; negative counts from the end of the arguments). */
export function keyRange(
  index: number,
  lastKey: number,
  keyStep: number,
  flags: readonly KeyFlag[],
  notes?: string,
): KeySpec {
  return {
    flags,
    beginSearch: { type: "index", index },
    findKeys: { type: "range", lastKey, keyStep, limit: 0 },
    ...(notes === undefined ? {} : { notes }),
  };
}

/** As many keys as the argument at `index` says, right behind it. */
export function countedKeys(index: number, flags: readonly KeyFlag[]): KeySpec {
  return {
    flags,
    beginSearch: { type: "index", index },
    findKeys: { type: "keynum", keyCountIndex: 0, firstKey: 1, keyStep: 1 },
  };
}

/** Reads the value of the first argument's key. */
export const READ_ONE_KEY: readonly KeySpec[] = [keyAt(1, ["RO", "access"])];
/** Looks at the first argument's key, not at its value (TYPE, STRLEN: nothing of the data is told). */
export const INSPECT_ONE_KEY: readonly KeySpec[] = [keyAt(1, ["RO"])];
/** The same behind a container command: OBJECT ENCODING key. */
export const INSPECT_SUBCOMMAND_KEY: readonly KeySpec[] = [keyAt(2, ["RO"])];
/** Changes the value and tells something of what it was. */
export const READ_AND_UPDATE_ONE_KEY: readonly KeySpec[] = [keyAt(1, ["RW", "access", "update"])];
/** Changes the value or its expiry without telling what it was. */
export const UPDATE_ONE_KEY: readonly KeySpec[] = [keyAt(1, ["RW", "update"])];
/** Puts something into the value, and changes nothing of what is there. */
export const INSERT_INTO_ONE_KEY: readonly KeySpec[] = [keyAt(1, ["RW", "insert"])];
/** Takes something out of the value, and does not tell what it was. */
export const REMOVE_FROM_ONE_KEY: readonly KeySpec[] = [keyAt(1, ["RW", "delete"])];
/** Takes something out of the value, and tells what it was. */
export const TAKE_FROM_ONE_KEY: readonly KeySpec[] = [keyAt(1, ["RW", "access", "delete"])];
/** Replaces whatever the key held. */
export const OVERWRITE_ONE_KEY: readonly KeySpec[] = [keyAt(1, ["OW", "update"])];
/** All arguments are keys, looked at only. */
export const INSPECT_ALL_KEYS: readonly KeySpec[] = [keyRange(1, -1, 1, ["RO"])];
/** All arguments are keys, removed. */
export const REMOVE_ALL_KEYS: readonly KeySpec[] = [keyRange(1, -1, 1, ["RM", "delete"])];
