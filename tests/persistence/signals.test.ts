/** Signals that come twice, and while the server saves. */
import { readdirSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { RawConnection } from "../support/connection.ts";
import { useDirectory } from "../support/directory.ts";
import { type RunningServer, startServer, subjectKind, subjectPresent } from "../support/server.ts";

const keys = 200;
/** Makes a save of all keys take ten seconds, unless it is ended. */
const slowSave = ["--save", "3600 1000", "--rdb-key-save-delay", "50000"];

describe.skipIf(!subjectPresent())("signals during a save", () => {
  const directory = useDirectory();
  let server: RunningServer;
  beforeEach(async () => {
    server = await startServer({ kind: subjectKind, directory: directory.path, args: slowSave });
  });
  afterEach(async () => {
    await server.stop("SIGKILL");
  });

  async function connect(): Promise<(...args: string[]) => Promise<string>> {
    const connection = await RawConnection.open(server.port);
    return (...args) => connection.callText(...args);
  }

  async function logged(text: string): Promise<void> {
    const deadline = performance.now() + 10_000;
    while (!server.log().includes(text)) {
      if (performance.now() > deadline) throw new Error(`not logged: ${text}\n${server.log()}`);
      await sleep(10);
    }
  }

  const temporaryFiles = (): string[] => readdirSync(directory.path).filter((name) => name.startsWith("temp-"));

  async function fillAndSaveOnce(): Promise<void> {
    const call = await connect();
    await call("CONFIG", "SET", "rdb-key-save-delay", "0");
    for (let index = 0; index < keys; index++) await call("SET", `key:${index}`, "first");
    expect(await call("SAVE")).toBe("+OK\r\n");
    await call("SET", "key:0", "second");
    await call("CONFIG", "SET", "rdb-key-save-delay", "50000");
  }

  async function valueAfterRestart(): Promise<string> {
    server = await startServer({ kind: subjectKind, directory: directory.path });
    const call = await connect();
    expect(await call("DBSIZE")).toBe(`:${keys}\r\n`);
    return call("GET", "key:0");
  }

  test("a second SIGINT ends the last save: the file before is as it was, and nothing else is left", async () => {
    await fillAndSaveOnce();
    process.kill(server.pid, "SIGINT");
    await logged("Saving the final RDB snapshot before exiting.");
    process.kill(server.pid, "SIGINT");
    expect(await server.exited).toBe(1);
    expect(server.log()).toContain("You insist... exiting now.");
    expect(temporaryFiles()).toEqual([]);
    expect(await valueAfterRestart()).toBe("$5\r\nfirst\r\n");
  });

  test("a second SIGTERM changes nothing: the last save goes on to its end", async () => {
    await fillAndSaveOnce();
    await (
      await connect()
    )("CONFIG", "SET", "rdb-key-save-delay", "2000");
    process.kill(server.pid, "SIGTERM");
    await logged("Saving the final RDB snapshot before exiting.");
    for (let left = 3; left > 0; left--) process.kill(server.pid, "SIGTERM");
    expect(await server.exited).toBe(0);
    expect(temporaryFiles()).toEqual([]);
    expect(await valueAfterRestart()).toBe("$6\r\nsecond\r\n");
  });

  test("SIGTERM during a BGSAVE ends that, and saves", async () => {
    await fillAndSaveOnce();
    const call = await connect();
    expect(await call("BGSAVE")).toMatch(/^\+Background saving started/);
    await call("CONFIG", "SET", "rdb-key-save-delay", "0");
    expect(await server.stop("SIGTERM")).toBe(0);
    expect(server.log()).toContain("There is a child saving an .rdb. Killing it!");
    expect(temporaryFiles()).toEqual([]);
    expect(await valueAfterRestart()).toBe("$6\r\nsecond\r\n");
  });
});
