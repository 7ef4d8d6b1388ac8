/** Fills a server fast: commands written as one pipelined stream, their replies thrown away; done when the last one has come. */
import { createConnection } from "node:net";

import { encodeCommand } from "../support/connection.ts";

const chunkBytes = 256 * 1024;
const endMark = "the-feed-has-ended";

/** Sends `count` commands. Throws when one of the replies is an error or the connection breaks. */
export async function feed(port: number, count: number, commandAt: (index: number) => string[]): Promise<void> {
  await feedCommands(port, generate(count, commandAt));
}

/** As `feed`, with commands that come one by one. */
export async function feedCommands(port: number, commands: Iterable<readonly string[]>): Promise<void> {
  await feedBytes(port, chunksOf(commands));
}

/** As `feed`, with commands that are bytes already. */
export async function feedBytes(port: number, chunks: AsyncIterable<Buffer> | Iterable<Buffer>): Promise<void> {
  const socket = createConnection({ port, host: "127.0.0.1", noDelay: true });
  const answered = new Promise<void>((resolve, reject) => {
    let tail = "";
    socket.on("data", (bytes) => {
      const text = tail + bytes.toString("latin1");
      const error = /(?:^|\n)-[A-Z]+ [^\r]*/.exec(text);
      if (error !== null) reject(new Error(`feed: ${error[0]}`));
      if (text.endsWith(`${endMark}\r\n`)) resolve();
      tail = text.slice(-64);
    });
    socket.once("error", reject);
    socket.once("close", () => reject(new Error("feed: connection closed")));
  });
  try {
    await Promise.all([write(), answered]);
  } finally {
    socket.destroy();
  }

  async function write(): Promise<void> {
    for await (const chunk of chunks) await send(chunk);
    await send(encodeCommand(["ECHO", endMark]));
  }

  async function send(bytes: Buffer): Promise<void> {
    if (!socket.write(bytes)) await new Promise((resolve) => socket.once("drain", resolve));
  }
}

function* generate(count: number, commandAt: (index: number) => string[]): Generator<string[]> {
  for (let index = 0; index < count; index++) yield commandAt(index);
}

function* chunksOf(commands: Iterable<readonly string[]>): Generator<Buffer> {
  let pieces: Buffer[] = [];
  let bytes = 0;
  for (const command of commands) {
    const piece = encodeCommand(command);
    pieces.push(piece);
    bytes += piece.length;
    if (bytes < chunkBytes) continue;
    yield Buffer.concat(pieces);
    pieces = [];
    bytes = 0;
  }
  yield Buffer.concat(pieces);
}
