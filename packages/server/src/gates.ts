/** Why commands of all sessions take the slow way through the dispatcher: bits of `Server.gates`. */
export const GATE_MEMORY = 1;
export const GATE_PAUSE = 2;
/** The data set is being loaded. */
export const GATE_LOADING = 4;
/** Changes are refused, since they cannot be written to disk. */
export const GATE_DISK = 8;
/** The last save before the end is running: everyone waits. */
export const GATE_SHUTDOWN = 16;
/** A snapshot is being taken: who would change a large value that is not saved yet waits. */
export const GATE_SNAPSHOT = 32;
/** Logins from some host are slowed down. */
export const GATE_LOGINS = 64;
