/** RDB files that Sider and redis-server write for each other. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

import { RawConnection } from "../support/connection.ts";
import { programsPresent } from "../support/programs.ts";
import { runProgram } from "../support/run-program.ts";
import { type PeerKind, startServer, subjectKind, subjectPresent } from "../support/server.ts";
import { contentOf } from "../support/content.ts";
import { useDirectory } from "../support/directory.ts";
import { snapshotOf } from "../support/snapshot.ts";
import { writeSample } from "./sample-data.ts";
import { writeTypedSample } from "./typed-sample.ts";

const canRun = subjectPresent() && programsPresent("RDB exchange tests", "redis-server", "redis-check-rdb");
/** Redis 7.0 loads format versions up to 10; redis-server itself does not know the option. */
const versionArgs = subjectKind === "sider" ? ["--rdb-version", "10"] : [];

/** What is written, and how what is there is read again. */
interface Sample {
  write(port: number): Promise<void>;
  read(port: number): Promise<Record<string, string>>;
}
const strings: Sample = { write: writeSample, read: snapshotOf };
const allTypes: Sample = { write: writeTypedSample, read: contentOf };

describe.skipIf(!canRun)("RDB files", () => {
  const directory = useDirectory();

  /** Starts a server in the directory, lets it write the sample, saves, and returns what it held. */
  async function writtenBy(sample: Sample, kind: PeerKind, args: readonly string[]): Promise<Record<string, string>> {
    const server = await startServer({ kind, directory: directory.path, args });
    await sample.write(server.port);
    const connection = await RawConnection.open(server.port);
    expect(await connection.callText("SAVE")).toBe("+OK\r\n");
    connection.close();
    const content = await sample.read(server.port);
    await server.stop("SIGKILL");
    return content;
  }

  async function loadedBy(sample: Sample, kind: PeerKind): Promise<Record<string, string>> {
    const server = await startServer({ kind, directory: directory.path });
    const content = await sample.read(server.port);
    await server.stop("SIGKILL");
    return content;
  }

  const yesOrNo = ["yes", "no"] as const;

  test.each(yesOrNo)("every type and encoding goes to redis-server, compression %s", async (compression) => {
    const written = await writtenBy(allTypes, subjectKind, [...versionArgs, "--rdbcompression", compression]);
    expect(Object.keys(written).length).toBeGreaterThan(35);
    expect((await runProgram(["redis-check-rdb", join(directory.path, "dump.rdb")])).output).toContain("RDB looks OK");
    expect(await loadedBy(allTypes, "redis")).toEqual(written);
    expect(await loadedBy(allTypes, subjectKind)).toEqual(written);
  });

  test.each(yesOrNo)("every type and encoding comes from redis-server, compression %s", async (compression) => {
    const written = await writtenBy(allTypes, "redis", ["--rdbcompression", compression]);
    expect(await loadedBy(allTypes, subjectKind)).toEqual(written);
  });

  test.each(yesOrNo)("redis-check-rdb accepts what was written, compression %s", async (compression) => {
    await writtenBy(strings, subjectKind, [...versionArgs, "--rdbcompression", compression]);
    const { code, output } = await runProgram(["redis-check-rdb", join(directory.path, "dump.rdb")]);
    expect(output).toContain("RDB looks OK");
    expect(code).toBe(0);
  });

  test.each(yesOrNo)("redis-server loads what was written, compression %s", async (compression) => {
    const written = await writtenBy(strings, subjectKind, [...versionArgs, "--rdbcompression", compression]);
    expect(await loadedBy(strings, "redis")).toEqual(written);
  });

  test.each(yesOrNo)("what redis-server wrote is loaded, compression %s", async (compression) => {
    const written = await writtenBy(strings, "redis", ["--rdbcompression", compression]);
    expect(await loadedBy(strings, subjectKind)).toEqual(written);
  });

  test("what redis-server wrote without checksums is loaded", async () => {
    const written = await writtenBy(strings, "redis", ["--rdbchecksum", "no"]);
    expect(await loadedBy(strings, subjectKind)).toEqual(written);
  });

  test.skipIf(subjectKind === "redis")("version 11 is written unless told otherwise", async () => {
    const written = await writtenBy(strings, subjectKind, []);
    expect(readFileSync(join(directory.path, "dump.rdb")).toString("latin1", 0, 9)).toBe("REDIS0011");
    expect(await loadedBy(strings, subjectKind)).toEqual(written);
  });
});
