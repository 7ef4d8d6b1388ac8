/**
 * Append-only directories that Sider and redis-server write for each other: every type, with and without a rewrite, left behind by
 * a sudden end; and what the crash rig leaves behind, under load.
 */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

import { CrashRig } from "../crash/rig.ts";
import { RawConnection } from "../support/connection.ts";
import { programsPresent } from "../support/programs.ts";
import { runProgram } from "../support/run-program.ts";
import { type PeerKind, startServer, subjectKind, subjectPresent } from "../support/server.ts";
import { contentOf } from "../support/content.ts";
import { useDirectory } from "../support/directory.ts";
import { seedOfRun } from "../support/random.ts";
import { whenSaved } from "../support/saves.ts";
import { writeTypedSample } from "./typed-sample.ts";

const canRun = subjectPresent() && programsPresent("AOF exchange tests", "redis-server", "redis-check-aof");
const seed = seedOfRun();
const directions: readonly (readonly [PeerKind, PeerKind])[] = [
  [subjectKind, "redis"],
  ["redis", subjectKind],
  [subjectKind, subjectKind],
];
/** How the BASE file comes about: there is none but the empty one of the start, or a rewrite as commands or as a dump. */
const bases = ["none", "commands", "dump"] as const;

describe.skipIf(!canRun)("append-only directories", () => {
  const directory = useDirectory();

  const argsOf = (kind: PeerKind, base: (typeof bases)[number]): string[] => [
    ...["--appendonly", "yes", "--appendfsync", "always"],
    ...["--aof-use-rdb-preamble", base === "commands" ? "no" : "yes"],
    ...(kind === "sider" ? ["--rdb-version", "10"] : []),
  ];

  async function writtenBy(kind: PeerKind, base: (typeof bases)[number]): Promise<Record<string, string>> {
    const server = await startServer({ kind, directory: directory.path, args: argsOf(kind, base) });
    await writeTypedSample(server.port);
    const connection = await RawConnection.open(server.port);
    if (base !== "none") {
      await rewrite(connection);
      await connection.pipeline([
        ["RPUSH", "list:after", "the rewrite"],
        ["SPOP", "set:table", "100"],
        ["EXPIRE", "list:after", "100000"],
      ]);
    }
    connection.close();
    const content = await contentOf(server.port);
    await server.stop("SIGKILL");
    return content;
  }

  describe.each(directions)("from %s to %s", (from, to) => {
    test.each(bases)("with everything, base: %s", async (base) => {
      const written = await writtenBy(from, base);
      expect(Object.keys(written).length).toBeGreaterThan(35);
      await expectAccepted(directory.path);
      const server = await startServer({ kind: to, directory: directory.path, args: argsOf(to, base) });
      const loaded = await contentOf(server.port);
      await server.stop("SIGKILL");
      expect(loaded).toEqual(written);
    });

    test.each(["everysec", "rdb"] as const)("killed under load, %s", { timeout: 60_000 }, async (policy) => {
      console.log(`seed ${seed}`);
      const rig = new CrashRig({ kind: from, policy, seed });
      try {
        for (let round = 0; round < 2; round++) await rig.round();
        await rig.kill();
        await rig.elsewhere(to, (port) => rig.checkSame(port));
      } finally {
        await rig.end();
      }
    });
  });
});

async function rewrite(connection: RawConnection): Promise<void> {
  expect(await connection.callText("BGREWRITEAOF")).toMatch(/^\+Background append only file rewriting/);
  await whenSaved(connection);
}

async function expectAccepted(directory: string): Promise<void> {
  const folder = join(directory, "appendonlydir");
  const manifest = readdirSync(folder).find((name) => name.endsWith(".manifest")) ?? "";
  const { code, output } = await runProgram(["redis-check-aof", join(folder, manifest)]);
  expect(output).toContain("All AOF files and manifest are valid");
  expect(code).toBe(0);
}
