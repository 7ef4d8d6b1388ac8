/**
 * The whole append only file on a disk that fails and crashes: writes, rewrites, kills, power cuts and restarts from a
 * seed. The data set is a count: change n is "ADD n", a base holds the count so far. So a load that gives 1..m, with m not
 * below what was promised and no transaction in part, is right, and everything else is not.
 *
 * always: nothing that was acknowledged is lost. everysec: nothing older than the bound, while the disk syncs in time. Each
 * round has a seed of its own and can be repeated alone: SIDER_SEED.
 */
import { seededRandom } from "@sider/keyspace-engine";
import { expect, test } from "vitest";
import { syncDirectory } from "../file-steps.ts";
import { countBase, Counter, LogLines, placeDurably, request } from "../testing/aof.ts";
import { randomFromSeed } from "../testing/random.ts";
import { SimulatedDisk } from "../testing/simulated-disk.ts";
import { type FaultRates, randomFaults } from "../testing/simulated-faults.ts";
import { AofFiles } from "./aof-files.ts";
import { AofLoader } from "./aof-loader.ts";
import { AppendLog, type SyncPolicy } from "./append-log.ts";
import { AppendOnly } from "./append-only.ts";

const DIRECTORY = "/data";
const TEMPORARY_BASE = "/data/temp-rewriteaof-bg-1.aof";
/** A second until the sync begins, up to a second that it takes, and the timer's steps. */
const EVERYSEC_BOUND_MS = 2200;
const LONGEST_SYNC_MS = 900;
const MULTI = request("MULTI");
const EXEC = request("EXEC");
const LIVES = 6;
const STEPS = 60;

const FAULTS: readonly FaultRates[] = [
  {},
  {},
  { shortWrite: 300 },
  { shortWrite: 200, noSpace: 200, truncateFailure: 200 },
  { syncFailure: 60 },
  { noDescriptor: 150, renameFailure: 150, unlinkFailure: 300 },
  { shortWrite: 50, noSpace: 50, syncFailure: 30, noDescriptor: 30, renameFailure: 30, unlinkFailure: 100 },
];

/** The process has ended itself. */
class Fatal extends Error {}

/** One process after the other on one disk. */
class Round {
  readonly disk = new SimulatedDisk();
  readonly below: (limit: number) => number;
  readonly policy: SyncPolicy;
  readonly rdb: boolean;
  nowMs = 1_000_000;
  /** Changes so far; and those that a restart must not lose. */
  count = 0;
  promised = 0;
  /** Counts at which a transaction, or a single change, ends. */
  readonly boundaries = new Set([0]);
  only: AppendOnly;
  log = new LogLines();
  /** What a base would hold while a rewrite runs. */
  snapshot = -1;
  /** What had been flushed at which moment, and since when the disk is well. */
  flushed: { atMs: number; count: number }[] = [];
  wellSinceMs = 0;
  syncDueMs = 0;
  startsOff = false;

  constructor(seed: number) {
    this.below = seededRandom(seed);
    this.policy = (["always", "everysec", "no"] as const)[this.below(3)];
    this.rdb = this.below(2) === 0;
    this.disk.makeDirectory(DIRECTORY);
    syncDirectory(this.disk, "/");
    this.only = new AppendOnly(this.files(this.log), this.appendLog());
  }

  files(logger: LogLines): AofFiles {
    const names = { directory: DIRECTORY, directoryName: "appendonlydir", fileName: "appendonly.aof" };
    return new AofFiles({ fileSystem: this.disk, logger, ...names });
  }

  appendLog(): AppendLog {
    const fatal = (line: string): never => {
      throw new Fatal(line);
    };
    const clock = { nowMs: () => this.nowMs };
    const log = new AppendLog({ fileSystem: this.disk, clock, logger: this.log, fatal });
    log.policy = this.policy;
    log.timestamps = this.below(2) === 0;
    return log;
  }

  run(): void {
    for (let life = 0; life < LIVES; life++) {
      this.start();
      try {
        for (let step = this.below(STEPS); step > 0; step--) this.step();
      } catch (error) {
        if (!(error instanceof Fatal)) throw error;
      }
      this.end();
    }
    this.start();
  }

  /** `appendonly` changes at run time. */
  turn(): void {
    if (this.only.state === "off") {
      this.only.enable();
      this.snapshot = -1;
      this.beginRewrite();
    } else if (this.below(4) === 0) {
      this.only.disable();
      if (this.snapshot >= 0) this.only.failRewrite(true);
      this.snapshot = -1;
    }
  }

  /** The process is killed, which loses nothing that was flushed, or the power fails. */
  end(): void {
    this.startsOff = false;
    if (this.below(3) > 0) {
      this.disk.crash(this.below);
      this.startsOff = this.below(5) === 0;
      return;
    }
    this.disk.kill();
    this.promise(this.flushed.at(-1)?.count ?? 0);
  }

