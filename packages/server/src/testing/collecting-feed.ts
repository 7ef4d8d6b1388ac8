/** A feed that keeps what it is told as commands of words, for tests. Throws at the first byte that is no complete request. */
import type { PropagationFeed } from "../propagation/index.ts";

export class CollectingFeed implements PropagationFeed {
  readonly commands: string[][] = [];
  /** Which database each command is for. */
  readonly databases: number[] = [];

  append(databaseIndex: number, bytes: Uint8Array, start: number, end: number): void {
    for (const words of parseRequests(Buffer.from(bytes.subarray(start, end)).toString("latin1"))) {
      this.commands.push(words);
      this.databases.push(databaseIndex);
    }
  }

  /** What has come since the last call, one line a command, with SELECT before a change of database. */
  take(): string[] {
    const lines = this.commands.map((words) => words.join(" "));
    this.commands.length = 0;
    this.databases.length = 0;
    return lines;
  }
}

/** The requests of a text that consists of complete requests. */
export function parseRequests(text: string): string[][] {
  const requests: string[][] = [];
  let at = 0;
  const line = (mark: string): number => {
    const end = text.indexOf("\r\n", at);
    if (text[at] !== mark || end < 0) throw new Error(`no request at ${String(at)} of ${JSON.stringify(text)}`);
    const number = Number(text.slice(at + 1, end));
    at = end + 2;
    return number;
  };
  while (at < text.length) {
    const words = Array.from({ length: line("*") }, () => {
      const length = line("$");
      const word = text.slice(at, at + length);
      at += length + 2;
      if (text.slice(at - 2, at) !== "\r\n") throw new Error(`no end of a word at ${String(at)}`);
      return word;
    });
    requests.push(words);
  }
  return requests;
}
