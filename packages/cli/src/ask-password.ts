/**
 * --askpass: a password that neither the command line nor the screen shows. On a terminal it is typed behind a question, a star for
 * each character; from a pipe it is the first line, and what follows is left for whoever reads next.
 */
import { Buffer } from "node:buffer";
import { once } from "node:events";
import { emitKeypressEvents, type Key } from "node:readline";
import type { ReadStream } from "node:tty";
import { binaryOf } from "./format/printer.ts";
import type { ProgramProcess } from "./process.ts";

const QUESTION = "Please input password: ";
const LINE_END = 10;
const RUB_OUT = "\b \b";

/** Resolves with the password, binary text; undefined: there is none, the input has ended; null: Ctrl-C. */
export async function askPassword({ stdin, stderr }: ProgramProcess): Promise<string | undefined | null> {
  return stdin.isTTY ? readTyped(stdin, stderr) : readFirstLine(stdin);
}

async function readFirstLine(input: ReadStream): Promise<string | undefined> {
  const pieces: Buffer[] = [];
  while (!input.readableEnded && !input.destroyed) {
    const chunk = input.read() as Buffer | null;
    if (chunk === null) {
      await Promise.race([once(input, "readable"), once(input, "end")]);
      continue;
    }
    const end = chunk.indexOf(LINE_END);
    pieces.push(end < 0 ? chunk : chunk.subarray(0, end));
    if (end < 0) continue;
    if (end + 1 < chunk.length) input.unshift(chunk.subarray(end + 1));
    break;
  }
  return pieces.length === 0 ? undefined : Buffer.concat(pieces).toString("latin1");
}

function readTyped(input: ReadStream, screen: NodeJS.WritableStream): Promise<string | undefined | null> {
  emitKeypressEvents(input);
  input.setRawMode(true);
  input.resume();
  screen.write(QUESTION);
  return new Promise((resolve) => {
    const typed: string[] = [];
    const finish = (answer: string | undefined | null): void => {
      input.off("keypress", onKey).pause();
      input.setRawMode(false);
      screen.write("\n");
      resolve(answer);
    };
    const rubOut = (count: number): void => {
      screen.write(RUB_OUT.repeat(typed.splice(typed.length - count).length));
    };
    const onKey = (text: string | undefined, { name = "", ctrl = false, meta = false }: Key): void => {
      if (name === "return" || name === "enter") finish(binaryOf(typed.join("")));
      else if (ctrl && name === "c") finish(null);
      else if (ctrl && name === "d" && typed.length === 0) finish(undefined);
      else if (name === "backspace" && typed.length > 0) rubOut(1);
      else if (ctrl && name === "u") rubOut(typed.length);
      else if (!ctrl && !meta && text !== undefined && text >= " " && name !== "backspace") {
        typed.push(text);
        screen.write("*");
      }
    };
    input.on("keypress", onKey);
  });
}
