/**
 * WATCH: which session watches which key. The first change of a watched key breaks the session's watch, which ends it; EXEC of a
 * session with a broken watch runs nothing. A session's own changes count too.
 *
 *   key -> WatchedKey -> sessions                each with: was the key due when its watch began?
 *   session.watchedKeys -> WatchedKey ...
 *
 * A key that is there but due counts as not there: that it is deleted at last is no change for who began to watch it so. One that
 * becomes due while it is watched has changed, although nobody has touched it: EXEC looks (`hasDueKey`).
 */
import { findInTable, NIL } from "@sider/datastructures";
import { hasExpiry, isDue } from "@sider/keyspace-engine";
import type { Database, Key, Keyspace, KeyWatch } from "@sider/keyspace-engine";
import { KeyMap, KeyNode } from "./key-map.ts";
import type { KeyWatchers } from "./key-watchers.ts";
import type { Session } from "./session.ts";

/** What else happens to a stream (groups, consumers, ids) is told, but is no change for who watches it. */
const CHANGES_OF_STREAMS: readonly string[] = ["xadd", "xdel", "xtrim"];

/** About what it costs that a session watches a key. */
const WATCH_BYTES = 200;

/** Whether an event of any class is a change of the key's value. */
export function isChangeOfValue(eventClass: string, event: string): boolean {
  return eventClass !== "t" || CHANGES_OF_STREAMS.includes(event);
}

/** One key, and who watches it. */
export class WatchedKey extends KeyNode {
  /** Session -> whether the key was due when it began to watch. */
  readonly sessions = new Map<Session, boolean>();
}

/** All watched keys of a server. It hears of changes only while there are any. */
export class WatchedKeys implements KeyWatch {
  private readonly keyspace: Keyspace;
  private readonly watchers: KeyWatchers;
  private readonly keys = new KeyMap<WatchedKey>();

  constructor(keyspace: Keyspace, watchers: KeyWatchers) {
    this.keyspace = keyspace;
    this.watchers = watchers;
  }

  /** Lets a session watch a key. Once more is once. O(length of the key). */
  watch(session: Session, database: Database, key: Key): void {
    const watched = this.keys.find(database, key) ?? this.open(database, key);
    if (watched.sessions.has(session)) return;
    watched.sessions.set(session, isDueIn(this.keyspace, database, key));
    session.watchedKeys.push(watched);
    session.watchedBytes += WATCH_BYTES + key.length;
  }

  private open(database: Database, key: Key): WatchedKey {
    const watched = this.keys.add(new WatchedKey(database, key));
    if (this.keys.size === 1) this.watchers.add(this);
    return watched;
  }

  /** Ends all watches of a session; a broken one stays broken. O(its keys). */
  unwatch(session: Session): void {
    for (const watched of session.watchedKeys) {
      watched.sessions.delete(session);
      if (watched.sessions.size === 0) this.close(watched);
    }
    session.watchedKeys.length = 0;
    session.watchedBytes = 0;
  }

  private close(watched: WatchedKey): void {
    this.keys.remove(watched);
    if (this.keys.size === 0) this.watchers.remove(this);
  }

  /** Whether a key of the session has become due since it is watched. O(its keys). */
  hasDueKey(session: Session): boolean {
    for (const { database, key, sessions } of session.watchedKeys) {
      if (sessions.get(session) === false && isDueIn(this.keyspace, database, key)) return true;
    }
    return false;
  }

  keyChanged(database: Database, key: Key, eventClass: string, event: string): void {
    if (!isChangeOfValue(eventClass, event)) return;
    const watched = this.keys.find(database, key);
    if (watched === null) return;
    const isThere = isIn(this.keyspace, database, key);
    for (const [session, wasDue] of watched.sessions) {
      if (wasDue && !isThere) watched.sessions.set(session, false);
      else this.breakWatch(session);
    }
  }

  databaseChanging(database: Database, replacement: Database | null): void {
    const broken: Session[] = [];
    this.keys.forEach((watched) => {
      if (watched.database === database) this.keyChanging(watched, replacement, broken);
    });
    for (const session of broken) this.breakWatch(session);
  }

  /** One key of a database that goes, for that of another database if there is one. */
  private keyChanging(watched: WatchedKey, replacement: Database | null, broken: Session[]): void {
    const { database, key, sessions } = watched;
    const goes = isIn(this.keyspace, database, key);
    const comes = replacement !== null && isIn(this.keyspace, replacement, key);
    if (!goes && !comes) return;
    const comesDue = comes && isDueIn(this.keyspace, replacement, key);
    for (const [session, wasDue] of sessions) {
      const wasThere = goes && !wasDue;
      if (wasThere || (comes && !comesDue)) broken.push(session);
      else sessions.set(session, comesDue);
    }
  }

  databaseChanged(): void {
    // what counts is what was there before
  }

  private breakWatch(session: Session): void {
    session.hasBrokenWatch = true;
    this.unwatch(session);
  }
}

/** The entry of a key, due or not. */
function findEntry(keyspace: Keyspace, database: Database, key: Key): number {
  return findInTable(keyspace.heap, database.entries, key.bytes, key.offset, key.length, key.hash);
}

function isIn(keyspace: Keyspace, database: Database, key: Key): boolean {
  return findEntry(keyspace, database, key) !== NIL;
}

function isDueIn(keyspace: Keyspace, database: Database, key: Key): boolean {
  const entry = findEntry(keyspace, database, key);
  return entry !== NIL && hasExpiry(keyspace.heap, entry) && isDue(keyspace, entry);
}
