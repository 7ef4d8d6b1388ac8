/** What the program does as a process of a system: daemons, supervisors, the system's log, scores and titles. */
import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { program, ProgramRuns, until } from "./testing/program-runs.ts";

let runs: ProgramRuns;

beforeEach(() => {
  runs = new ProgramRuns();
});

afterEach(() => {
  runs.end();
});

/** A program in front of all others of its name, which appends its arguments and then its input to a file. */
function pretend(name: string): { heard: () => string } {
  const [folder, notes] = [join(runs.folder, "bin"), join(runs.folder, `${name}.notes`)];
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), `#!/bin/sh\necho "$@" >> '${notes}'\nexec cat >> '${notes}'\n`);
  chmodSync(join(folder, name), 0o755);
  runs.environment["PATH"] = `${folder}:${process.env["PATH"] ?? ""}`;
  return { heard: () => (existsSync(notes) ? readFileSync(notes, "utf8") : "") };
}

describe.skipIf(!existsSync(program))("daemonize", () => {
  test("leaves a server in the background, with pid file and log, that SHUTDOWN ends", async () => {
    const [pidFile, log] = [join(runs.folder, "pid"), join(runs.folder, "log")];
    const started = runs.runWithInput(
      `daemonize yes\npidfile ${pidFile}\nlogfile ${log}\nport 0\nunixsocket ${runs.path}\nsave ""\n`,
      "-",
    );
    expect([await started.ended, started.output()]).toEqual([0, ""]);
    await until(() => existsSync(log) && readFileSync(log, "utf8").includes("Ready to accept"));
    const pid = Number(readFileSync(pidFile, "utf8"));
    expect(pid).not.toBe(started.child.pid);
    expect(await runs.talk("CONFIG GET daemonize\r\n")).toContain("yes");
    expect(await runs.talk("SHUTDOWN NOSAVE\r\n")).toBe("");
    await until(() => !existsSync(pidFile));
    await until(() => !isAlive(pid));
  });

  test("tells of a wrong configuration before it goes", async () => {
    const { code, output } = await runs.runToEnd("--daemonize", "yes", "--hz", "x");
    expect([code, output]).toEqual([1, expect.stringContaining("argument couldn't be parsed into an integer")]);
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe.skipIf(!existsSync(program))("supervised", () => {
  test("tells systemd when it is ready, and stays in the foreground", async () => {
    const { heard } = pretend("systemd-notify");
    runs.environment["NOTIFY_SOCKET"] = "/run/none";
    const started = await runs.startOnSocket("--supervised", "auto", "--daemonize", "yes", "--save", "");
    await until(() => heard().includes("READY=1"));
    const pid = `--pid=${String(started.child.pid)}`;
    expect(heard().trim().split("\n").sort()).toEqual([
      `${pid} STATUS=Ready to accept connections READY=1`,
      `${pid} STATUS=Sider is loading...`,
    ]);
    expect(await runs.talk("INFO server\r\n")).toContain("process_supervised:systemd\r\n");
    expect(started.output()).toContain("Supervised by systemd.");
  });

  test("stops itself for upstart, which lets it go on", async () => {
    runs.environment["UPSTART_JOB"] = "sider";
    const started = runs.run("--port", "0", "--unixsocket", runs.path, "--supervised", "upstart");
    await until(() => started.output().includes("will stop to signal readiness"));
    await until(() => {
      started.child.kill("SIGCONT"); // again and again: it may not have stopped yet
      return started.output().includes("Ready to accept connections unix");
    });
  });

  test("says so where nobody supervises", async () => {
    const started = await runs.startOnSocket("--supervised", "systemd");
    expect(started.output()).toContain("# systemd supervision requested, but NOTIFY_SOCKET not found");
    expect(await runs.talk("INFO server\r\n")).toContain("process_supervised:no\r\n");
  });
});

describe.skipIf(!existsSync(program))("the system's log", () => {
  test("gets the lines with their levels", async () => {
    const { heard } = pretend("logger");
    const options = ["--syslog-enabled", "yes", "--syslog-ident", "keys", "--syslog-facility", "local3"];
    const started = await runs.startOnSocket(...options, "--save", "");
    started.child.kill("SIGTERM");
    expect(await started.ended).toBe(0);
    await until(() => heard().includes("bye bye"));
    expect(heard()).toMatch(/^--tag keys --id=\d+ --priority local3\.notice --prio-prefix\n/);
    expect(heard()).toContain("\n<5>Ready to accept connections unix\n");
    expect(heard()).toContain("\n<4>Sider is now ready to exit, bye bye...\n");
  });

  test("may be missing: one line says so, and the server goes on", async () => {
    runs.environment["PATH"] = runs.folder;
    const started = await runs.startOnSocket("--syslog-enabled", "yes");
    await until(() => started.output().includes("# Cannot write to the system's log: spawn logger ENOENT"));
    expect(await runs.talk("PING\r\n")).toBe("+PONG\r\n");
  });
});

describe.skipIf(!existsSync(program))("the log", () => {
  test("is silent, or begins with a picture, as it is told", async () => {
    const silent = runs.run("--port", "0", "--unixsocket", runs.path, "--loglevel", "nothing", "--save", "");
    await until(() => existsSync(runs.path));
    expect(await runs.talk("PING\r\n")).toBe("+PONG\r\n"); // from now on signals are followed
    silent.child.kill("SIGTERM");
    expect([await silent.ended, silent.output()]).toEqual([0, ""]);
    const loud = await runs.startOnSocket("--always-show-logo", "yes");
    expect(loud.output()).toMatch(/Running in standalone mode\n.*Port: 0\n.*PID: \d+\n/);
    expect(loud.output()).not.toContain("has no effect");
  });

  test("has a line for a crash, unless it is told not to", async () => {
    const crashed = await runs.startOnSocket();
    crashed.child.kill("SIGABRT");
    expect(await crashed.ended).toBeNull();
    expect(crashed.output()).toContain("crashed by signal: SIGABRT");
    const quiet = await runs.startOnSocket("--crash-log-enabled", "no");
    quiet.child.kill("SIGABRT");
    expect(await quiet.ended).toBeNull();
    expect(quiet.output()).not.toContain("crashed");
  });

  test.each([
    ["SEGFAULT", "crashed by signal: SIGABRT"],
    ["ASSERT", "=== ASSERTION FAILED ==="],
  ])("has a line for DEBUG %s", async (subcommand, line) => {
    const crashed = await runs.startOnSocket("--enable-debug-command", "yes");
    await runs.talk(`DEBUG ${subcommand}\r\n`);
    expect(await crashed.ended).toBeNull();
    expect(crashed.output()).toContain(line);
    expect(crashed.output()).toContain("crashed by signal: SIGABRT");
  });
});

describe.skipIf(!existsSync(program) || process.platform !== "linux")("the process", () => {
  const kernel = (file: string, pid?: number): string => readFileSync(`/proc/${String(pid)}/${file}`, "utf8");

  test("has the title that the template gives", async () => {
    const { child } = await runs.startOnSocket("--proc-title-template", "{title} {listen-addr}");
    expect(kernel("cmdline", child.pid).replace(/\0+$/, "")).toBe(`sider-server ${runs.path}`);
    await runs.talk("CONFIG SET proc-title-template {port}-{title}\r\n");
    expect(kernel("cmdline", child.pid).replace(/\0+$/, "")).toBe("0-sider-server");
    expect(await runs.talk("CONFIG SET proc-title-template {nosuch}\r\n")).toContain("template format is invalid");
  });

  test("keeps to the processors that it is told", async () => {
    const { child, output } = await runs.startOnSocket("--server-cpulist", "0");
    await until(() => /^Cpus_allowed_list:\t0$/m.test(kernel("status", child.pid)));
    expect(output()).not.toContain("Cannot keep to");
    runs.environment["PATH"] = runs.folder;
    child.kill("SIGKILL");
    const without = await runs.startOnSocket("--server-cpulist", "0");
    await until(() => without.output().includes("# Cannot keep to the processors 0: spawn taskset ENOENT"));
  });

  test("has the score for the kernel, and gets its own back", async () => {
    const { child } = await runs.startOnSocket("--oom-score-adj-values", "7", "8", "9");
    const score = (): number => Number(kernel("oom_score_adj", child.pid));
    const base = score();
    await runs.talk("CONFIG SET oom-score-adj yes\r\n");
    expect(score()).toBe(base + 7);
    await runs.talk('CONFIG SET oom-score-adj absolute oom-score-adj-values "900 1 1"\r\n');
    expect(score()).toBe(900);
    await runs.talk("CONFIG SET oom-score-adj no\r\n");
    expect(score()).toBe(base);
  });
});

describe.skipIf(!existsSync(program))("sider.conf", () => {
  const path = fileURLToPath(new URL("../sider.conf", import.meta.url));
  const settings = async (): Promise<string[]> =>
    (await runs.talk("CONFIG GET *\r\n")).split("\r\n").filter((word) => !word.startsWith("$"));

  test("starts a server as it is, and says nothing but the defaults", async () => {
    const file = join(runs.folder, "sider.conf");
    copyFileSync(path, file);
    const started = runs.run(file, "--port", "0", "--unixsocket", runs.path);
    await until(() => started.output().includes("Ready to accept connections unix"));
    expect(started.output()).not.toContain("WARNING: the directive");
    const [said, rewritten] = [await settings(), await runs.talk("CONFIG REWRITE\r\n")];
    expect(rewritten).toBe("+OK\r\n");
    const [before, after] = [path, file].map((name) => readFileSync(name, "utf8").split("\n"));
    const added = after?.slice(after.indexOf("# Generated by CONFIG REWRITE")) ?? [];
    const names = added.map((line) => line.split(" ")[0] ?? "");
    // what is always written, and what the options say
    expect(names.filter((name) => !name.startsWith("latency-"))).toEqual(["#", "unixsocket", "dir", "user", ""]);
    const wordsOf = (lines: readonly string[] = []): string[] =>
      lines.filter((line) => /^[a-z]/.test(line) && !/^port/.test(line));
    expect(wordsOf(after?.slice(0, -added.length))).toEqual(wordsOf(before));
    started.child.kill("SIGKILL");
    await started.ended;
    await runs.startOnSocket("--bind", "127.0.0.1", "-::1");
    expect(said).toEqual(await settings());
  });
});

describe.skipIf(!existsSync(program))("the port for those who watch", () => {
  test("is ready when the data is loaded", async () => {
    const first = await runs.startOnSocket("--enable-debug-command", "local");
    await runs.talk("DEBUG POPULATE 2000\r\nSHUTDOWN SAVE\r\n");
    expect(await first.ended).toBe(0);
    const port = await freePort();
    const ask = async (path: string): Promise<number> =>
      (await fetch(`http://127.0.0.1:${String(port)}${path}`, { headers: { connection: "close" } })).status;
    const options = ["--metrics-port", String(port), "--key-load-delay", "500"];
    const second = runs.run("--port", "0", "--unixsocket", runs.path, ...options);
    await until(() => second.output().includes("Server initialized"));
    expect([await ask("/health"), await ask("/ready"), await ask("/metrics")]).toEqual([200, 503, 200]);
    await until(() => second.output().includes("Ready to accept connections unix"));
    expect([await ask("/health"), await ask("/ready"), await ask("/metrics")]).toEqual([200, 200, 200]);
  });
});

/** A port that nobody had a moment ago. */
async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => {
    probe.listen(0, "127.0.0.1", resolve);
  });
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return typeof address === "object" && address !== null ? address.port : 0;
}

describe.skipIf(!existsSync(program))("a configuration file", () => {
  test("renames commands, and is rewritten with what has changed", async () => {
    const file = join(runs.folder, "sider.conf");
    writeFileSync(file, "# mine\nrename-command FLUSHALL away\nport 0\n");
    const first = runs.run(file, "--unixsocket", runs.path);
    await until(() => first.output().includes("Ready to accept connections unix"));
    expect(await runs.talk("FLUSHALL\r\nAWAY\r\nCONFIG SET hz 33\r\nCONFIG REWRITE\r\n")).toMatch(
      /^-ERR unknown command 'FLUSHALL'.*\r\n\+OK\r\n\+OK\r\n\+OK\r\n$/,
    );
    expect(await runs.talk("INFO server\r\n")).toContain(`config_file:${file}\r\n`);
    const text = readFileSync(file, "utf8");
    expect(text).toMatch(/^# mine\nrename-command FLUSHALL away\nport 0\n\n# Generated by CONFIG REWRITE\n/);
    expect(text).toContain("\nhz 33\n");
    writeFileSync(file, "rename-command NOSUCH x\n");
    const { code, output } = await runs.runToEnd(file);
    expect([code, output]).toEqual([1, expect.stringContaining("No such command in rename-command")]);
  });
});
