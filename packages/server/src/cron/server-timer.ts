/**
 * What a server does without being asked, `hz` times a second, and more often with many clients (`dynamic-hz`): deletes keys whose time has come, moves buckets of tables that are
 * resizing, takes samples of its counters; once a second it looks at idle clients and at the save points.
 *
 * The timer does not keep a process alive.
 */
import { resizeForAWhile, runExpiryCycle } from "@sider/keyspace-engine";
import type { Server } from "../server.ts";
import { checkClients } from "./clients.ts";
import { LazyFreeWorker } from "./lazy-free.ts";
import { saveIfDue } from "./save-points.ts";

const MILLISECONDS_A_SECOND = 1000;
/** The time for moving buckets in one tick, as in Redis. */
const RESIZE_BUDGET_MS = 1;
const SAMPLE_INTERVAL_MS = 100;
/** With more clients than so many for each tick of a second there are more ticks. */
const CLIENTS_PER_TICK = 200;
const HZ_MAXIMUM = 500;

const steadyMs = (): number => performance.now();

export class ServerTimer {
  private readonly server: Server;
  private readonly expiry = { periodMs: 100, effort: 1, nowMs: steadyMs };
  private readonly lazyFree: LazyFreeWorker;
  private timer: NodeJS.Timeout | null = null;
  private lastSecondMs = 0;
  private lastSampleMs = 0;
  private readonly stopFollowing: () => void;

  constructor(server: Server) {
    this.server = server;
    this.lazyFree = new LazyFreeWorker(server.keyspace.lazyFree);
    this.stopFollowing = server.configuration.onChange("hz", () => {
      this.adaptRate();
    });
  }

  /** Begins to tick, at the rate of the directive `hz`. */
  start(): void {
    this.server.hz = this.wantedRate();
    if (this.timer !== null) clearInterval(this.timer);
    this.expiry.periodMs = MILLISECONDS_A_SECOND / this.server.hz;
    this.timer = setInterval(() => {
      this.tick();
    }, this.expiry.periodMs);
    this.timer.unref();
    this.lazyFree.start();
  }

  /** Ticks as often as the clients need it from now on. */
  private adaptRate(): void {
    if (this.timer !== null && this.wantedRate() !== this.server.hz) this.start();
  }

  private wantedRate(): number {
    const { configuration, sessions } = this.server;
    let hz = configuration.get("hz");
    if (!configuration.get("dynamic-hz")) return hz;
    while (hz < HZ_MAXIMUM && sessions.size / hz > CLIENTS_PER_TICK) hz = Math.min(hz * 2, HZ_MAXIMUM);
    return hz;
  }

  /** Ends for good. */
  stop(): void {
    if (this.timer !== null) clearInterval(this.timer);
    this.timer = null;
    this.lazyFree.stop();
    this.stopFollowing();
  }

  /** One tick; an error in it is logged and ends nothing. */
  tick(): void {
    if (this.server.isTimerPaused) return;
    const { loop, observation } = this.server;
    const startedMs = observation.steadyMs();
    try {
      this.work();
    } catch (error) {
      this.server.log.warning(`Error in the timer: ${error instanceof Error ? String(error.stack) : String(error)}`);
    }
    loop.addTick(observation.steadyMs() - startedMs);
  }

  private work(): void {
    const { server } = this;
    const { keyspace, configuration } = server;
    server.steadyClock?.synchronise();
    keyspace.updateClock();
    const nowMs = keyspace.nowMs;
    server.ending.poll();
    this.expiry.effort = configuration.get("active-expire-effort");
    if (!server.persistence.loading) this.maintainKeys();
    if (nowMs - this.lastSampleMs >= SAMPLE_INTERVAL_MS || nowMs < this.lastSampleMs) {
      this.lastSampleMs = nowMs;
      this.sample(nowMs);
    }
    server.appendOnly.tick();
    if (nowMs - this.lastSecondMs >= MILLISECONDS_A_SECOND || nowMs < this.lastSecondMs) {
      this.lastSecondMs = nowMs;
      this.adaptRate();
      checkClients(server, nowMs);
      if (!server.persistence.loading) saveIfDue(server, nowMs);
    }
  }

  private maintainKeys(): void {
    const { configuration, executor, keyspace, observation, pause } = this.server;
    const startedMs = observation.steadyMs();
    if (!pause.holds(true)) runExpiryCycle(keyspace, this.expiry);
    observation.sample("expire-cycle", keyspace.nowMs, observation.steadyMs() - startedMs);
    executor.serveWaiting();
    if (configuration.get("activerehashing")) resizeForAWhile(keyspace, RESIZE_BUDGET_MS, steadyMs);
  }

  private sample(nowMs: number): void {
    const { loop, statistics, table, memoryUsage } = this.server;
    statistics.commandRate.sample(table.totalCalls(), nowMs);
    statistics.inputRate.sample(statistics.bytesReceived, nowMs);
    statistics.outputRate.sample(statistics.bytesSent, nowMs);
    loop.sample(nowMs);
    this.server.updateMemoryGate();
    const { usedBytes } = memoryUsage;
    if (usedBytes > statistics.peakMemoryBytes) statistics.peakMemoryBytes = usedBytes;
    this.server.eviction.tick();
  }
}
