/** A server that gives its answers in turn, one for each piece of input of a connection, and then closes or stays. */
import { createServer, type AddressInfo, type Socket } from "node:net";

export interface ScriptedServer {
  readonly port: number;
  /** All that came, per connection, in the pieces in which it came. */
  readonly received: string[][];
  readonly sockets: Socket[];
  stop(): Promise<void>;
}

export async function startScriptedServer(
  answers: readonly (string | Uint8Array)[],
  stays = false,
): Promise<ScriptedServer> {
  const received: string[][] = [];
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    const pieces: string[] = [];
    received.push(pieces);
    sockets.push(socket);
    socket.on("error", () => undefined);
    socket.on("data", (bytes) => {
      const answer = answers[pieces.length];
      pieces.push(bytes.toString("latin1"));
      if (answer !== undefined) socket.write(answer);
      if (!stays && pieces.length === answers.length) socket.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const stop = (): Promise<void> =>
    new Promise((resolve) => {
      for (const socket of sockets) socket.destroy();
      server.close(() => resolve());
    });
  return { port, received, sockets, stop };
}
