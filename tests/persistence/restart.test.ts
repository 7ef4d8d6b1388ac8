/** What was saved is there after a restart; what cannot be read stops the start and is left as it is. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

import { RawConnection } from "../support/connection.ts";
import { useDirectory } from "../support/directory.ts";
import { runProgram } from "../support/run-program.ts";
import {
  freePort,
  type RunningServer,
  serverCommand,
  startServer,
  subjectKind,
  subjectPresent,
} from "../support/server.ts";
import { snapshotOf } from "../support/snapshot.ts";
import { writeSample } from "./sample-data.ts";

describe.skipIf(!subjectPresent())("restarts", () => {
  const directory = useDirectory();
  const start = (...args: string[]): Promise<RunningServer> =>
    startServer({ kind: subjectKind, directory: directory.path, args });
  const file = (): string => join(directory.path, "dump.rdb");
  const call = async (server: RunningServer, ...args: string[]): Promise<string> => {
    const connection = await RawConnection.open(server.port);
    const reply = await connection.callText(...args);
    connection.close();
    return reply;
  };

  test("SAVE, a sudden end, and all is there again", async () => {
    const first = await start();
    await writeSample(first.port);
    const before = await snapshotOf(first.port);
    expect(await call(first, "SAVE")).toBe("+OK\r\n");
    await first.stop("SIGKILL");
    const second = await start();
    expect(await snapshotOf(second.port)).toEqual(before);
    await second.stop("SIGKILL");
    expect(readdirSync(directory.path)).toEqual(["dump.rdb"]);
  });

  test.each(["SIGTERM", "SIGINT"] as const)("%s saves when there are save points, and ends with 0", async (signal) => {
    const first = await start("--save", "3600", "1");
    await writeSample(first.port);
    const before = await snapshotOf(first.port);
    expect(await first.stop(signal)).toBe(0);
    const second = await start();
    expect(await snapshotOf(second.port)).toEqual(before);
    await second.stop("SIGKILL");
  });

  test("without save points SIGTERM saves nothing", async () => {
    const first = await start();
    await call(first, "SET", "k", "v");
    expect(await first.stop("SIGTERM")).toBe(0);
    expect(readdirSync(directory.path)).toEqual([]);
  });

  test("SHUTDOWN SAVE and SHUTDOWN NOSAVE", async () => {
    const first = await start();
    await call(first, "SET", "k", "saved");
    await call(first, "SHUTDOWN", "SAVE").catch(() => "closed");
    expect(await first.exited).toBe(0);
    const second = await start("--save", "3600", "1");
    expect(await call(second, "GET", "k")).toBe("$5\r\nsaved\r\n");
    await call(second, "SET", "k", "forgotten");
    await call(second, "SHUTDOWN", "NOSAVE").catch(() => "closed");
    expect(await second.exited).toBe(0);
    const third = await start();
    expect(await call(third, "GET", "k")).toBe("$5\r\nsaved\r\n");
    await third.stop("SIGKILL");
  });

  test("dbfilename names the file", async () => {
    const first = await start("--dbfilename", "other.rdb");
    await call(first, "SET", "k", "v");
    await call(first, "SAVE");
    await first.stop("SIGKILL");
    expect(readdirSync(directory.path)).toEqual(["other.rdb"]);
  });

  test.each([
    ["a flipped bit in the middle", (bytes: Buffer) => flipBit(bytes, bytes.length >> 1)],
    ["a flipped bit in the checksum", (bytes: Buffer) => flipBit(bytes, bytes.length - 3)],
    ["a file cut in the middle", (bytes: Buffer) => bytes.subarray(0, bytes.length >> 1)],
    ["a file without its last byte", (bytes: Buffer) => bytes.subarray(0, -1)],
    ["a file that is something else", () => Buffer.from("this is no database at all")],
    ["a format of the future", (bytes: Buffer) => Buffer.concat([Buffer.from("REDIS9999"), bytes.subarray(9)])],
  ])("%s stops the start and is left alone", async (_, damage) => {
    const first = await start();
    await writeSample(first.port);
    await call(first, "SAVE");
    await first.stop("SIGKILL");
    const damaged = damage(readFileSync(file()));
    writeFileSync(file(), damaged);
    const args = ["--port", String(await freePort()), "--bind", "127.0.0.1", "--save", "", "--dir", directory.path];
    const { code, output } = await runProgram([...serverCommand(subjectKind), ...args], "", 10_000);
    expect(code).toBe(1);
    expect(output).toMatch(/RDB|rdb|dump|DB/);
    expect(readFileSync(file())).toEqual(damaged);
    expect(readdirSync(directory.path)).toEqual(["dump.rdb"]);
  });
});

function flipBit(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}
