/**
 * How a snapshot of the keyspace stays at its point in time while commands go on: the store tells it what is going to change.
 *
 * `lookupWrite`, `removeUnasked` and all functions of `store.ts` call it, so that every way to a change passes it; some pass it twice. An entry
 * is only ever changed after it was announced, and so is the chain of buckets that it is in. The hook may allocate and copies entries,
 * but it changes none.
 */
export interface SnapshotHook {
  /** An entry of the table is about to change, or to go. */
  beforeChange(table: number, hash: number, entry: number): void;
  /** An entry is about to go though no command asks for that, since its time has come or memory runs short: a file may be without it. */
  beforeLoss(table: number, hash: number, entry: number): void;
  /** A new entry is about to enter the table. */
  beforeInsert(table: number, hash: number): void;
  /** Whether it still reads the table of entries: then that must not be emptied, but handed over. */
  needs(table: number): boolean;
  /** Takes over the tables of a database, which `needs` said yes for and no database has any more, with all `count` entries. */
  take(entries: number, expires: number, count: number): void;
  /** Ends the snapshot, now and without a result: afterwards it needs nothing. */
  giveUp(): void;
}
