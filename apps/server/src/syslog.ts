/**
 * `syslog-enabled`: the lines of the log go to the system's log too. Its socket takes datagrams, of which Node knows none, so the program
 * `logger` takes the lines, each with its level in front.
 */
import type { Configuration, Logger, LogLevel } from "@sider/server";
import { childProcess } from "./child-process.ts";

const PRIORITIES: Readonly<Record<LogLevel, number>> = { debug: 7, verbose: 6, notice: 5, warning: 4 };

/** Sends what is logged from now on to the system's log. Without the program `logger` the log says so once. */
export function logToSyslog(configuration: Configuration, log: Logger): void {
  const { stdin } = startLogger(configuration, (reason) => {
    log.alsoTo = null;
    log.warning(`Cannot write to the system's log: ${reason}`);
  });
  log.alsoTo = (level, message) => {
    for (const line of message.split("\n")) stdin.write(`<${String(PRIORITIES[level])}>${line}\n`);
  };
}

function startLogger(configuration: Configuration, failed: (reason: string) => void): { stdin: NodeJS.WritableStream } {
  const facility = configuration.get("syslog-facility");
  const options = ["--tag", configuration.get("syslog-ident"), `--id=${String(process.pid)}`];
  const child = childProcess().spawn("logger", [...options, "--priority", `${facility}.notice`, "--prio-prefix"], {
    stdio: ["pipe", "ignore", "ignore"],
    detached: true, // signals of the terminal are not for it: the last lines are still to come then
  });
  child.on("error", (error) => {
    failed(error.message);
  });
  child.on("exit", (code) => {
    failed(`logger ended with ${String(code)}`);
  });
  child.stdin.on("error", () => undefined); // its end is told by the process
  child.unref();
  return child;
}
