/**
 * A dump that has been prepared (`plain-dump.ts`) is one in memory, for the same program, and is no file: beside the types that files have
 * it has some of its own. They say that their listpacks or intsets have been looked through: they are what their type wants them to be.
 */

/** Added to the type byte of a value that was checked. Opcodes begin at 243, types of files end at 21. */
export const PREPARED = 128;

/** The container of a node of a list that was checked, where files have 2; only in lists of the prepared type. */
export const PREPARED_NODE = 10;
