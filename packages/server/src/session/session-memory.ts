/** What a session takes of the server's memory. */
import type { Session } from "./session.ts";

/** What it takes beside its buffers: measured on 10,000 idle connections. */
const SESSION_BYTES = 2048;
/** About what a channel or a pattern costs that it listens to, or a prefix that it tracks. */
const SUBSCRIPTION_BYTES = 150;

/** Bytes of its buffers: input that is not executed yet, replies that wait, a transaction that is queued, what it watches. O(1). */
export function sessionBytes(session: Session): number {
  const inputBytes = session.parser.memoryBytes + session.heldBytes;
  return inputBytes + session.transport.pendingBytes + queuedBytes(session) + subscriptionBytes(session);
}

/**
 * All that it takes: `tot-mem` of CLIENT LIST, and what counts against maxmemory-clients. An argument that is still coming counts with the
 * length that was announced, as in Redis: who is going to be over the limit is so at once, and not when his last bytes are here. O(1).
 */
export function totalSessionBytes(session: Session): number {
  return SESSION_BYTES + sessionBytes(session) + session.parser.announcedBytes;
}

/** Its transaction, and the keys that it watches: `multi-mem` of CLIENT LIST. O(1). */
export function queuedBytes(session: Session): number {
  return session.watchedBytes + (session.transaction === null ? 0 : session.transaction.memoryBytes);
}

function subscriptionBytes({ subscriptions, tracker }: Session): number {
  const channels = subscriptions === null ? 0 : subscriptions.count;
  const prefixes = tracker === null ? 0 : tracker.prefixes.length;
  return (channels + prefixes) * SUBSCRIPTION_BYTES;
}
