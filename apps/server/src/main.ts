/**
 * The program `sider-server`: arguments and redis.conf in, a running server out. Runs when it is imported.
 */
import {
  Configuration,
  ConfigurationFileError,
  ConfigurationLoader,
  fileSource,
  ListenError,
  Logger,
  logOutput,
  parseCommandLine,
  resolveExistingDirectory,
  SiderServer,
} from "@sider/server";
import { readFileSync } from "node:fs";

const PROGRAM = "Sider 0.0.0";

const commandLine = parseCommandLine(process.argv.slice(2));
const configuration = new Configuration({
  resolveDirectory: resolveExistingDirectory,
  workingDirectory: process.cwd(),
});
const loader = new ConfigurationLoader(configuration, fileSource, PROGRAM);
try {
  loader.loadCommandLine(commandLine, () => readFileSync(0, "utf8"));
} catch (error) {
  if (!(error instanceof ConfigurationFileError)) throw error;
  console.error(error.message);
  process.exit(1);
}
const log = new Logger({
  pid: process.pid,
  now: Date.now,
  write: logOutput(configuration.get("logfile")),
  level: configuration.get("loglevel"),
});
const server = new SiderServer(configuration, { log });
try {
  await server.listen();
} catch (error) {
  if (!(error instanceof ListenError)) throw error;
  log.warning(error.message);
  process.exit(1);
}
log.notice("Ready to accept connections tcp");
for (const signal of ["SIGTERM", "SIGINT"] as const) {
  process.on(signal, () => {
    server.close();
    process.exit(0);
  });
}
