/**
 * Slows down who guesses passwords. After a hundred failed logins within a minute the logins of that host get places in a queue, a tenth
 * of a second apart: each waits for its place before its password is looked at, whether right or wrong, from however many connections,
 * but none longer than two seconds. It stays so until a minute passes without a failure.
 *
 * Everybody else is served as ever; nothing is looked at while no host is slowed down (GATE_LOGINS). Unix sockets have no host.
 */
import type { CommandContext } from "../dispatch/command-context.ts";
import { GATE_LOGINS } from "../gates.ts";
import type { Server } from "../server.ts";
import type { Session } from "../session/session.ts";
import { startTimer } from "../timer.ts";

const FREE_FAILURES = 100;
const WINDOW_MS = 60_000;
const SPACING_MS = 100;
const LONGEST_WAIT_MS = 2000;
/** More hosts than this are not told apart: the one that began first is forgotten. */
const HOSTS_MAXIMUM = 10_000;

interface Host {
  /** Since the window began. */
  failures: number;
  windowStartMs: number;
  isSlowed: boolean;
  /** Where the next place of the queue is. */
  nextPlaceMs: number;
}

export class LoginGuard {
  private readonly server: Server;
  private readonly hosts = new Map<string, Host>();
  /** Sessions that have waited: their next login is looked at. */
  private readonly served = new WeakSet<Session>();

  constructor(server: Server) {
    this.server = server;
  }

  /** A login of this session has failed. */
  failed(session: Session): void {
    const name = session.transport.remoteHost;
    if (name === "") return;
    const nowMs = this.server.keyspace.clock.nowMs();
    const host = this.hostOf(name, nowMs);
    if (!host.isSlowed && nowMs - host.windowStartMs > WINDOW_MS) {
      host.failures = 0;
      host.windowStartMs = nowMs;
    }
    host.failures++;
    if (host.isSlowed || host.failures <= FREE_FAILURES) return;
    host.isSlowed = true;
    this.server.setGate(GATE_LOGINS, true);
    this.server.log.warning(
      `Possible guessing of passwords: ${String(host.failures)} failed logins from ${name} within a minute. Logins from there are slowed down.`,
    );
    this.reviewLater(name, host);
  }

  private hostOf(name: string, nowMs: number): Host {
    const known = this.hosts.get(name);
    if (known !== undefined) return known;
    const [oldest] = this.hosts.keys();
    if (this.hosts.size >= HOSTS_MAXIMUM && oldest !== undefined) this.hosts.delete(oldest);
    const host: Host = { failures: 0, windowStartMs: nowMs, isSlowed: false, nextPlaceMs: 0 };
    this.hosts.set(name, host);
    return host;
  }

  /** Forgets a host that has been quiet for a minute. */
  private reviewLater(name: string, host: Host): void {
    host.failures = 0;
    const timer = startTimer(WINDOW_MS, () => {
      if (host.failures > 0 && this.hosts.get(name) === host) {
        const failures = String(host.failures);
        this.server.log.warning(`Still ${failures} failed logins from ${name} within a minute.`);
        return this.reviewLater(name, host);
      }
      if (this.hosts.get(name) === host) this.hosts.delete(name);
      if (![...this.hosts.values()].some(({ isSlowed }) => isSlowed)) this.server.setGate(GATE_LOGINS, false);
    });
    timer.unref();
  }

  /** Whether the command is a login that must wait for its place; then its session waits, and goes on by itself. */
  holds(context: CommandContext): boolean {
    const { session } = context;
    const host = this.hosts.get(session.transport.remoteHost);
    if (host?.isSlowed !== true || !isLogin(context) || this.served.delete(session)) return false;
    const nowMs = this.server.keyspace.clock.nowMs();
    const placeMs = Math.min(Math.max(nowMs, host.nextPlaceMs) + SPACING_MS, nowMs + LONGEST_WAIT_MS);
    host.nextPlaceMs = placeMs;
    session.paused = true;
    const timer = startTimer(placeMs - nowMs, () => {
      session.paused = false;
      this.served.add(session);
      session.proceed();
    });
    timer.unref();
    return true;
  }
}

function isLogin(context: CommandContext): boolean {
  const name = context.server.table.commands[context.command].fullName;
  if (name !== "hello") return name === "auth";
  for (let index = 2; index < context.count; index++) if (context.is(index, "auth")) return true;
  return false;
}
