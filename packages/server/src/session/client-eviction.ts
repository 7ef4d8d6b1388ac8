/**
 * maxmemory-clients: when all sessions together take more than that, the largest are closed until they take less.
 *
 * While there is no limit nothing is counted. Otherwise each session has its share of the total, which is brought up to date after each of
 * its inputs and when its replies grow; before any session is closed all are counted anew, since what was sent meanwhile is gone.
 */
import type { Server } from "../server.ts";
import { describeSession } from "./output-limit.ts";
import { totalSessionBytes } from "./session-memory.ts";
import type { Session } from "./session.ts";

export class ClientEviction {
  /** Whether there is a limit. */
  isOn = false;
  private readonly server: Server;
  private limitBytes = 0;
  private totalBytes = 0;

  constructor(server: Server) {
    this.server = server;
  }

  /** Takes the limit from the configuration; a negative one is a percentage of maxmemory. */
  configure(): void {
    const { configuration, executor } = this.server;
    const limit = configuration.get("maxmemory-clients");
    this.limitBytes = limit < 0 ? Math.floor((configuration.get("maxmemory") * -limit) / 100) : limit;
    this.isOn = this.limitBytes > 0;
    if (this.isOn) executor.defer(() => this.enforce());
  }

  /** A session has read, executed or replied something. */
  update(session: Session): void {
    this.count(session);
    if (this.totalBytes >= this.limitBytes) this.enforce();
  }

  /** A session is going. */
  forget(session: Session): void {
    this.totalBytes -= session.countedBytes;
    session.countedBytes = 0;
  }

  private count(session: Session): void {
    const bytes = session.closing ? 0 : totalSessionBytes(session);
    this.totalBytes += bytes - session.countedBytes;
    session.countedBytes = bytes;
  }

  /** Closes the largest sessions, by powers of two and then by age, while all together are over the limit. O(sessions). */
  private enforce(): void {
    const { log, sessions, statistics } = this.server;
    this.totalBytes = 0;
    for (const session of sessions.values()) session.countedBytes = 0;
    for (const session of sessions.values()) this.count(session);
    if (!this.isOn || this.totalBytes < this.limitBytes) return;
    const candidates = [...sessions.values()].filter((session) => !session.noEvict && !session.closing);
    candidates.sort(
      (one, other) => sizeClassOf(other.countedBytes) - sizeClassOf(one.countedBytes) || one.id - other.id,
    );
    for (const session of candidates) {
      if (this.totalBytes < this.limitBytes) return;
      log.notice(`Evicting client: ${describeSession(session)}`);
      statistics.evictedClients++;
      session.destroy();
    }
  }
}

/** The power of two below a size. */
export function sizeClassOf(byteLength: number): number {
  return Math.floor(Math.log2(byteLength));
}
