/**
 * The prompt on a terminal that can do nothing but lines (TERM=dumb): the terminal itself edits them, there are neither colours nor
 * hints. Ctrl-C gives up a command that waits, and leaves at the prompt.
 */
import { createInterface } from "node:readline";
import { binaryOf } from "../format/printer.ts";
import type { ProgramProcess } from "../process.ts";
import type { Session } from "../session/session.ts";
import type { Interpreter } from "./interpreter.ts";

/** Reads and runs lines until the person leaves. */
export async function runDumbTerminal(
  session: Session,
  interpreter: Interpreter,
  terminal: ProgramProcess,
): Promise<void> {
  const reader = createInterface({ input: terminal.stdin, terminal: false });
  let isRunning = false;
  const interrupt = (): void => {
    if (!isRunning) return reader.close();
    // Behind the ^C that the terminal shows.
    terminal.stdout.write("\n");
    session.interrupt();
  };
  terminal.on("SIGINT", interrupt);
  terminal.stdout.write(session.prompt);
  for await (const line of reader) {
    isRunning = true;
    const outcome = await interpreter.execute(binaryOf(line));
    isRunning = false;
    if (outcome === "quit") break;
    terminal.stdout.write(session.prompt);
  }
  terminal.off("SIGINT", interrupt);
  reader.close();
  terminal.stdout.write("\n");
}
