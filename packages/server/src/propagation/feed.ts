/**
 * Who wants to know every change of the data as commands: the append-only file, and replicas.
 *
 * A feed gets what has happened as requests that, executed in this order by an empty server, give the same data: complete, in RESP, with
 * nothing in them that depends on time or chance. It gets them when the command that caused them is done, before its reply leaves.
 */
export interface PropagationFeed {
  /**
   * Takes `bytes[start .. end)`: one or more complete requests for the database `databaseIndex` (the feed puts a SELECT before a change
   * of database). A transaction comes in several calls, MULTI alone in the first of them, for ANY_DATABASE, and EXEC with the last; nothing
   * else comes between them. The bytes are only valid during the call.
   */
  append(databaseIndex: number, bytes: Uint8Array, start: number, end: number): void;
}

/** In place of a database: the requests do the same in each. A transaction has its SELECT inside, behind MULTI, as Redis writes it. */
export const ANY_DATABASE = -1;
