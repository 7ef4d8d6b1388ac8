/** What a session takes of the server's memory beside the session itself. */
import type { Session } from "./session.ts";

/** Bytes of its buffers: input that is not executed yet, replies that wait, a transaction that is queued. O(1). */
export function sessionBytes(session: Session): number {
  const inputBytes = session.parser.pendingBytes + session.heldBytes;
  const queuedBytes = session.transaction === null ? 0 : session.transaction.memoryBytes;
  return inputBytes + session.transport.pendingBytes + queuedBytes;
}
