/** The built program as a process. Skipped where it has not been built. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

const program = fileURLToPath(new URL("../dist/main.js", import.meta.url));
let folder: string;
let path: string;
const children: ChildProcess[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sider-program-"));
  path = join(folder, "socket");
});

afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  rmSync(folder, { recursive: true });
});

interface Run {
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  output(): string;
}

function run(...args: string[]): Run {
  const child = spawn(process.execPath, [program, ...args], { stdio: ["ignore", "pipe", "pipe"], cwd: folder });
  children.push(child);
  let output = "";
  child.stdout.on("data", (bytes: Buffer) => (output += bytes.toString()));
  child.stderr.on("data", (bytes: Buffer) => (output += bytes.toString()));
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  return { child, ended, output: () => output };
}

async function runToEnd(...args: string[]): Promise<{ code: number | null; output: string }> {
  const { ended, output } = run(...args);
  return { code: await ended, output: output() };
}

/** A server on a Unix socket, when it is ready. */
async function startOnSocket(...args: string[]): Promise<Run> {
  const started = run("--port", "0", "--unixsocket", path, ...args);
  for (let tries = 0; !started.output().includes("Ready to accept connections unix"); tries++) {
    if (tries === 1000 || started.child.exitCode !== null) throw new Error(`no start: ${started.output()}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return started;
}

/** What the server sends until it closes the connection. */
function talk(request: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let reply = "";
    const socket = connect(path, () => socket.end(request));
    socket.on("data", (bytes) => (reply += bytes.toString("latin1")));
    socket.on("close", () => {
      resolve(reply);
    });
    socket.on("error", reject);
  });
}

describe.skipIf(!existsSync(program))("sider-server", () => {
  test("prints its version, and how it is used", async () => {
    expect(await runToEnd("--version")).toMatchObject({
      code: 0,
      output: expect.stringMatching(/^Sider server v=\d/) as string,
    });
    expect(await runToEnd("--help")).toMatchObject({
      code: 0,
      output: expect.stringContaining("--port 7000") as string,
    });
    expect((await runToEnd("--test-memory")).code).toBe(1);
  });

  test("saves when it is told to end, and loads when it starts again", async () => {
    const pidFile = join(folder, "pid");
    const first = await startOnSocket("--pidfile", pidFile);
    expect(readFileSync(pidFile, "utf8")).toBe(`${String(first.child.pid)}\n`);
    expect(await talk("SET a 1\r\n")).toBe("+OK\r\n");
    first.child.kill("SIGTERM");
    expect(await first.ended).toBe(0);
    expect(first.output()).toMatch(/# Received SIGTERM.*User requested shutdown.*\* DB saved on disk.*bye bye/s);
    expect(existsSync(pidFile)).toBe(false);
    const second = await startOnSocket();
    expect(second.output()).toMatch(/\* DB loaded from disk: \d\.\d{3} seconds/);
    expect(await talk("GET a\r\n")).toBe("$1\r\n1\r\n");
    second.child.kill("SIGINT");
    expect(await second.ended).toBe(0);
  });

  test("goes on when it cannot save at its end, unless it is told not to", async () => {
    const started = await startOnSocket("--dir", folder, "--dbfilename", "dump.rdb");
    await talk("SET a 1\r\n");
    rmSync(folder, { recursive: true });
    started.child.kill("SIGTERM");
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(started.child.exitCode).toBeNull();
    expect(started.output()).toContain("Error trying to save the DB, can't exit.");
    started.child.kill("SIGKILL");
    await started.ended;
    folder = mkdtempSync(join(tmpdir(), "sider-program-"));
  });

  test("does not start on a corrupt dump, and leaves it alone", async () => {
    writeFileSync(join(folder, "dump.rdb"), "REDIS0011 and nonsense");
    const { code, output } = await runToEnd("--port", "0", "--unixsocket", path);
    expect([code, output]).toEqual([
      1,
      expect.stringMatching(/# Fatal error loading the DB: .*dump\.rdb: RDB .*Exiting\./),
    ]);
    expect(readFileSync(join(folder, "dump.rdb"), "utf8")).toBe("REDIS0011 and nonsense");
  });

  test("does not start with a wrong configuration, and names the line", async () => {
    const file = join(folder, "redis.conf");
    writeFileSync(file, "port 0\nmaxmemory lots\n");
    const { code, output } = await runToEnd(file);
    expect(code).toBe(1);
    expect(output).toContain(`at line 2 of ${file}\n>>> 'maxmemory lots'`);
    expect(await runToEnd(join(folder, "missing.conf"))).toMatchObject({ code: 1 });
    const unwritable = await runToEnd("--logfile", join(folder, "missing", "log"));
    expect(unwritable).toMatchObject({ code: 1, output: expect.stringContaining("Can't open the log file") as string });
  });

  test("does not start on a port in use, or with nothing to listen on", async () => {
    const holder = createServer();
    await new Promise<void>((resolve) => void holder.listen(0, "127.0.0.1", resolve));
    const address = holder.address();
    const port = String(typeof address === "object" && address !== null ? address.port : 0);
    const inUse = await runToEnd("--port", port, "--bind", "127.0.0.1");
    holder.close();
    expect(inUse.code).toBe(1);
    expect(inUse.output).toContain(`socket 127.0.0.1:${port}: bind: Address already in use`);
    expect(inUse.output).toContain(`Failed listening on port ${port} (tcp), aborting.`);
    expect(await runToEnd("--port", "0")).toMatchObject({
      code: 1,
      output: expect.stringContaining("Configured to not listen anywhere, exiting.") as string,
    });
  });

  test("warns once of what has no effect yet", async () => {
    const started = await startOnSocket("--cluster-enabled", "yes", "--save", "");
    expect(started.output().match(/'cluster-enabled' is known, but has no effect yet/g)).toHaveLength(1);
  });

  test("writes its log where it is told", async () => {
    const log = join(folder, "log");
    const child = run("--port", "0", "--unixsocket", path, "--logfile", log, "--save", "").child;
    for (let tries = 0; !existsSync(path) && tries < 1000; tries++)
      await new Promise((resolve) => setTimeout(resolve, 10));
    child.kill("SIGTERM");
    await new Promise((resolve) => child.once("close", resolve));
    expect(readFileSync(log, "utf8")).toContain("Sider is now ready to exit, bye bye...");
  });

  test("a program that embeds a server ends by itself when it is done", async () => {
    const script = `import { createServer } from "@sider/server";
      const server = await createServer();
      console.log(await server.client().send("ECHO", "done"));`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", script], { cwd: dirname(program) });
    children.push(child);
    let output = "";
    child.stdout.on("data", (bytes: Buffer) => (output += bytes.toString()));
    expect(await new Promise((resolve) => child.once("close", resolve))).toBe(0);
    expect(output).toBe("done\n");
  });
});
