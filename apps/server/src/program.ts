/**
 * The program `sider-server`: arguments and redis.conf in, a running server out. Runs when it is loaded; the exit code is 0
 * after an orderly end, 1 when it could not start. No await at the top: `main.ts` loads it with `require`.
 */
import {
  AofError,
  type CommandLine,
  ConfigurationFileError,
  ListenError,
  LoadCancelled,
  LoadError,
  Logger,
  logOutput,
  parseCommandLine,
  REDIS_VERSION,
  SIDER_VERSION,
  SiderServer,
  UsersError,
} from "@sider/server";
import { appendFileSync, rmSync, writeFileSync } from "node:fs";
import { configure, type Configured, configuredUsers, unsupportedLines } from "./configure.ts";
import { HELP_TEXT } from "./help-text.ts";

const FAILURE = 1;

const commandLine = parseCommandLine(process.argv.slice(2));
if (commandLine.action === "run") void run(commandLine);
else answer(commandLine.action);

function answer(action: CommandLine["action"]): void {
  if (action === "version") {
    console.log(`Sider server v=${SIDER_VERSION} redis=${REDIS_VERSION} node=${process.versions.node} bits=64`);
  } else if (action === "help") {
    console.log(HELP_TEXT);
  } else {
    console.error(`sider-server has no --${action}`);
    process.exitCode = FAILURE;
  }
}

async function run(commandLine: CommandLine): Promise<void> {
  const configured = configureOrExit(commandLine);
  const { configuration } = configured;
  const logFile = configuration.get("logfile");
  checkLogFile(logFile);
  const log = new Logger({
    pid: process.pid,
    now: Date.now,
    write: logOutput(logFile),
    level: configuration.get("loglevel"),
  });
  announce(log, configured);
  try {
    await start(configured, log);
    logBugs(log);
  } catch (error) {
    if (error instanceof LoadCancelled) return; // SHUTDOWN or a signal: the process ends anyway
    if (error instanceof AofError) process.exit(FAILURE); // it has been logged
    const isExpected = [ListenError, LoadError, UsersError].some((kind) => error instanceof kind);
    log.warning(isExpected && error instanceof Error ? error.message : `Cannot start: ${describe(error)}`);
    process.exit(FAILURE);
  }
}

/** The ports are open, and signals are followed, before the data set is loaded: clients see how far it is. */
async function start({ configuration, configFile, result }: Configured, log: Logger): Promise<void> {
  const pidFile = configuration.get("pidfile");
  const server = new SiderServer(configuration, {
    log,
    configFile,
    renames: result.renames,
    onShutdown: () => {
      removePidFile(pidFile, log);
      process.exit(0);
    },
    onInsist: () => process.exit(FAILURE),
    onFatal: () => process.exit(FAILURE),
  });
  server.loadUsers(configuredUsers(result));
  await server.listen();
  if (server.listening.length === 0) throw new ListenError("Configured to not listen anywhere, exiting.");
  if (pidFile !== "") writePidFile(pidFile, log);
  followSignals(server, log);
  log.notice(`Server initialized, pid=${String(process.pid)}`);
  await server.load();
  for (const kind of server.listening) log.notice(`Ready to accept connections ${kind}`);
}

function configureOrExit(commandLine: CommandLine): Configured {
  try {
    return configure(commandLine);
  } catch (error) {
    if (!(error instanceof ConfigurationFileError)) throw error;
    process.stderr.write(`\n${error.message}\n`);
    process.exit(FAILURE);
  }
}

/** Lines that cannot be written are dropped while the server runs; at the start that is an error. */
function checkLogFile(path: string): void {
  try {
    if (path !== "") appendFileSync(path, "");
  } catch (error) {
    process.stderr.write(`Can't open the log file: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(FAILURE);
  }
}

function announce(log: Logger, { configuration, result }: Configured): void {
  log.notice("oO0OoO0OoO0Oo Sider is starting oO0OoO0OoO0Oo");
  const node = `node=${process.versions.node}`;
  log.notice(`Sider version=${SIDER_VERSION}, redis=${REDIS_VERSION}, bits=64, ${node}, just started`);
  if (process.argv.length > 2) log.notice("Configuration loaded");
  else {
    log.warning(
      "Warning: no config file specified, using the default config. " +
        "In order to specify a config file use sider-server /path/to/redis.conf",
    );
  }
  for (const line of unsupportedLines(result)) log.warning(line);
  log.notice(`Running mode=standalone, port=${String(configuration.get("port"))}.`);
}

/** A bug somewhere must not lose the data in memory, and must not go unseen. */
function logBugs(log: Logger): void {
  const report = (error: unknown): void => {
    log.warning(`Unexpected error: ${describe(error)}`);
  };
  process.on("uncaughtException", report);
  process.on("unhandledRejection", report);
}

function describe(error: unknown): string {
  return error instanceof Error ? String(error.stack) : String(error);
}

function writePidFile(path: string, log: Logger): void {
  try {
    writeFileSync(path, `${String(process.pid)}\n`);
  } catch (error) {
    log.warning(`Failed to write PID file: ${String(error)}`);
  }
}

function removePidFile(path: string, log: Logger): void {
  if (path === "") return;
  log.notice("Removing the pid file.");
  rmSync(path, { force: true });
}

function followSignals(server: SiderServer, log: Logger): void {
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.on(signal, () => {
      server.terminate(signal);
    });
  }
  process.on("SIGHUP", () => undefined);
  process.once("SIGABRT", () => {
    log.warning(`Sider ${SIDER_VERSION} crashed by signal: SIGABRT`);
    process.kill(process.pid, "SIGABRT"); // without a listener the system does what it does
  });
}
