/** The program: command line in, exit code out. What only a prompt needs is loaded when there is one. */
import process from "node:process";
import { Printer } from "./format/printer.ts";
import { runOneShot } from "./one-shot.ts";
import { parseOptions, UsageError, type Options } from "./options.ts";
import { Session, type Screen } from "./session.ts";

const { stdin, stdout, stderr, argv, env } = process;

/** The reader of our output has gone: what redis-cli's exit code is then, killed by SIGPIPE. */
const BROKEN_PIPE_EXIT_CODE = 141;

process.exitCode = await main();

async function main(): Promise<number> {
  stdout.on("error", () => process.exit(BROKEN_PIPE_EXIT_CODE));
  const screen: Screen = {
    out: new Printer((bytes) => stdout.write(bytes)),
    warn(line) {
      this.out.flush();
      stderr.write(line + "\n");
    },
  };
  const options = readOptions(screen);
  if (options === null) return 1;
  const exitCode = options.information === undefined ? await run(options, screen) : await inform(options, screen);
  screen.out.flush();
  return exitCode;
}

async function run(options: Options, screen: Screen): Promise<number> {
  // FAKETTY is redis-cli's way to get a terminal's output in a pipe.
  const isTerminal = stdout.isTTY || env["FAKETTY"] !== undefined;
  options.showsPushes ??= isTerminal;
  const { elementDelimiter, replyDelimiter } = options;
  const format = {
    format: options.format ?? (isTerminal ? "standard" : "raw"),
    elementDelimiter,
    replyDelimiter,
  } as const;
  const isInteractive = options.command.length === 0;
  const session = new Session(options, format, screen, isInteractive);
  try {
    if (!isInteractive) return await runOneShot(session, screen, options, stdin);
    if (!stdin.isTTY) return await (await import("./repl/script.ts")).runScript(session, screen, stdin);
    return await (await import("./repl/terminal.ts")).runTerminal(session, screen, process);
  } finally {
    session.close();
  }
}

function readOptions(screen: Screen): Options | null {
  try {
    const options = parseOptions(argv.slice(2), env);
    if (options.isPasswordVisible && options.warnsOfVisiblePassword) {
      screen.warn("Warning: Using a password with '-a' or '-u' option on the command line interface may not be safe.");
    }
    return options;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    screen.warn(error.message);
    return null;
  }
}

async function inform(options: Options, { out }: Screen): Promise<number> {
  const { readVersion, usage } = await import("./usage.ts");
  out.addText(options.information === "help" ? usage(readVersion()) : `sider-cli ${readVersion()}\n`);
  return 0;
}
