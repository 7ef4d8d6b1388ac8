/** From the command line to a configuration. */
import {
  type CommandLine,
  Configuration,
  ConfigurationLoader,
  fileSource,
  type LoadResult,
  resolveExistingDirectory,
  SIDER_VERSION,
  withoutEffectLine,
} from "@sider/server";
import { readFileSync } from "node:fs";

const STANDARD_INPUT = 0;

export interface Configured {
  readonly configuration: Configuration;
  /** Its absolute path; empty when there is none. */
  readonly configFile: string;
  readonly result: LoadResult;
  /** What was read from standard input; null when nothing was. */
  readonly standardInput: string | null;
}

/** Reads the file, standard input and the options that a command line names. Throws `ConfigurationFileError`. */
export function configure(commandLine: CommandLine): Configured {
  const configuration = new Configuration({
    resolveDirectory: resolveExistingDirectory,
    workingDirectory: process.cwd(),
  });
  const loader = new ConfigurationLoader(configuration, fileSource, `Sider ${SIDER_VERSION}`);
  let standardInput: string | null = null;
  loader.loadCommandLine(commandLine, () => (standardInput = readFileSync(STANDARD_INPUT, "utf8")));
  const { configFile } = commandLine;
  return {
    configuration,
    configFile: configFile === null ? "" : fileSource.absolutePath(configFile),
    result: loader.result(),
    standardInput,
  };
}

/** The users that the configuration makes: name, then rules. */
export function configuredUsers(result: LoadResult): (readonly string[])[] {
  return result.statements.filter(({ words }) => words[0] === "user").map(({ words }) => words.slice(1));
}

/** What the configuration asks for and does not get, one line each. */
export function unsupportedLines(result: LoadResult): string[] {
  return [
    ...result.withoutEffect.map((name) => withoutEffectLine(name, "noted") ?? ""),
    ...result.statements
      .filter(({ words }) => words[0] !== "user")
      .map(
        ({ words, place }) => `WARNING: '${words[0] ?? ""}' (${place}) has no effect here: no module can be loaded.`,
      ),
  ];
}
