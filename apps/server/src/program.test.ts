/** The built program as a process. Skipped where it has not been built. */
import { spawn } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { program, ProgramRuns, until } from "./testing/program-runs.ts";

let runs: ProgramRuns;

beforeEach(() => {
  runs = new ProgramRuns();
});

afterEach(() => {
  runs.end();
});

describe.skipIf(!existsSync(program))("sider-server", () => {
  test("prints its version, and how it is used", async () => {
    expect(await runs.runToEnd("--version")).toMatchObject({
      code: 0,
      output: expect.stringMatching(/^Sider server v=7\.2\.\d+ sider=\d/) as string,
    });
    expect(await runs.runToEnd("--help")).toMatchObject({
      code: 0,
      output: expect.stringContaining("--port 7000") as string,
    });
    expect(await runs.runToEnd("--test-memory", "100")).toMatchObject({
      code: 1,
      output: expect.stringContaining("has no --test-memory: ") as string,
    });
    const check = await runs.runToEnd("--check-system");
    expect(check.output).toMatch(/^\[overcommit\]\.\.\.(?:OK|WARNING:)\n/);
    expect(check.code).toBe(check.output.includes("WARNING") ? 1 : 0);
  });

  test("saves when it is told to end, and loads when it starts again", async () => {
    const pidFile = join(runs.folder, "pid");
    const first = await runs.startOnSocket("--pidfile", pidFile);
    expect(readFileSync(pidFile, "utf8")).toBe(`${String(first.child.pid)}\n`);
    expect(await runs.talk("SET a 1\r\n")).toBe("+OK\r\n");
    first.child.kill("SIGTERM");
    expect(await first.ended).toBe(0);
    expect(first.output()).toMatch(/# Received SIGTERM.*User requested shutdown.*\* DB saved on disk.*bye bye/s);
    expect(existsSync(pidFile)).toBe(false);
    const second = await runs.startOnSocket();
    expect(second.output()).toMatch(/\* DB loaded from disk: \d\.\d{3} seconds/);
    expect(await runs.talk("GET a\r\n")).toBe("$1\r\n1\r\n");
    second.child.kill("SIGINT");
    expect(await second.ended).toBe(0);
  });

  test("goes on when it cannot save at its end, unless it is told not to", async () => {
    const started = await runs.startOnSocket("--dir", runs.folder, "--dbfilename", "dump.rdb");
    await runs.talk("SET a 1\r\n");
    rmSync(runs.folder, { recursive: true });
    started.child.kill("SIGTERM");
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(started.child.exitCode).toBeNull();
    expect(started.output()).toContain("Error trying to save the DB, can't exit.");
    started.child.kill("SIGKILL");
    await started.ended;
  });

  test("does not start on a corrupt dump, and leaves it alone", async () => {
    writeFileSync(join(runs.folder, "dump.rdb"), "REDIS0011 and nonsense");
    const { code, output } = await runs.runToEnd("--port", "0", "--unixsocket", runs.path);
    expect([code, output]).toEqual([
      1,
      expect.stringMatching(/# Fatal error loading the DB: .*dump\.rdb: RDB .*Exiting\./),
    ]);
    expect(readFileSync(join(runs.folder, "dump.rdb"), "utf8")).toBe("REDIS0011 and nonsense");
  });

  test("does not start with a wrong configuration, and names the line", async () => {
    const file = join(runs.folder, "redis.conf");
    writeFileSync(file, "port 0\nmaxmemory lots\n");
    const { code, output } = await runs.runToEnd(file);
    expect(code).toBe(1);
    expect(output).toContain(`at line 2 of ${file}\n>>> 'maxmemory lots'`);
    expect(await runs.runToEnd(join(runs.folder, "missing.conf"))).toMatchObject({ code: 1 });
    const unwritable = await runs.runToEnd("--logfile", join(runs.folder, "missing", "log"));
    expect(unwritable).toMatchObject({ code: 1, output: expect.stringContaining("Can't open the log file") as string });
  });

  test("does not start on a port in use, or with nothing to listen on", async () => {
    const holder = createServer();
    await new Promise<void>((resolve) => void holder.listen(0, "127.0.0.1", resolve));
    const address = holder.address();
    const port = String(typeof address === "object" && address !== null ? address.port : 0);
    const inUse = await runs.runToEnd("--port", port, "--bind", "127.0.0.1");
    holder.close();
    expect(inUse.code).toBe(1);
    expect(inUse.output).toContain(`socket 127.0.0.1:${port}: bind: Address already in use`);
    expect(inUse.output).toContain(`Failed listening on port ${port} (tcp), aborting.`);
    expect(await runs.runToEnd("--port", "0")).toMatchObject({
      code: 1,
      output: expect.stringContaining("Configured to not listen anywhere, exiting.") as string,
    });
  });

  test("warns once of what has no effect yet", async () => {
    const started = await runs.startOnSocket("--cluster-enabled", "yes", "--save", "");
    expect(
      started.output().match(/'cluster-enabled' is known, but has no effect here: a server is alone/g),
    ).toHaveLength(1);
  });

  test("writes its log where it is told", async () => {
    const log = join(runs.folder, "log");
    const child = runs.run("--port", "0", "--unixsocket", runs.path, "--logfile", log, "--save", "").child;
    await until(() => existsSync(log) && readFileSync(log, "utf8").includes("Ready to accept connections unix"));
    child.kill("SIGTERM");
    await new Promise((resolve) => child.once("close", resolve));
    expect(readFileSync(log, "utf8")).toContain("Sider is now ready to exit, bye bye...");
  });

  test("a program that embeds a server ends by itself when it is done", async () => {
    const script = `import { createServer } from "@sider/server";
      const server = await createServer();
      console.log(await server.client().send("ECHO", "done"));`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", script], { cwd: dirname(program) });

    let output = "";
    child.stdout.on("data", (bytes: Buffer) => (output += bytes.toString()));
    expect(await new Promise((resolve) => child.once("close", resolve))).toBe(0);
    expect(output).toBe("done\n");
  });
});
