/** What the keyspace's observer hears of commands, and how they count. */
import type { Server } from "../../../server.ts";

/** Records "event key" for each change from now on; `take` gives what came since the last call, and by how much `dirty` grew. */
export function recordEvents(server: Server): { take(): { events: string[]; dirty: number } } {
  const keyspace = server.keyspace;
  let events: string[] = [];
  let dirty = keyspace.dirty;
  keyspace.observer = {
    changed: (_database, key, eventClass, event) => {
      const bytes = key.bytes.slice(key.offset, key.offset + key.length);
      events.push(`${eventClass} ${event} ${String.fromCharCode(...bytes)}`);
    },
  };
  return {
    take: () => {
      const taken = { events, dirty: keyspace.dirty - dirty };
      events = [];
      dirty = keyspace.dirty;
      return taken;
    },
  };
}
