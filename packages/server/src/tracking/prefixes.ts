/** Who is told of all keys that begin with a prefix (BCAST), and which of them have changed in this turn of the event loop. */
import type { Session } from "../session/session.ts";
import type { Tracker } from "./tracker.ts";

/** One prefix: keys that have changed, with the session that changed each last (null: nobody's command). */
export class Prefix {
  readonly text: string;
  readonly trackers = new Set<Tracker>();
  private readonly changed = new Map<string, Session | null>();

  constructor(text: string) {
    this.text = text;
  }

  get hasChanges(): boolean {
    return this.changed.size > 0;
  }

  note(name: string, author: Session | null): void {
    this.changed.set(name, author);
  }

  /** The names that have changed since the last call, in order, with who changed each. */
  take(): (readonly [name: string, author: Session | null])[] {
    const changes = [...this.changed].sort(([one], [other]) => (one < other ? -1 : 1));
    this.changed.clear();
    return changes;
  }
}

export class Prefixes {
  private readonly all = new Map<string, Prefix>();

  get size(): number {
    return this.all.size;
  }

  join(tracker: Tracker, text: string): void {
    let prefix = this.all.get(text);
    if (prefix === undefined) this.all.set(text, (prefix = new Prefix(text)));
    prefix.trackers.add(tracker);
    tracker.prefixes.push(text);
    tracker.prefixes.sort();
  }

  /** Ends all prefixes of a session. */
  leave(tracker: Tracker): void {
    for (const text of tracker.prefixes) {
      const prefix = this.all.get(text);
      prefix?.trackers.delete(tracker);
      if (prefix?.trackers.size === 0) this.all.delete(text);
    }
    tracker.prefixes = [];
  }

  /** Notes that a key has changed. Whether anybody is to be told. O(prefixes). */
  note(name: string, author: Session | null): boolean {
    let isNews = false;
    for (const prefix of this.all.values()) {
      if (!name.startsWith(prefix.text)) continue;
      prefix.note(name, author);
      isNews = true;
    }
    return isNews;
  }

  /** Those with keys that have changed, in order. */
  withChanges(): Prefix[] {
    const changed = [...this.all.values()].filter((prefix) => prefix.hasChanges);
    return changed.sort((one, other) => (one.text < other.text ? -1 : 1));
  }
}
