/** A server that answers each piece of input by what a function says: text, or null to close the connection. */
import { createServer, type AddressInfo, type Socket } from "node:net";

/** What came, the number of its connection, and how many pieces came on that connection before. */
export type Respond = (input: string, connection: number, index: number) => string | null;

export interface Responder {
  readonly port: number;
  stop(): Promise<void>;
}

export async function startResponder(respond: Respond): Promise<Responder> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    const connection = sockets.push(socket) - 1;
    let index = 0;
    socket.on("error", () => undefined);
    socket.on("data", (bytes) => {
      const answer = respond(bytes.toString("latin1"), connection, index++);
      if (answer === null) socket.end();
      else socket.write(answer, "latin1");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const stop = (): Promise<void> =>
    new Promise((resolve) => {
      for (const socket of sockets) socket.destroy();
      server.close(() => resolve());
    });
  return { port, stop };
}

export function bulk(text: string): string {
  return `$${text.length}\r\n${text}\r\n`;
}
