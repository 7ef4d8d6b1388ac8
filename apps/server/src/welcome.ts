/** The first lines of the log: what starts, with which configuration, where. */
import { isatty } from "node:tty";
import { type Configuration, type Logger, REDIS_VERSION, SIDER_VERSION } from "@sider/server";
import { type Configured, unsupportedLines } from "./configure.ts";

const STANDARD_OUTPUT = 1;

/** Before anything is opened. */
export function announceStart(log: Logger, { result }: Configured): void {
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
}

/** The mode, in a line or with a picture: on a terminal, or where `always-show-logo` wants it. */
export function announceMode(log: Logger, configuration: Configuration): void {
  const port = String(configuration.get("port") === 0 ? configuration.get("tls-port") : configuration.get("port"));
  const isOnTerminal = configuration.get("logfile") === "" && isatty(STANDARD_OUTPUT);
  const showsLogo = (isOnTerminal && !configuration.get("syslog-enabled")) || configuration.get("always-show-logo");
  if (showsLogo) log.raw(logo(port));
  else log.notice(`Running mode=standalone, port=${port}.`);
}

function logo(port: string): string {
  return `
       .--.
      ( (  )        Sider ${SIDER_VERSION}, Redis ${REDIS_VERSION}
    .-'\`-. )\`-.
   (  (   )    )    Running in standalone mode
    \`--'---\`--'     Port: ${port}
      |  |  |       PID: ${String(process.pid)}
      \`--'--'

`;
}
