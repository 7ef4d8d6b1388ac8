/** `sider-cli command argument ...`: one command, its reply, an exit code. */
import { Buffer, constants } from "node:buffer";
import { binaryOf } from "./format/printer.ts";
import type { Options } from "./options/options.ts";
import type { ProgramProcess } from "./process.ts";
import type { Screen } from "./screen.ts";
import type { Session } from "./session/session.ts";
import { splitArguments } from "./split-arguments.ts";

/** The longest argument that a server takes by default, and the longest string that V8 has: it is shorter by some bytes. */
const MOST_INPUT_BYTES = Math.min(512 * 1024 * 1024, constants.MAX_STRING_LENGTH);

/** The input is a stream once it is looked at, which takes its time: only who reads it looks. */
type InputOwner = Pick<ProgramProcess, "stdin">;

/** What is wrong with a command, in redis-cli's words where it has some. */
export class Refusal extends Error {}

/** Runs the command of the options. Resolves with the exit code: 0, or 1 when it failed. */
export async function runOneShot(
  session: Session,
  screen: Screen,
  options: Options,
  process: InputOwner,
): Promise<number> {
  const words = commandWords(options);
  if (words === null) {
    screen.out.add("Invalid quoted string\n");
    return 1;
  }
  try {
    return await runCommand(session, screen, await withInput(words, options, process), options.repeat);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    screen.warn(error.message);
    return 1;
  }
}

async function runCommand(session: Session, screen: Screen, args: string[], repeat: number): Promise<number> {
  if (/^(help|\?)$/i.test(args[0] ?? "")) {
    const { printHelp } = await import("./repl/help.ts");
    printHelp(screen.out, args.slice(1));
    return 0;
  }
  return (await session.run(args, repeat)) ? 0 : 1;
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

/** The command with what stands on standard input where the options want it. Throws a Refusal. */
export async function withInput(words: string[], options: Options, process: InputOwner): Promise<string[]> {
  const { lastArgumentFromInput, inputTag } = options;
  if (lastArgumentFromInput) return [...words, await readAll(process.stdin)];
  if (inputTag === undefined) return words;
  const at = words.indexOf(inputTag);
  if (at < 0) throw new Refusal("Using -X option but stdin tag not match.");
  return words.with(at, await readAll(process.stdin));
}

/** All of the input as a binary string. */
async function readAll(input: NodeJS.ReadableStream): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of input as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MOST_INPUT_BYTES) throw new Refusal("Standard input is longer than an argument can be (512 MB).");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("latin1");
}
