/** What the servers of tests have in common: a port of the loopback, and connections that end with the test. */
import type { AddressInfo, Server, Socket } from "node:net";

export interface LoopbackServer {
  readonly port: number;
  /** Connections that are open. */
  readonly sockets: ReadonlySet<Socket>;
  /** Ends all connections, and listens no more. */
  stop(): Promise<void>;
}

/** Makes a server listen, on any port unless one is given. Errors of its connections are nobody's business. */
export async function listenOnLoopback(server: Server, port = 0): Promise<LoopbackServer> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined).once("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const stop = (): Promise<void> =>
    new Promise((resolve) => {
      for (const socket of sockets) socket.destroy();
      server.close(() => resolve());
    });
  return { port: (server.address() as AddressInfo).port, sockets, stop };
}
