/** The append-only file as a data set that comes in steps. */
import { AofLoader } from "@sider/persistence";
import type { AofFiles, AofLoadOutcome } from "@sider/persistence";
import type { Server } from "../server.ts";
import { LogReplay } from "./log-replay.ts";
import type { LoadedDump } from "./persistence-service.ts";
import type { LoadSource } from "./loading.ts";

export class LogSource implements LoadSource {
  readonly totalBytes: number;
  private readonly loader: AofLoader;
  private readonly replay: LogReplay;
  private readonly server: Server;

  /** @throws AofError, which has been logged */
  constructor(server: Server, files: AofFiles) {
    const { configuration, keyspace } = server;
    this.server = server;
    this.replay = new LogReplay(server);
    this.loader = new AofLoader(files, this.replay, {
      loadTruncated: configuration.get("aof-load-truncated"),
      nowMs: () => keyspace.clock.nowMs(),
      rdb: {
        checksum: configuration.get("rdbchecksum"),
        maxStringBytes: Math.min(configuration.get("proto-max-bulk-len"), 2 ** 31 - 1),
      },
    });
    this.totalBytes = this.loader.totalBytes;
    // What the commands behind expect is there, whatever the time is now: their effect has DELs of its own.
    keyspace.lazyExpiry = false;
  }

  get outcome(): AofLoadOutcome {
    return this.loader.outcome;
  }

  /** What came from dumps. */
  get dump(): LoadedDump {
    return this.replay.dump;
  }

  get loadedBytes(): number {
    return this.loader.loadedBytes;
  }

  get usedMemoryBytes(): number {
    return this.replay.notes.usedMemoryBytes;
  }

  step(): boolean {
    if (!this.loader.step()) return true;
    this.replay.finishFile();
    return false;
  }

  close(): void {
    this.loader.abandon();
    this.server.keyspace.lazyExpiry = true;
  }
}
