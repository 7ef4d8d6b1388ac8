/**
 * The program `sider-server`: arguments and redis.conf in, a running server out. Runs when it is loaded; the exit code is 0
 * after an orderly end, 1 when it could not start. No await at the top: it is built as a CommonJS module (`main.ts`).
 */
import {
  AofError,
  type CommandLine,
  type Configuration,
  ConfigurationFileError,
  DIRECTIVES,
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
import { appendFileSync } from "node:fs";
import { configure, type Configured, configuredUsers } from "./configure.ts";
import { keepToProcessors } from "./cpu-list.ts";
import { goesToBackground, isDaemon, startInBackground } from "./daemon.ts";
import { HELP_TEXT, TEST_MEMORY_TEXT } from "./help-text.ts";
import { followOomScore } from "./oom-score.ts";
import { makePidFile, type PidFile } from "./pid-file.ts";
import { followProcessTitle } from "./process-title.ts";
import { followSignals } from "./signals.ts";
import { findSupervisor, reportReady, reportToSupervisor, type Supervisor } from "./supervision.ts";
import { logToSyslog } from "./syslog.ts";
import { checkLines, checkSystem } from "./system-check.ts";
import { announceMode, announceStart } from "./welcome.ts";

const FAILURE = 1;

const commandLine = parseCommandLine(process.argv.slice(2));
if (commandLine.action === "run") run(commandLine);
else process.exitCode = answer(commandLine.action);

/** Prints what was asked for instead of a server; returns the exit code. */
function answer(action: CommandLine["action"]): number {
  if (action === "version") {
    // tools that start a server read its version behind "v=": that of Redis, as in INFO
    console.log(`Sider server v=${REDIS_VERSION} sider=${SIDER_VERSION} node=${process.versions.node} bits=64`);
    return 0;
  }
  if (action === "check-system") {
    const checks = checkSystem(Number(DIRECTIVES["tcp-backlog"].defaultWords[0]));
    process.stdout.write(checkLines(checks));
    return checks.every(({ warning }) => warning === null) ? 0 : FAILURE;
  }
  if (action === "help") console.log(HELP_TEXT);
  else process.stderr.write(TEST_MEMORY_TEXT);
  return action === "help" ? 0 : FAILURE;
}

function run(commandLine: CommandLine): void {
  const configured = configureOrExit(commandLine);
  const { configuration } = configured;
  const logFile = configuration.get("logfile");
  checkLogFile(logFile);
  const supervisor = findSupervisor(configuration);
  if (goesToBackground(configuration, supervisor !== "no")) return startInBackground(configured.standardInput);
  const log = new Logger({
    pid: process.pid,
    now: Date.now,
    write: logOutput(logFile),
    level: configuration.get("loglevel"),
  });
  if (configuration.get("syslog-enabled")) logToSyslog(configuration, log);
  reportToSupervisor(supervisor, configuration, log);
  announceStart(log, configured);
  start(configured, log, supervisor).then(
    () => logBugs(log),
    (error: unknown) => failToStart(error, log),
  );
}

function failToStart(error: unknown, log: Logger): void {
  if (error instanceof LoadCancelled) return; // SHUTDOWN or a signal: the process ends anyway
  if (error instanceof AofError) process.exit(FAILURE); // it has been logged
  const isExpected = [ListenError, LoadError, UsersError].some((kind) => error instanceof kind);
  log.warning(isExpected && error instanceof Error ? error.message : `Cannot start: ${describe(error)}`);
  process.exit(FAILURE);
}

/** The ports are open, and signals are followed, before the data set is loaded: clients see how far it is. */
async function start(configured: Configured, log: Logger, supervisor: Supervisor): Promise<void> {
  const { configuration, configFile, result } = configured;
  let pidFile: PidFile | null = null;
  const server = new SiderServer(configuration, {
    log,
    configFile,
    supervisor,
    renames: result.renames,
    onShutdown: () => {
      pidFile?.remove();
      process.exit(0);
    },
    onInsist: () => process.exit(FAILURE),
    onFatal: () => process.exit(FAILURE),
  });
  server.loadUsers(configuredUsers(result));
  await server.listen();
  if (server.listening.length === 0) throw new ListenError("Configured to not listen anywhere, exiting.");
  announceMode(log, configuration); // who waits for the process id in it may connect then
  warnOfSystem(configuration, log);
  pidFile = makePidFile(configuration, isDaemon(), log);
  followProcessTitle(configuration, configFile);
  followOomScore(configuration, log);
  keepToProcessors(configuration, log);
  followSignals(server, configuration, log);
  log.notice(`Server initialized, pid=${String(process.pid)}`);
  await server.load();
  for (const kind of server.listening) log.notice(`Ready to accept connections ${kind}`);
  reportReady(supervisor, log);
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

function warnOfSystem(configuration: Configuration, log: Logger): void {
  for (const { warning } of checkSystem(configuration.get("tcp-backlog"))) {
    if (warning !== null) log.warning(`WARNING: ${warning}`);
  }
  const limit = configuration.get("maxmemory");
  if (limit > 0 && limit < 2 ** 20) {
    log.warning(
      "WARNING: You specified a maxmemory value that is less than 1MB " +
        `(current value is ${String(limit)} bytes). Are you sure this is what you really want?`,
    );
  }
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
