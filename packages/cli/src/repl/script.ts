/** Commands from a file or a pipe, a line each, without a prompt. Lines are bytes, of any length. */
import type { ProgramProcess } from "../process.ts";
import type { Screen } from "../screen.ts";
import type { Session } from "../session/session.ts";
import { Interpreter } from "./interpreter.ts";

const CLEAR_SCREEN = "\x1b[H\x1b[2J";

/**
 * Runs all lines of the input. Resolves with the exit code: 0 whatever the commands did, as redis-cli has it, and 1 where what the server
 * sends makes no sense any more. Ctrl-C ends MONITOR and SUBSCRIBE, and the lines after them follow; otherwise it ends the script.
 */
export async function runScript(session: Session, screen: Screen, process: ProgramProcess): Promise<number> {
  const interpreter = new Interpreter(session, screen);
  const interrupt = (): void => {
    if (session.isListening) return session.interrupt();
    screen.out.flush();
    process.exit(1);
  };
  process.on("SIGINT", interrupt);
  try {
    await session.connect();
    for await (const line of linesOf(process.stdin)) {
      const outcome = await interpreter.execute(line);
      if (session.isLostForGood) return 1;
      if (outcome === "quit") break;
      if (outcome === "clear") screen.out.add(CLEAR_SCREEN);
    }
    return 0;
  } finally {
    process.off("SIGINT", interrupt);
  }
}

/** The lines as binary strings, without their ends. */
async function* linesOf(input: NodeJS.ReadableStream): AsyncGenerator<string> {
  input.setEncoding("latin1");
  let pieces: string[] = [];
  for await (const chunk of input as AsyncIterable<string>) {
    let start = 0;
    for (let end = chunk.indexOf("\n"); end >= 0; end = chunk.indexOf("\n", start)) {
      pieces.push(chunk.slice(start, end));
      yield pieces.join("");
      pieces = [];
      start = end + 1;
    }
    pieces.push(chunk.slice(start));
  }
  const last = pieces.join("");
  if (last !== "") yield last;
}
