/**
 * `daemonize yes`. Node cannot fork, so this process reads the configuration, starts the program once more without a terminal, in a session
 * of its own, and ends; the second one knows by an environment variable that it is the daemon.
 */
import type { Configuration } from "@sider/server";
import { childProcess } from "./child-process.ts";

const MARK = "SIDER_IS_DAEMON";

/** True when this process is to go to the background and has not done so yet. */
export function goesToBackground(configuration: Configuration, isSupervised: boolean): boolean {
  return configuration.get("daemonize") && !isSupervised && !isDaemon();
}

/** True in the process that was started in the background. */
export function isDaemon(): boolean {
  return process.env[MARK] === "1";
}

/** Starts the daemon, gives it what came from standard input, and ends this process. */
export function startInBackground(standardInput: string | null): void {
  const daemon = childProcess().spawn(process.execPath, [...process.execArgv, ...process.argv.slice(1)], {
    detached: true,
    stdio: [standardInput === null ? "ignore" : "pipe", "ignore", "ignore"],
    env: { ...process.env, [MARK]: "1" },
  });
  daemon.once("error", (error) => {
    process.stderr.write(`Cannot go to the background: ${error.message}\n`);
    process.exit(1);
  });
  daemon.once("spawn", () => {
    if (daemon.stdin === null) process.exit(0);
    daemon.stdin.end(standardInput, () => process.exit(0));
  });
}
