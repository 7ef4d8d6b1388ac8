/**
 * The command line: options first, as redis-cli takes them, then the command with its arguments.
 *
 *     sider-cli -h example.org -p 7000 --csv  LRANGE list 0 -1
 *               options, each a row of OPTIONS  rest: sent as it is
 *
 * The first argument that begins with no dash ends the options. `-h` without a value is a call for help.
 */
import type { ServerAddress } from "../client/address.ts";
import { defaults, MODES, UsageError, type Mode, type Options } from "./options.ts";
import { OPTIONS } from "./table.ts";

/** Reads a command line (without the program) and the environment. Throws a UsageError. */
export function parseOptions(args: readonly string[], environment: NodeJS.ProcessEnv = {}): Options {
  const options = defaults();
  let at = 0;
  while (at < args.length && args[at]?.startsWith("-") && options.information === undefined) {
    at += applyOption(options, args[at] ?? "", args[at + 1]);
  }
  options.command = args.slice(at);
  options.password ??= environment["REDISCLI_AUTH"];
  if (options.isResp2Demanded && options.resp3 === "demanded") {
    throw new UsageError("Options -2 and -3 are mutually exclusive.");
  }
  if (options.lastArgumentFromInput && options.inputTag !== undefined) {
    throw new UsageError("Options -x and -X are mutually exclusive.");
  }
  return options;
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
function applyOption(options: Options, name: string, value: string | undefined): number {
  const found = OPTIONS.find((option) => option.names.includes(name));
  if (name === "-h" && value === undefined) {
    options.information = "help";
    return 1;
  }
  if (found === undefined || (found.value !== undefined && value === undefined)) {
    throw new UsageError(`Unrecognized option or bad number of args for: '${name}'`);
  }
  found.apply(options, value ?? "");
  return found.value === undefined ? 1 : 2;
}
