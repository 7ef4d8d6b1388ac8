/**
 * The command line: options first, as redis-cli takes them, then the command with its arguments.
 *
 *     sider-cli -h example.org -p 7000 --csv  LRANGE list 0 -1
 *               options, each a row of OPTIONS  rest: sent as it is
 *
 * The first argument that begins with no dash ends the options. `-h` without a value is a call for help.
 */
import type { ServerAddress } from "../client/address.ts";
import { binaryOf } from "../format/printer.ts";
import { defaults, MODES, UsageError, type Mode, type Options } from "./options.ts";
import { OPTIONS } from "./table.ts";

const VISIBLE_PASSWORD =
  "Warning: Using a password with '-a' or '-u' option on the command line interface may not be safe.";

/** Reads a command line (without the program) and the environment. Throws a UsageError, the notices before it included. */
export function parseOptions(args: readonly string[], environment: NodeJS.ProcessEnv = {}): Options {
  const options = defaults();
  try {
    let at = 0;
    while (at < args.length && args[at]?.startsWith("-")) {
      at += applyOption(options, args[at] ?? "", args.slice(at + 1));
      if (options.information !== undefined) return options;
    }
    options.command = args.slice(at);
    check(options);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw new UsageError([...options.notices, error.message].join("\n"));
  }
  const password = environment["REDISCLI_AUTH"];
  if (password !== undefined) options.password ??= binaryOf(password);
  return options;
}

/** Which options go together, in the order in which redis-cli looks at it. */
function check(options: Options): void {
  if (options.socketPath !== undefined && options.isClusterMode) throw exclusive("Options -c and -s");
  if (options.isResp2Demanded && options.resp3 === "demanded") throw exclusive("Options -2 and -3");
  if (options.modeOptions.debugger !== "off" && !options.modes.has("eval")) {
    throw new UsageError(
      "Options --ldb and --ldb-sync-mode require --eval.\nTry sider-cli --help for more information.",
    );
  }
  if (options.isPasswordVisible && options.warnsOfVisiblePassword) options.notices.push(VISIBLE_PASSWORD);
  if (options.modeOptions.hasBothDumps) throw exclusive("Option --functions-rdb and --rdb");
  if (options.lastArgumentFromInput && options.inputTag !== undefined) throw exclusive("Options -x and -X");
}

function exclusive(options: string): UsageError {
  return new UsageError(`${options} are mutually exclusive.`);
}

/** Where the options say that the server is. */
export function addressOf(options: Options): ServerAddress {
  if (options.socketPath !== undefined) return { kind: "unix", path: options.socketPath };
  return { kind: "tcp", host: options.host, port: options.port };
}

/** The mode that counts, if one was asked for. */
export function modeOf({ modes }: Options): Mode | undefined {
  return MODES.find((mode) => modes.has(mode));
}

/** Gives how many arguments the option took. */
function applyOption(options: Options, name: string, following: readonly string[]): number {
  const [value, ...rest] = following;
  const found = OPTIONS.find((option) => option.names.includes(name));
  if (name === "-h" && value === undefined) {
    options.information = "help";
    return 1;
  }
  if (found === undefined || (found.value !== undefined && value === undefined)) {
    throw new UsageError(`Unrecognized option or bad number of args for: '${name}'`);
  }
  const more = found.takesMore === undefined ? [] : rest.slice(0, countWhile(rest, found.takesMore));
  found.apply(options, value ?? "", more);
  return (found.value === undefined ? 1 : 2) + more.length;
}

function countWhile(args: readonly string[], isTaken: (argument: string) => boolean): number {
  const end = args.findIndex((argument) => !isTaken(argument));
  return end < 0 ? args.length : end;
}
