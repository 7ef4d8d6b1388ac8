/** A server that speaks TLS and answers everything with PONG. */
import type { AddressInfo } from "node:net";
import { createServer, type TLSSocket, type TlsOptions } from "node:tls";
import { SERVER_CERTIFICATE, SERVER_KEY } from "./certificates.ts";

export interface TlsServer {
  readonly port: number;
  /** What was agreed upon in each handshake: the cipher, and the name that the client asked for. */
  readonly agreed: { readonly cipher: string; readonly servername: string | false }[];
  stop(): Promise<void>;
}

export async function startTlsServer(options: TlsOptions = {}, answer = "+PONG\r\n"): Promise<TlsServer> {
  const sockets: TLSSocket[] = [];
  const agreed: TlsServer["agreed"] = [];
  const server = createServer({ cert: SERVER_CERTIFICATE, key: SERVER_KEY, ...options }, (socket) => {
    sockets.push(socket);
    const { servername } = socket as TLSSocket & { servername: string | false };
    agreed.push({ cipher: socket.getCipher().name, servername });
    socket.on("error", () => undefined).on("data", () => socket.write(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const stop = (): Promise<void> =>
    new Promise((resolve) => {
      for (const socket of sockets) socket.destroy();
      server.close(() => resolve());
    });
  return { port: (server.address() as AddressInfo).port, agreed, stop };
}
