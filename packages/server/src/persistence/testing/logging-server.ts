/** A server with an append-only file on a simulated disk, for tests. */
import { SimulatedDisk } from "@sider/persistence/testing";
import { createTestServer } from "../../testing/test-client.ts";
import type { TestClient, TestServer } from "../../testing/test-client.ts";

const FOLDER = "/data";

export interface LoggingServer extends TestServer {
  readonly disk: SimulatedDisk;
  readonly client: TestClient;
  /** The fatal lines. */
  readonly ends: string[];
  /** Sends a command and brings to the file what it has changed. */
  change(...words: (string | number)[]): string;
  /** The timer, so many milliseconds later. */
  tick(afterMs?: number): void;
  /** Waits until no rewrite runs. */
  rewritten(): Promise<void>;
  /** A field of INFO persistence. */
  info(field: string): string;
}

/** Starts a server, which loads what is on the disk. */
export async function startLogging(
  directives: Readonly<Record<string, string>> = {},
  disk = new SimulatedDisk(),
  steadyMs?: () => number,
): Promise<LoggingServer> {
  if (disk.kind(FOLDER) === null) {
    disk.makeDirectory(FOLDER);
    const parent = disk.open("/", "r");
    disk.fsync(parent);
    disk.close(parent);
  }
  const made = createTestServer(
    { dir: FOLDER, appendonly: "yes", appendfsync: "always", "enable-debug-command": "yes", ...directives },
    1,
    undefined,
    disk,
    steadyMs,
  );
  const { server, clock } = made;
  const ends: string[] = [];
  server.appendOnly.onFatal = (line) => {
    ends.push(line);
  };
  if (server.configuration.get("appendonly")) await server.appendOnly.load();
  server.isStarted = true;
  const client = made.connect();
  return {
    ...made,
    disk,
    client,
    ends,
    change: (...words) => {
      const reply = client.send(...words);
      server.appendOnly.flush();
      return reply;
    },
    tick: (afterMs = 100) => {
      clock.now += afterMs;
      server.keyspace.updateClock();
      server.appendOnly.tick();
    },
    rewritten: async () => {
      while (server.appendOnly.rewriting.isRunning) await new Promise(setImmediate);
    },
    info: (field) => new RegExp(`\r\n${field}:(.*)\r\n`).exec(client.send("INFO", "persistence"))?.[1] ?? "",
  };
}

/** The names in the directory of the files. */
export function filesOn(disk: SimulatedDisk): string[] {
  return disk.list(`${FOLDER}/appendonlydir`);
}

/** What is in one of them, as one line: the words of the commands. */
export function textOf(disk: SimulatedDisk, name: string): string {
  const text = Buffer.from(disk.contents(`${FOLDER}/appendonlydir/appendonly.aof.${name}`)).toString("latin1");
  return text
    .split("\r\n")
    .filter((line) => line !== "" && !/^[*$]\d/.test(line))
    .join(" ");
}
