/** The program without its process: arguments and streams in, exit code out. What only a prompt needs is loaded when there is one. */
import { runOneShot } from "./one-shot.ts";
import type { ModeContext } from "./modes/mode-context.ts";
import { UsageError, type Mode, type Options } from "./options/options.ts";
import { modeOf, parseOptions } from "./options/parse.ts";
import type { ProgramProcess } from "./process.ts";
import { screenOf, type Screen } from "./screen.ts";
import { Session } from "./session/session.ts";

/** What a shell makes of a program that Ctrl-C has ended. */
const INTERRUPTED_EXIT_CODE = 130;

const REPLICA_NOTICE = "Entering replica output mode...  (press Ctrl-C to quit)\n";

/** Runs `sider-cli` with these arguments. Resolves with the exit code. */
export async function runProgram(process: ProgramProcess, args: readonly string[]): Promise<number> {
  const screen = screenOf(process);
  const options = readOptions(args, process.env, screen);
  if (options === null) return 1;
  const exitCode = await (options.information === undefined
    ? start(process, options, screen)
    : inform(options, screen));
  screen.out.flush();
  return exitCode;
}

function readOptions(args: readonly string[], env: NodeJS.ProcessEnv, screen: Screen): Options | null {
  try {
    const options = parseOptions(args, env);
    for (const notice of options.notices) screen.warn(notice);
    return options;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    screen.warn(error.message);
    return null;
  }
}

async function start(process: ProgramProcess, options: Options, screen: Screen): Promise<number> {
  if (options.asksForPassword) {
    const { askPassword } = await import("./ask-password.ts");
    const password = await askPassword(process);
    if (password === null) return INTERRUPTED_EXIT_CODE;
    options.password = password;
  }
  return run(process, options, screen);
}

async function run(process: ProgramProcess, options: Options, screen: Screen): Promise<number> {
  const { stdout, env } = process;
  // FAKETTY is redis-cli's way to get a terminal's output in a pipe.
  const isTerminal = stdout.isTTY || env["FAKETTY"] !== undefined;
  options.showsPushes ??= isTerminal;
  const { elementDelimiter, replyDelimiter } = options;
  const format = options.format ?? (isTerminal ? "standard" : "raw");
  const isInteractive = options.command.length === 0 && options.modes.size === 0;
  const session = new Session(options, { format, elementDelimiter, replyDelimiter }, screen, isInteractive);
  const mode = modeOf(options) ?? modeOfCommand(options.command);
  try {
    if (mode === "replica" && !options.modes.has(mode)) screen.out.add(REPLICA_NOTICE);
    if (mode !== undefined) return await runModeOf(mode, { session, screen, options, process, isTerminal });
    if (!isInteractive) return await runOneShot(session, screen, options, process);
    if (!process.stdin.isTTY) return await (await import("./repl/script.ts")).runScript(session, screen, process);
    return await (await import("./repl/terminal.ts")).runTerminal(session, screen, process);
  } finally {
    session.close();
  }
}

/** A command that is answered with the stream of a replica is what the mode is. */
function modeOfCommand([name = ""]: readonly string[]): Mode | undefined {
  return /^p?sync$/i.test(name) ? "replica" : undefined;
}

/** A mode lets a connection that it lost, and cannot do without, go through as a ConnectionError. */
async function runModeOf(mode: Mode, context: ModeContext): Promise<number> {
  const { loadMode } = await import("./modes/modes.ts");
  const runMode = await loadMode(mode);
  try {
    return await runMode(context);
  } catch (error) {
    context.session.endOfConnection(error);
    return 1;
  }
}

async function inform(options: Options, { out }: Screen): Promise<number> {
  const { readVersion, usage } = await import("./usage.ts");
  out.addText(options.information === "help" ? usage(readVersion()) : `sider-cli ${readVersion()}\n`);
  return 0;
}
