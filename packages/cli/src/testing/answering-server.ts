/** A server that answers each request with what a function says, for replies that no real server gives. */
import { Buffer } from "node:buffer";
import { createServer, type AddressInfo, type Socket } from "node:net";
import { ReplyParser } from "@sider/resp-protocol";

export interface AnsweringServer {
  readonly port: number;
  stop(): Promise<void>;
}

/** What is written for a request (binary text); null: the connection is closed instead. */
export type Answer = (args: readonly string[]) => string | null;

export async function startAnsweringServer(answer: Answer): Promise<AnsweringServer> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    // A request is an array of bulk strings: the parser of replies reads it.
    const parser = new ReplyParser({
      onReply(request) {
        const text = answer(request as string[]);
        if (text === null) socket.end();
        else socket.write(Buffer.from(text, "latin1"));
      },
    });
    socket.on("error", () => undefined);
    socket.on("data", (bytes) => parser.feed(bytes));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const stop = (): Promise<void> =>
    new Promise((resolve) => {
      for (const socket of sockets) socket.destroy();
      server.close(() => resolve());
    });
  return { port: (server.address() as AddressInfo).port, stop };
}
