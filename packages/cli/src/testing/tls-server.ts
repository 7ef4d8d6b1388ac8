/** A server that speaks TLS and answers everything with PONG. */
import { createServer, type TLSSocket, type TlsOptions } from "node:tls";
import { SERVER_CERTIFICATE, SERVER_KEY } from "./certificates.ts";
import { listenOnLoopback, type LoopbackServer } from "./loopback.ts";

export interface TlsServer extends LoopbackServer {
  /** What was agreed upon in each handshake: the cipher, and the name that the client asked for. */
  readonly agreed: { readonly cipher: string; readonly servername: string | false }[];
}

export async function startTlsServer(options: TlsOptions = {}, answer = "+PONG\r\n"): Promise<TlsServer> {
  const agreed: TlsServer["agreed"] = [];
  const server = createServer({ cert: SERVER_CERTIFICATE, key: SERVER_KEY, ...options }, (socket) => {
    const { servername } = socket as TLSSocket & { servername: string | false };
    agreed.push({ cipher: socket.getCipher().name, servername });
    socket.on("error", () => undefined).on("data", () => socket.write(answer));
  });
  return { ...(await listenOnLoopback(server)), agreed };
}
