/** Arguments of a command inside the CLI: binary strings, one character per byte, so that they can be compared and sent as they are. */
import { Buffer } from "node:buffer";

/** The arguments as the client sends them. */
export function requestOf(args: readonly string[]): Uint8Array[] {
  return args.map((argument) => Buffer.from(argument, "latin1"));
}

/** Whether the arguments begin with these words (in small letters), in any case. */
export function beginsWith(args: readonly string[], ...words: readonly string[]): boolean {
  return words.every((word, index) => args[index]?.toLowerCase() === word);
}
