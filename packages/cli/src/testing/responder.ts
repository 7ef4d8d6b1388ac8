/** A server that answers each piece of input by what a function says: text, or null to close the connection. */
import { createServer } from "node:net";
import { listenOnLoopback, type LoopbackServer } from "./loopback.ts";

/** What came, the number of its connection, and how many pieces came on that connection before. */
export type Respond = (input: string, connection: number, index: number) => string | null;

export type Responder = LoopbackServer;

export async function startResponder(respond: Respond): Promise<Responder> {
  let connections = 0;
  const server = createServer((socket) => {
    const connection = connections++;
    let index = 0;
    socket.on("data", (bytes) => {
      const answer = respond(bytes.toString("latin1"), connection, index++);
      if (answer === null) socket.end();
      else socket.write(answer, "latin1");
    });
  });
  return listenOnLoopback(server);
}

export function bulk(text: string): string {
  return `$${text.length}\r\n${text}\r\n`;
}
