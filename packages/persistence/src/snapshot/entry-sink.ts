/** What a snapshot is written to, entry by entry: a dump or a file of commands. */
export interface EntrySink {
  /** What comes before the first entry. */
  begin(): void;
  /** One entry of a database, which does not change meanwhile. */
  entry(databaseIndex: number, entry: number): void;
  /** What comes behind the last entry. */
  finish(): void;
}