  /** Must work whatever was left; what is loaded must be right. */
  start(): void {
    this.disk.faults = () => null;
    this.log.lines.push(
      `--- start at ${String(this.nowMs)}, count ${String(this.count)}, promised ${String(this.promised)}`,
    );
    const files = this.files(this.log);
    files.load();
    files.upgrade();
    const counter = new Counter();
    new AofLoader(files, counter, { nowMs: () => this.nowMs }).run();
    expect(counter.count).toBeGreaterThanOrEqual(this.promised);
    expect(this.boundaries.has(counter.count), `the count ${String(counter.count)} is inside a transaction`).toBe(true);
    this.count = counter.count;
    for (const boundary of this.boundaries) if (boundary > this.count) this.boundaries.delete(boundary);
    this.only = new AppendOnly(files, this.appendLog());
    if (!this.startsOff) {
      this.only.start(this.rdb, (path) => {
        placeDurably(this.disk, path, countBase(this.count, this.rdb));
      });
      this.promise(this.count);
    }
    expect(this.disk.openDescriptors, "descriptors open after the start").toBe(this.startsOff ? 0 : 1);
    this.snapshot = -1;
    this.flushed = [];
    this.wellSinceMs = this.nowMs;
    this.disk.faults = randomFaults(this.below, FAULTS[this.below(FAULTS.length)]);
  }

  promise(count: number): void {
    this.promised = Math.max(this.promised, count);
  }

  step(): void {
    this.nowMs += this.below(10) === 0 ? 100 : this.below(30);
    this.syncs();
    switch (this.below(12)) {
      case 0:
        this.beginRewrite();
        break;
      case 1:
        this.endRewrite();
        break;
      case 2:
        this.nowMs += 100;
        break;
      case 3:
        this.turn();
        break;
      default:
        this.change();
    }
    this.only.log.flush();
    this.note();
  }

  /** Changes, unless the last write failed: then the server denies them. */
  change(): void {
    if (!this.only.log.isOk) return;
    const transaction = this.below(4) === 0;
    const changes = transaction ? 1 + this.below(3) : 1;
    if (transaction) this.append(MULTI);
    for (let i = 0; i < changes; i++) this.append(request("ADD", String(++this.count), "x".repeat(this.below(40))));
    if (transaction) this.append(EXEC);
    this.boundaries.add(this.count);
  }

  append(bytes: Uint8Array): void {
    if (this.only.takesChanges) this.only.log.append(bytes, 0, bytes.length);
  }

  /** The disk takes some time for a sync that was started, and sometimes too long. */
  syncs(): void {
    if (this.disk.pendingSyncs === 0) {
      this.syncDueMs = this.nowMs + (this.below(20) === 0 ? 3000 : this.below(LONGEST_SYNC_MS));
    } else if (this.nowMs >= this.syncDueMs) {
      this.disk.finishSync();
    }
  }

  /** What a restart must not lose from now on. */
  note(): void {
    const { log } = this.only;
    if (this.only.state !== "on") {
      this.flushed = [];
      this.wellSinceMs = this.nowMs;
      return;
    }
    if (!log.isOk || log.bufferedBytes > 0 || this.syncDueMs - this.nowMs > LONGEST_SYNC_MS)
      this.wellSinceMs = this.nowMs;
    if (log.bufferedBytes > 0) return;
    if (this.policy === "always") this.promise(this.count);
    this.flushed.push({ atMs: this.nowMs, count: this.count });
    const boundMs = this.nowMs - EVERYSEC_BOUND_MS;
    if (this.policy !== "everysec" || this.wellSinceMs > boundMs) return;
    for (const { atMs, count } of this.flushed) if (atMs <= boundMs) this.promise(count);
  }

  beginRewrite(): void {
    if (this.snapshot >= 0 || !this.only.beginRewrite()) return;
    this.snapshot = this.count;
  }

  endRewrite(): void {
    if (this.snapshot < 0) return;
    const base = countBase(this.snapshot, this.rdb);
    this.snapshot = -1;
    try {
      placeDurably(this.disk, TEMPORARY_BASE, base);
    } catch {
      this.only.failRewrite();
      return;
    }
    this.only.finishRewrite(TEMPORARY_BASE, this.rdb);
  }
}

test("a crash at any moment: the next start works, and what was promised is there", () => {
  const { seed, scale } = randomFromSeed();
  for (let round = 0; round < 300 * scale; round++) {
    const one = new Round(seed + round);
    try {
      one.run();
    } catch (error) {
      throw new Error(`SIDER_SEED=${String(seed + round)} (${one.policy})\n${one.log.text}`, { cause: error });
    }
  }
});
