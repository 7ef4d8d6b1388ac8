/** Wants to know how long the append only file keeps the server waiting. */
export interface AofWatch {
  /** A clock that only goes forward, in milliseconds. */
  readonly steadyMs: () => number;
  /** A write, whether it succeeded or not. @param isSyncing whether a sync runs off the thread, for which it may have waited */
  wrote(elapsedMs: number, isSyncing: boolean): void;
  /** A sync that replies wait for. */
  synced(elapsedMs: number): void;
  /** A file of a rewrite that got its name. */
  renamed(elapsedMs: number): void;
}
