/**
 * Who on the server's side wants to hear of changes of keys: those who wait for keys, those who watch them. The keyspace tells one, and
 * is told of nobody while there is nobody.
 */
import type { Database, Key, Keyspace, KeyWatch } from "@sider/keyspace-engine";

export class KeyWatchers implements KeyWatch {
  private readonly keyspace: Keyspace;
  /** Replaced when it changes: one that is being told of a change may leave. */
  private all: readonly KeyWatch[] = [];

  constructor(keyspace: Keyspace) {
    this.keyspace = keyspace;
  }

  add(watcher: KeyWatch): void {
    this.all = [...this.all, watcher];
    this.connect();
  }

  remove(watcher: KeyWatch): void {
    this.all = this.all.filter((other) => other !== watcher);
    this.connect();
  }

  private connect(): void {
    this.keyspace.watch = this.all.length > 1 ? this : (this.all[0] ?? null);
  }

  keyChanged(database: Database, key: Key, eventClass: string, event: string): void {
    for (const watcher of this.all) watcher.keyChanged(database, key, eventClass, event);
  }

  databaseChanging(database: Database, replacement: Database | null): void {
    for (const watcher of this.all) watcher.databaseChanging(database, replacement);
  }

  databaseChanged(database: Database): void {
    for (const watcher of this.all) watcher.databaseChanged(database);
  }
}
