/** SAVE onto a disk that takes nothing more: an error, the file from before stays, and the server goes on. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

import { RawConnection } from "../support/connection.ts";
import { startServer, subjectKind, subjectPresent } from "../support/server.ts";

describe.skipIf(!subjectPresent())("SAVE that fails", () => {
  test("a full disk", async ({ skip }) => {
    const directory = mkdtempSync(join(tmpdir(), "sider-full-"));
    if (spawnSync("/bin/mount", ["-t", "tmpfs", "-o", "size=128k", "tmpfs", directory]).status !== 0) {
      rmSync(directory, { recursive: true });
      skip("a small file system can only be mounted as root");
    }
    const server = await startServer({ kind: subjectKind, directory, args: ["--rdbcompression", "no"] });
    const connection = await RawConnection.open(server.port);
    try {
      await connection.call("SET", "small", "kept");
      expect(await connection.callText("SAVE")).toBe("+OK\r\n");
      const before = readFileSync(join(directory, "dump.rdb"));
      await connection.call("SET", "large", Buffer.alloc(300_000, "x"));
      expect(await connection.callText("SAVE")).toMatch(/^-ERR/);
      expect(readFileSync(join(directory, "dump.rdb"))).toEqual(before);
      expect(readdirSync(directory)).toEqual(["dump.rdb"]);
      expect(await connection.callText("GET", "small")).toBe("$4\r\nkept\r\n");
      await connection.call("DEL", "large");
      expect(await connection.callText("SAVE")).toBe("+OK\r\n");
    } finally {
      connection.close();
      await server.stop("SIGKILL");
      spawnSync("/bin/umount", [directory]);
      rmSync(directory, { recursive: true });
    }
  });

  test("a directory that went away", async () => {
    const server = await startServer({ kind: subjectKind });
    const connection = await RawConnection.open(server.port);
    await connection.call("SET", "key", "value");
    rmSync(server.directory, { recursive: true });
    expect(await connection.callText("SAVE")).toMatch(/^-ERR/);
    expect(await connection.callText("GET", "key")).toBe("$5\r\nvalue\r\n");
    connection.close();
    await server.stop("SIGKILL");
  });
});
