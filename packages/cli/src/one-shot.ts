/** `sider-cli command argument ...`: one command, its reply, an exit code. */
import { text } from "node:stream/consumers";
import { binaryOf } from "./format/printer.ts";
import type { Options } from "./options/options.ts";
import type { Screen, Session } from "./session.ts";
import { splitArguments } from "./split-arguments.ts";

/** Runs the command of the options. Resolves with the exit code: 0, or 1 when it failed. */
export async function runOneShot(
  session: Session,
  screen: Screen,
  options: Options,
  input: NodeJS.ReadableStream,
): Promise<number> {
  const words = commandWords(options);
  if (words === null) {
    screen.out.add("Invalid quoted string\n");
    return 1;
  }
  const args = await withInput(words, options, input);
  if (args === null) {
    screen.warn("Using -X option but stdin tag not match.");
    return 1;
  }
  if (/^(help|\?)$/i.test(args[0] ?? "")) {
    const { printHelp } = await import("./repl/help.ts");
    printHelp(screen.out, args.slice(1));
    return 0;
  }
  return (await session.run(args, options.repeat)) ? 0 : 1;
}

/** The command as binary strings; null when one is to be quoted and is not, or not rightly. */
function commandWords(options: Options): string[] | null {
  const words: string[] = [];
  for (const word of options.command.map(binaryOf)) {
    if (!options.isInputQuoted) words.push(word);
    else {
      const parts = splitArguments(word);
      if (parts?.length !== 1) return null;
      words.push(parts[0] ?? "");
    }
  }
  return words;
}

/** The command with what stands on standard input where the options want it; null when the tag is not there. */
async function withInput(words: string[], options: Options, input: NodeJS.ReadableStream): Promise<string[] | null> {
  const { lastArgumentFromInput, inputTag } = options;
  if (lastArgumentFromInput) return [...words, await readAll(input)];
  if (inputTag === undefined) return words;
  const at = words.indexOf(inputTag);
  return at < 0 ? null : words.with(at, await readAll(input));
}

/** All of the input as a binary string. */
async function readAll(input: NodeJS.ReadableStream): Promise<string> {
  input.setEncoding("latin1");
  return text(input);
}
