/** Where a program writes to: replies to its output, messages for a person to its error output, in the order in which they were said. */
import { Buffer } from "node:buffer";
import { socketErrorText } from "./client/connection-error.ts";
import { binaryOf, Printer } from "./format/printer.ts";
import type { ProgramProcess } from "./process.ts";

/** The reader of our output has gone: what redis-cli's exit code is then, killed by SIGPIPE. */
const BROKEN_PIPE_EXIT_CODE = 141;

export interface Screen {
  /** Replies. */
  readonly out: Printer;
  /** A message for a person, a line. */
  warn(line: string): void;
  /** The same as binary text: what the server says comes out byte for byte. */
  warnBinary(line: string): void;
  /** Wraps each write to the terminal: what is drawn below the text, such as a progress line, makes room for it. */
  aroundWrite: (write: () => void, bytes: Uint8Array, kind: "output" | "message") => void;
}

/** The streams of a process. */
export function screenOf(process: ProgramProcess): Screen {
  const { stdout, stderr } = process;
  const onOutputError = (error: NodeJS.ErrnoException): void => {
    if (error.code === "EPIPE") return process.exit(BROKEN_PIPE_EXIT_CODE);
    stderr.write(`Error: the output cannot be written: ${socketErrorText(error)}\n`);
    process.exit(1);
  };
  stdout.on("error", onOutputError);
  stderr.on("error", () => undefined);
  const screen: Screen = {
    out: new Printer((bytes) => screen.aroundWrite(() => stdout.write(bytes), bytes, "output")),
    warn: (line) => screen.warnBinary(binaryOf(line)),
    warnBinary(line) {
      screen.out.flush();
      const bytes = Buffer.from(line + "\n", "latin1");
      screen.aroundWrite(() => stderr.write(bytes), bytes, "message");
    },
    aroundWrite: (write) => write(),
  };
  return screen;
}
