/**
 * Makes room when more memory is in use than allowed: before a command, and by itself while there is more to do than one command should
 * wait for.
 *
 *   command -> GATE_MEMORY -> makeRoom    what waits to be freed first, then keys by the policy, for half a millisecond
 *                               |         (maxmemory-eviction-tenacity), then
 *                               +-------> once more in each turn of the event loop, until there is enough room, or nothing may go
 *
 * Which key goes is for `Evictor`. Each is gone for good before the next one is chosen: told to who watches it, propagated as a command.
 */
import { Evictor } from "@sider/keyspace-engine";
import type { EvictionPolicy } from "@sider/keyspace-engine";
import type { Configuration } from "../config/index.ts";
import type { Server } from "../server.ts";

/** There is enough room; or will be, as it is still being made; or there is none, and nothing that may go. */
export type Room = "enough" | "running" | "none";

/** Keys between two looks at the clock. */
const KEYS_BETWEEN_TIME_CHECKS = 16;
const MICROSECONDS_A_STEP = 50;
const LINEAR_TENACITY = 10;
const UNLIMITED_TENACITY = 100;
const GROWTH_A_STEP = 1.15;
/** What a command waits for values that were given up already, when no key may go: then it is this or an error. */
const PATIENCE_MS = 10;

const ORDERS = { lru: "idle", lfu: "frequency", ttl: "expiry", random: "random" } as const;

const steadyMs = (): number => performance.now();

export class Eviction {
  private readonly server: Server;
  private readonly evictor: Evictor;
  private isScheduled = false;
  /** Since when there was not enough room, on a steady clock; null while there is. */
  private exceededSinceMs: number | null = null;
  private exceededBeforeMs = 0;

  constructor(server: Server) {
    this.server = server;
    this.evictor = new Evictor(server.keyspace);
    this.follow(server.configuration);
  }

  private follow(configuration: Configuration): void {
    const { evictor } = this;
    const { keyspace } = this.server;
    const apply = (): void => {
      const policy = configuration.get("maxmemory-policy");
      evictor.setPolicy(policyOf(policy));
      evictor.samples = configuration.get("maxmemory-samples");
      evictor.isLazy = configuration.get("lazyfree-lazy-eviction");
      keyspace.tracksFrequency = policy.endsWith("-lfu");
      keyspace.frequencyLogFactor = configuration.get("lfu-log-factor");
      keyspace.frequencyDecayMinutes = configuration.get("lfu-decay-time");
    };
    apply();
    for (const name of ["maxmemory-policy", "maxmemory-samples", "lazyfree-lazy-eviction"] as const)
      configuration.onChange(name, apply);
    for (const name of ["lfu-log-factor", "lfu-decay-time"] as const) configuration.onChange(name, apply);
    configuration.onChange("maxmemory", () => this.limitWasSet());
  }

  /** Milliseconds with too much memory in use: in all since CONFIG RESETSTAT, and until now. */
  get exceededTotalMs(): number {
    return this.exceededBeforeMs + this.exceededNowMs;
  }

  /** Whether there was not enough room when `makeRoom` was called last: it is to be called again, even if there is by now. */
  get isExceeded(): boolean {
    return this.exceededSinceMs !== null;
  }

  get exceededNowMs(): number {
    return this.exceededSinceMs === null ? 0 : steadyMs() - this.exceededSinceMs;
  }

  resetStatistics(): void {
    this.exceededSinceMs = null;
    this.exceededBeforeMs = 0;
  }

  /** Before a command: makes room if there is not enough. Not while the data are being loaded, or stand still. */
  makeRoom(): Room {
    const { server } = this;
    if (server.persistence.loading || server.pause.holds(true)) return "enough";
    const room = this.evictForAWhile();
    if (room !== "enough") this.exceededSinceMs ??= steadyMs();
    else if (this.exceededSinceMs !== null) {
      this.exceededBeforeMs += this.exceededNowMs;
      this.exceededSinceMs = null;
    }
    return room;
  }

  private evictForAWhile(): Room {
    const { memoryGate, memoryUsage, keyspace, observation } = this.server;
    if (!memoryGate.isClosed) return "enough";
    const startMs = steadyMs();
    // clients' buffers may have been emptied meanwhile
    if (memoryUsage.clientBytes > 0 && memoryUsage.isLookDue(startMs)) this.server.updateMemoryGate();
    if (!memoryGate.isClosed) return "enough";
    const room = this.evictFrom(startMs);
    if (this.evictor.policy !== null) observation.sample("eviction-cycle", keyspace.nowMs, steadyMs() - startMs);
    return room;
  }

  private evictFrom(startMs: number): Room {
    const { evictor } = this;
    const { memoryGate, configuration, keyspace } = this.server;
    const { lazyFree } = keyspace;
    const endMs = startMs + timeLimitMs(configuration.get("maxmemory-eviction-tenacity"));
    for (let keys = 1; ; keys++) {
      if (!lazyFree.isEmpty) lazyFree.freeFor(0, steadyMs);
      else if (!evictor.evictOne()) return "none";
      if (!memoryGate.isClosed) return "enough";
      if (evictor.policy === null) {
        if (steadyMs() > startMs + PATIENCE_MS) return "none";
      } else if (keys % KEYS_BETWEEN_TIME_CHECKS === 0 && steadyMs() > endMs) {
        this.goOnLater();
        return "running";
      }
    }
  }

  /** What keeps memory beyond the limit though no command comes: clients' buffers that grow, for the timer. */
  tick(): void {
    if (this.evictor.policy !== null && this.server.memoryGate.isClosed) this.goOnLater();
  }

  private goOnLater(): void {
    if (this.isScheduled) return;
    this.isScheduled = true;
    setImmediate(() => {
      this.isScheduled = false;
      const { executor } = this.server;
      executor.outsideOfBatches(() => {
        if (this.makeRoom() === "running") this.goOnLater();
      });
      executor.serveWaiting();
    });
  }

  private limitWasSet(): void {
    const { server } = this;
    const { configuration, log, memoryUsage } = server;
    const maximumBytes = configuration.get("maxmemory");
    if (maximumBytes === 0 || !server.isStarted) return;
    memoryUsage.lookAtClients();
    const { usedBytes } = memoryUsage;
    if (maximumBytes < usedBytes) {
      log.warning(
        `WARNING: the new maxmemory value set via CONFIG SET (${String(maximumBytes)}) is smaller than the current memory usage ` +
          `(${String(usedBytes)}). This will result in key eviction and/or the inability to accept new write commands depending on the ` +
          "maxmemory-policy.",
      );
    }
    this.goOnLater();
  }
}

/** The policy by its name in the directive; null is noeviction. */
function policyOf(name: string): EvictionPolicy | null {
  if (name === "noeviction") return null;
  const [covered, order] = name.split("-") as ["allkeys" | "volatile", keyof typeof ORDERS];
  return { coversAllKeys: covered === "allkeys", order: ORDERS[order] };
}

/** How long a command may wait for keys that go. */
function timeLimitMs(tenacity: number): number {
  if (tenacity <= LINEAR_TENACITY) return (tenacity * MICROSECONDS_A_STEP) / 1000;
  if (tenacity >= UNLIMITED_TENACITY) return Infinity;
  return (LINEAR_TENACITY * MICROSECONDS_A_STEP * GROWTH_A_STEP ** (tenacity - LINEAR_TENACITY)) / 1000;
}
