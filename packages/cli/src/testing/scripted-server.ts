/** A server that gives its answers in turn, one for each piece of input of a connection, and then closes or stays. */
import { createServer, type Socket } from "node:net";
import { listenOnLoopback, type LoopbackServer } from "./loopback.ts";

export interface ScriptedServer extends Omit<LoopbackServer, "sockets"> {
  /** All that came, per connection, in the pieces in which it came. */
  readonly received: string[][];
  /** All connections, in the order in which they came. */
  readonly sockets: Socket[];
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
    socket.on("data", (bytes) => {
      const answer = answers[pieces.length];
      pieces.push(bytes.toString("latin1"));
      if (answer !== undefined) socket.write(answer);
      if (!stays && pieces.length === answers.length) socket.end();
    });
  });
  return { ...(await listenOnLoopback(server)), received, sockets };
}
