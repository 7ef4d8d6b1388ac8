/**
 * Reads configuration text into a `Configuration`: lines of a file, of standard input or of the command line.
 *
 *     # comment            blank lines and lines that start with # are skipped
 *     name word "a word"   a directive with its words, see `quoting.ts`
 *     include path         another file, or with * ? [ all files that match, which may be none
 *
 * Files come from an injected `ConfigurationSource`, so that nothing here depends on a file system.
 */
import { type Command, eachCommand } from "@sider/command-spec";
import type { CommandLine } from "./command-line.ts";
import type { Configuration } from "./configuration.ts";
import { type DirectiveName, DIRECTIVES, IGNORED_DIRECTIVES } from "./directives.ts";
import { splitArguments } from "./quoting.ts";
import { ConfigurationError } from "./value-types.ts";

/** Where configuration text comes from. */
export interface ConfigurationSource {
  /** The path by which errors name the main file. */
  absolutePath(path: string): string;
  /** The text of a file. Throws an `Error` whose message says why it cannot be read. */
  readText(path: string): string;
  /** The files that a pattern with wildcards names, sorted. */
  expand(pattern: string): readonly string[];
}

/** A line that is not a directive with a value: the caller acts on it (`user`, `loadmodule`, module settings). */
export interface Statement {
  readonly words: readonly string[];
  /** Where it stands: "line 3 of redis.conf". */
  readonly place: string;
}

/** A command's name, and the one that it has instead; empty: nobody can call it any more. */
export type Rename = readonly [name: string, newName: string];

/** A configuration that cannot be used. The message is ready to be printed and names file, line and reason. */
export class ConfigurationFileError extends Error {}

/** What the lines said beyond values. */
export interface LoadResult {
  readonly statements: readonly Statement[];
  /** `rename-command`, in order: a command's name, and the one that it has instead; empty for none. */
  readonly renames: readonly Rename[];
  /** Directives that were set to something else than their default, but have no effect yet: worth one warning each. */
  readonly withoutEffect: readonly DirectiveName[];
}

const MAXIMUM_INCLUDE_DEPTH = 64;

/** Loads one or more texts into one configuration; `save` lines of all of them add up. */
export class ConfigurationLoader {
  private readonly statements: Statement[] = [];
  private readonly renames: Rename[] = [];
  private readonly commandNames = new Set([...eachCommand()].filter(isCommand).map((command) => command.name));
  private readonly assigned = new Set<DirectiveName>();
  private readonly configuration: Configuration;
  private readonly source: ConfigurationSource;
  private readonly program: string;
  private depth = 0;

  /** `program` is how errors name the program: "Sider 1.0.0". */
  constructor(configuration: Configuration, source: ConfigurationSource, program: string) {
    this.configuration = configuration;
    this.source = source;
    this.program = program;
  }

  /** Loads a file, or with wildcards in its path all files that match. Throws `ConfigurationFileError`. */
  loadFile(path: string): void {
    const paths = /[*?[]/.test(path) ? this.source.expand(path) : [path];
    for (const each of paths) this.loadText(this.read(each), each);
  }

  /** Loads text; `place` is how errors name it: a path, "standard input" or "the command line". Throws `ConfigurationFileError`. */
  loadText(text: string, place: string): void {
    if (++this.depth > MAXIMUM_INCLUDE_DEPTH) {
      throw new ConfigurationFileError(`Fatal error, includes are nested too deeply at config file '${place}'`);
    }
    for (const [index, raw] of text.split("\n").entries()) {
      const line = raw.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, "");
      if (line === "" || line.startsWith("#")) continue;
      this.loadLine(line, `line ${String(index + 1)} of ${place}`);
    }
    this.depth--;
  }

  /** Loads what a command line names: its file, then standard input, then its options; later ones win. */
  loadCommandLine(commandLine: CommandLine, readStandardInput: () => string): void {
    if (commandLine.configFile !== null) this.loadFile(this.source.absolutePath(commandLine.configFile));
    if (commandLine.readsStandardInput) this.loadText(readStandardInput(), "standard input");
    this.loadText(commandLine.options, "the command line");
  }

  /** What the texts said beyond values. */
  result(): LoadResult {
    const withoutEffect = [...this.assigned].filter((name) => {
      const directive = DIRECTIVES[name];
      const defaults = directive.type.parse(directive.defaultWords, { current: undefined, appending: false });
      return directive.support === "noted" && defaults.text !== this.configuration.text(name);
    });
    return { statements: this.statements, renames: this.renames, withoutEffect };
  }

  private read(path: string): string {
    try {
      return this.source.readText(path);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new ConfigurationFileError(`Fatal error, can't open config file '${path}': ${reason}`, { cause: error });
    }
  }

  private loadLine(line: string, place: string): void {
    try {
      const words = splitArguments(line);
      if (words === null) throw new ConfigurationError("Unbalanced quotes in configuration line");
      if (words.length > 0) this.execute(words, place);
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      throw new ConfigurationFileError(
        `*** FATAL CONFIG FILE ERROR (${this.program}) ***\n` +
          `Reading the configuration file, at ${place}\n>>> '${line}'\n${error.message}`,
        { cause: error },
      );
    }
  }

  private execute(words: readonly string[], place: string): void {
    const name = (words[0] ?? "").toLowerCase();
    const found = this.configuration.lookup(name);
    if (found !== undefined) this.assign(found.name, found.directive.multi === true, words.slice(1));
    else if (name === "include" && words.length === 2) this.loadFile(words[1] ?? "");
    else if (name === "rename-command" && words.length === 3) this.rename(words[1] ?? "", words[2] ?? "");
    else if (!(IGNORED_DIRECTIVES.has(name) && words.length === 2)) this.keepStatement(name, words, place);
  }

  private assign(name: DirectiveName, multi: boolean, words: readonly string[]): void {
    if (!multi && words.length !== 1) throw new ConfigurationError("wrong number of arguments");
    const only = words.length === 1 ? (words[0] ?? "") : "";
    // one quoted argument may hold all words: --save "60 1 300 10"
    const split = multi && only !== "" ? splitArguments(only) : words;
    if (split === null) throw new ConfigurationError("Unbalanced quotes in configuration line");
    this.configuration.assign(name, split, this.assigned.has(name));
    this.assigned.add(name);
  }

  private rename(name: string, newName: string): void {
    if (!this.commandNames.delete(name.toLowerCase()))
      throw new ConfigurationError("No such command in rename-command");
    if (this.commandNames.has(newName.toLowerCase()))
      throw new ConfigurationError("Target command name already exists");
    if (newName !== "") this.commandNames.add(newName.toLowerCase());
    this.renames.push([name, newName]);
  }

  private keepStatement(name: string, words: readonly string[], place: string): void {
    const known = ((name === "user" || name === "loadmodule") && words.length >= 2) || name.includes(".");
    if (name === "sentinel" && words.length > 1) {
      throw new ConfigurationError("sentinel directive while not in sentinel mode");
    }
    if (!known) throw new ConfigurationError("Bad directive or wrong number of arguments");
    if (words.length < 2) throw new ConfigurationError("Module config specified without value");
    this.statements.push({ words: [name, ...words.slice(1)], place });
  }
}

/** Not a subcommand: those cannot be renamed. */
function isCommand(command: Command): boolean {
  return command.container === null;
}
