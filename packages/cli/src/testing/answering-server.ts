/** A server that answers each request with what a function says, for replies that no real server gives. */
import { Buffer } from "node:buffer";
import { createServer } from "node:net";
import { ReplyParser } from "@sider/resp-protocol/client";
import { listenOnLoopback, type LoopbackServer } from "./loopback.ts";

export type AnsweringServer = LoopbackServer;

/** What is written for a request (binary text), at once or later; null: the connection is closed instead. */
export type Answer = (args: readonly string[]) => string | null | Promise<string | null>;

/** `knowsSync`: SYNC comes as a bare line. `closesAfterSync`: and is the last request. */
export async function startAnsweringServer(
  answer: Answer,
  knowsSync = false,
  closesAfterSync = false,
): Promise<AnsweringServer> {
  const server = createServer((socket) => {
    let before: Promise<unknown> = Promise.resolve();
    // In the order of the requests.
    const reply = (request: string[]): void => {
      const text = answer(request);
      before = before.then(async () => {
        const written = await text;
        if (written !== null) socket.write(Buffer.from(written, "latin1"));
        if (written === null || (closesAfterSync && request[0] === "SYNC")) socket.end();
      });
    };
    // A request is an array of bulk strings: the parser of replies reads it.
    const parser = new ReplyParser({ onReply: (request) => reply(request as string[]) });
    socket.on("data", (bytes) => {
      if (knowsSync && bytes.toString() === "SYNC\r\n") reply(["SYNC"]);
      else parser.feed(bytes);
    });
  });
  return listenOnLoopback(server);
}
