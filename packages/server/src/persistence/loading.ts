/**
 * Loading a data set: in turns of the event loop, so that clients can be told that it loads and how far it is, or at once.
 *
 *   source.step() ... step()   |   step() ... step()   |  ...      a turn ends after 8 ms, or after so many bytes
 *                              clients, timer          clients     (loading-process-events-interval-bytes)
 *
 * GATE_LOADING is closed meanwhile: commands without the flag `loading` are refused.
 */
import type { Keyspace } from "@sider/keyspace-engine";
import type { Configuration } from "../config/index.ts";
import type { Logger } from "../log/index.ts";

const TURN_MS = 8;
const LOG_INTERVAL_MS = 5000;
const MILLISECONDS_A_SECOND = 1000;

/** A data set that comes in steps. */
export interface LoadSource {
  /** Bytes there are, and those that are loaded. */
  readonly totalBytes: number;
  readonly loadedBytes: number;
  /** What the data took in the memory of the server that wrote it; 0 when that is not known. */
  readonly usedMemoryBytes: number;
  /** Loads a little, a millisecond at most. True while there is more. Throws what ends the load. */
  step(): boolean;
  /** Gives back what it holds, whether it came to its end or not. */
  close(): void;
}

/** The server goes down before the data set is loaded. */
export class LoadCancelled extends Error {
  override readonly name = "LoadCancelled";
}

export interface LoadingParts {
  readonly configuration: Configuration;
  readonly log: Logger;
  readonly keyspace: Keyspace;
  /** Called when it begins and ends. */
  readonly changed: (isActive: boolean) => void;
}

export class Loading {
  /** When the load began, Unix seconds. */
  startedUnixSeconds = 0;
  private readonly parts: LoadingParts;
  private source: LoadSource | null = null;
  private dirtyBefore = 0;
  private isCancelled = false;
  private loggedMs = 0;

  constructor(parts: LoadingParts) {
    this.parts = parts;
  }

  get isActive(): boolean {
    return this.source !== null;
  }

  get totalBytes(): number {
    return this.source?.totalBytes ?? 0;
  }

  get loadedBytes(): number {
    return this.source?.loadedBytes ?? 0;
  }

  get usedMemoryBytes(): number {
    return this.source?.usedMemoryBytes ?? 0;
  }

  /** From 0 to 100. */
  get percent(): number {
    return this.totalBytes === 0 ? 0 : Math.min(100, (this.loadedBytes / this.totalBytes) * 100);
  }

  /** How long it may still take, in whole seconds; 1 before the first second is over. */
  get leftSeconds(): number {
    const elapsedSeconds =
      Math.floor(this.parts.keyspace.clock.nowMs() / MILLISECONDS_A_SECOND) - this.startedUnixSeconds;
    if (elapsedSeconds <= 0) return 1;
    const leftBytes = Math.max(0, this.totalBytes - this.loadedBytes);
    return Math.floor((elapsedSeconds * leftBytes) / (this.loadedBytes + 1));
  }

  /** Loads all of a source while everyone waits. Throws what the source throws. */
  atOnce(source: LoadSource): void {
    this.begin(source);
    try {
      while (source.step());
    } finally {
      this.end(source);
    }
  }

  /** Loads all of a source, turn by turn. Rejects with what the source throws, and with `LoadCancelled`. */
  async inTurns(source: LoadSource): Promise<void> {
    this.begin(source);
    try {
      while (this.turn(source)) await new Promise(setImmediate);
    } finally {
      this.end(source);
    }
  }

  private turn(source: LoadSource): boolean {
    if (this.isCancelled) throw new LoadCancelled("the load was cancelled");
    const startedMs = performance.now();
    const lastByte = source.loadedBytes + this.parts.configuration.get("loading-process-events-interval-bytes");
    while (source.step()) {
      if (source.loadedBytes < lastByte && performance.now() - startedMs < TURN_MS) continue;
      this.logProgress();
      return true;
    }
    return false;
  }

  private logProgress(): void {
    const nowMs = this.parts.keyspace.clock.nowMs();
    if (nowMs - this.loggedMs < LOG_INTERVAL_MS) return;
    this.loggedMs = nowMs;
    this.parts.log.notice(`Loading: ${this.percent.toFixed(2)}%, ${String(this.leftSeconds)} seconds left`);
  }

  /** Ends a load that goes on in turns, at its next turn. */
  cancel(): void {
    if (this.source !== null) this.isCancelled = true;
  }

  private begin(source: LoadSource): void {
    const { changed, keyspace } = this.parts;
    this.source = source;
    this.isCancelled = false;
    this.loggedMs = keyspace.clock.nowMs();
    this.startedUnixSeconds = Math.floor(this.loggedMs / MILLISECONDS_A_SECOND);
    this.dirtyBefore = keyspace.dirty;
    changed(true);
  }

  private end(source: LoadSource): void {
    const { changed, keyspace } = this.parts;
    this.source = null;
    source.close();
    keyspace.dirty = this.dirtyBefore;
    for (const database of keyspace.databases) keyspace.watch?.databaseChanged(database);
    changed(false);
  }
}
