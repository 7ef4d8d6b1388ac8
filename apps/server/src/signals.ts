/** Signals: SIGTERM and SIGINT end the server as SHUTDOWN does, SIGHUP does nothing, SIGABRT leaves a line in the log. */
import { type Configuration, type Logger, SIDER_VERSION, type SiderServer } from "@sider/server";

/** From now on signals do what they do to redis-server. */
export function followSignals(server: SiderServer, configuration: Configuration, log: Logger): void {
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.on(signal, () => {
      server.terminate(signal);
    });
  }
  process.on("SIGHUP", () => undefined);
  followCrashes(configuration, log);
}

/** `crash-log-enabled`: without it the system does at once what it does. */
function followCrashes(configuration: Configuration, log: Logger): void {
  const crash = (): void => {
    log.warning(`Sider ${SIDER_VERSION} crashed by signal: SIGABRT`);
    process.removeListener("SIGABRT", crash);
    process.kill(process.pid, "SIGABRT"); // without a listener the system does what it does
  };
  const apply = (): void => {
    process.removeListener("SIGABRT", crash);
    if (configuration.get("crash-log-enabled")) process.on("SIGABRT", crash);
  };
  apply();
  configuration.onChange("crash-log-enabled", apply);
}
