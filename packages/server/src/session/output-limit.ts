/**
 * client-output-buffer-limit: a client whose replies pile up is closed, at once above the hard limit and after some seconds
 * above the soft one.
 *
 * The replies to all that a session sends at once count, even if the kernel would take them: where there is a hard limit they are held
 * until all of them are written (`Executor.run`), and a command whose replies go beyond it ends.
 *
 * A session executes nothing while more than `Transport.waitingReplyBytes` wait, so what piles up is that and one reply more; limits
 * above it are reached by a single huge reply only.
 */
import type { OutputBufferLimit } from "../config/index.ts";
import type { Session } from "./session.ts";

/** What a client may leave unread before it has logged in. */
const UNAUTHENTICATED_BYTES = 1024;

/** How many bytes of replies a session may cause before it is closed; Infinity without a limit. */
export function hardLimitOf(session: Session): number {
  const { hardBytes } = limitOf(session);
  return hardBytes === 0 ? Infinity : Math.max(0, hardBytes - session.transport.pendingBytes);
}

function limitOf(session: Session): OutputBufferLimit {
  const limits = session.server.outputLimits;
  return session.isSubscriber ? limits.pubsub : limits.normal;
}

/** Closes the session when its waiting replies are over a limit. Called when they have grown, and once a second. */
export function enforceOutputLimit(session: Session, nowMs: number): void {
  const pendingBytes = session.transport.pendingBytes;
  if (pendingBytes === 0) {
    session.overSoftLimitSinceMs = 0;
    return;
  }
  if (session.closed || !isOverLimit(session, pendingBytes, nowMs)) return;
  closeOverLimit(session);
}

/** Closes a session that is over a limit. */
export function closeOverLimit(session: Session): void {
  if (session.closing) return;
  session.isOverLimit = true;
  session.server.statistics.outputLimitDisconnections++;
  session.server.log.warning(`Client ${describeSession(session)} closed for overcoming of output buffer limits.`);
  session.destroy();
}

function isOverLimit(session: Session, pendingBytes: number, nowMs: number): boolean {
  if (session.mustLogIn && pendingBytes > UNAUTHENTICATED_BYTES) return true;
  const limit = limitOf(session);
  if (limit.hardBytes > 0 && pendingBytes >= limit.hardBytes) return true;
  if (limit.softBytes === 0 || pendingBytes < limit.softBytes) {
    session.overSoftLimitSinceMs = 0;
    return false;
  }
  if (session.overSoftLimitSinceMs === 0) session.overSoftLimitSinceMs = nowMs;
  return nowMs - session.overSoftLimitSinceMs > limit.softSeconds * 1000;
}

/** A session in log lines. */
export function describeSession(session: Session): string {
  const { transport } = session;
  return (
    `id=${String(session.id)} addr=${transport.remoteAddress} laddr=${transport.localAddress} fd=${String(transport.descriptor)} ` +
    `name=${session.name} qbuf=${String(session.parser.pendingBytes)} omem=${String(transport.pendingBytes)}`
  );
}
