/** Directories that redis-server starts from, and those that it has left: killed, without a chance to tidy up. */
import { execFileSync } from "node:child_process";
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { systemClock } from "@sider/keyspace-engine";
import { nodeFileSystem } from "../file-system.ts";
import { CommandCollector, countBase, LogLines, placeDurably, request } from "../testing/aof.ts";
import { latin1 } from "../testing/dumps.ts";
import { oraclePresent, startOracle, temporaryDirectory } from "../testing/oracle.ts";
import { AofFiles } from "./aof-files.ts";
import { AofLoader } from "./aof-loader.ts";
import { AppendLog } from "./append-log.ts";
import { AppendOnly } from "./append-only.ts";

let directory = "";
beforeEach(() => {
  directory = temporaryDirectory();
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

function appendOnly(): AppendOnly {
  const logger = new LogLines();
  const names = { directory, directoryName: "appendonlydir", fileName: "append only.aof" };
  const files = new AofFiles({ fileSystem: nodeFileSystem, logger, ...names });
  const fatal = (line: string): never => {
    throw new Error(line);
  };
  return new AppendOnly(files, new AppendLog({ fileSystem: nodeFileSystem, clock: systemClock, logger, fatal }));
}

function append(only: AppendOnly, ...words: readonly string[]): void {
  const bytes = request(...words);
  only.log.append(bytes, 0, bytes.length);
}

async function waitFor(condition: () => boolean): Promise<void> {
  for (let attempt = 0; attempt < 200 && !condition(); attempt++) await new Promise((done) => setTimeout(done, 25));
  expect(condition()).toBe(true);
}

const AOF = ["--appendonly", "yes", "--appendfilename", "append only.aof"];

describe.skipIf(!oraclePresent())("redis-server", () => {
  test("starts from our directory, in every state of a rewrite, and redis-check-aof accepts it", async () => {
    const only = appendOnly();
    only.files.load();
    only.log.timestamps = true;
    only.start(false, (path) => {
      placeDurably(nodeFileSystem, path, request("SET", "first", "gone"));
    });
    append(only, "SELECT", "0");
    append(only, "SET", "a", "1");
    only.log.flush();
    expect(only.beginRewrite()).toBe(true);
    append(only, "SELECT", "0");
    append(only, "INCR", "a");
    only.log.settle();
    await expectKeys({ a: "2", first: "gone" });
    const temporary = join(directory, "temp-rewriteaof-bg-1.aof");
    placeDurably(nodeFileSystem, temporary, countBase(7, true));
    expect(only.finishRewrite(temporary, true)).toBe(true);
    append(only, "MULTI");
    append(only, "SET", "b", "3");
    append(only, "EXEC");
    only.log.settle();
    expect(readdirSync(join(directory, "appendonlydir")).sort()).toEqual([
      "append only.aof.2.base.rdb",
      "append only.aof.2.incr.aof",
      "append only.aof.manifest",
    ]);
    await expectKeys({ b: "3", count: "7" });
  });

  test("killed under load leaves what we load", async () => {
    const oracle = await startOracle(directory, AOF);
    const written: string[] = [];
    for (let i = 0; i < 200; i++) {
      if (i === 100) await oracle.command("BGREWRITEAOF");
      await oracle.command("SET", `key ${String(i)}`, "value");
      if (i >= 100) written.push(`SET key ${String(i)} value`);
    }
    const { path } = appendOnly().files;
    await waitFor(() => readdirSync(path).includes("append only.aof.2.base.rdb") && readdirSync(path).length === 3);
    await oracle.stop();
    const only = appendOnly();
    only.files.load();
    const collector = new CommandCollector();
    expect(new AofLoader(only.files, collector, { nowMs: () => 0 }).run()).toBe("loaded");
    expect(collector.commands.filter((text) => text.startsWith("SET"))).toEqual(written);
    expect(collector.dump.entries.length).toBe(100);
    expect(collector.dump.aux["aof-base"]).toBe("1");
  });

  /** What redis-server has after loading a directory. */
  async function expectKeys(keys: Readonly<Record<string, string>>): Promise<void> {
    const manifest = join(directory, "appendonlydir", "append only.aof.manifest");
    expect(execFileSync("redis-check-aof", [manifest], { encoding: "latin1" })).toContain(
      "All AOF files and manifest are valid",
    );
    const oracle = await startOracle(directory, AOF);
    try {
      for (const [key, value] of Object.entries(keys))
        expect(latin1((await oracle.command("GET", key)) as Uint8Array)).toBe(value);
    } finally {
      await oracle.stop();
    }
  }
});
