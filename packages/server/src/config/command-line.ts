/**
 * The command line of a server, as redis-server reads it:
 *
 *     [file] [-] [--option word ...] [--option "word word"] ... [-]
 *
 * Each option becomes a line of configuration text, loaded after the file and standard input. A word that starts with `--`
 * begins an option only when the option before it has a word already; `--save` alone means `--save ""`.
 */
import { quoteArgument, splitArguments } from "./quoting.ts";

/** What a command line asks for. */
export interface CommandLine {
  /** `run` the server, or print and leave. */
  readonly action: "run" | "version" | "help" | "check-system" | "test-memory";
  readonly configFile: string | null;
  readonly readsStandardInput: boolean;
  /** Lines of configuration text. */
  readonly options: string;
}

const ACTIONS = new Map<string, CommandLine["action"]>([
  ["-v", "version"],
  ["--version", "version"],
  ["-h", "help"],
  ["--help", "help"],
  ["--check-system", "check-system"],
  ["--test-memory", "test-memory"],
]);

/** Reads the arguments that follow the program's name. Never throws: wrong options show when their text is loaded. */
export function parseCommandLine(args: readonly string[]): CommandLine {
  const first = args[0] ?? "-";
  const action = ACTIONS.get(first) ?? "run";
  const configFile = first.startsWith("-") ? null : first;
  const lines: string[] = [];
  let readsStandardInput = false;
  let complete = true; // the last option has a word, so that -- begins a new one
  for (let at = configFile === null ? 0 : 1; at < args.length; at++) {
    const word = args[at] ?? "";
    if (word === "-" && (at === 0 || at === args.length - 1)) {
      readsStandardInput = true;
    } else if (complete && word.startsWith("--")) {
      const isLast = at === args.length - 1;
      const nextIsOption = args[at + 1]?.startsWith("--") ?? false;
      const emptySave = word.toLowerCase() === "--save" && (isLast || nextIsOption);
      complete = emptySave || splitArguments(word)?.length !== 1;
      if (word.toLowerCase() === "--sentinel" && nextIsOption) complete = true;
      lines.push(word.slice(2) + (emptySave ? ' ""' : ""));
    } else {
      lines.push(`${lines.pop() ?? ""} ${quoteArgument(word)}`.trimStart());
      complete = true;
    }
  }
  return { action, configFile, readsStandardInput, options: lines.join("\n") };
}
