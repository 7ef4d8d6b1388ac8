/**
 * A PING to ourselves before each one that is measured. After a pause our code and the system's are in no cache any more, which costs
 * 40 us: as much as a server that does nothing needs to answer. A server inside this program answers the rehearsal, over the loopback
 * interface and by the same way through the same code.
 */
import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { Client } from "../client/client.ts";
import { ConnectionError } from "../client/connection-error.ts";
import type { Clock } from "./clock.ts";
import { Pinger } from "./pinger.ts";

const HOST = "127.0.0.1";
/** Before the first one: so often that the code is compiled. */
const FIRST_PINGS = 20;

export class Rehearsal {
  private readonly client: Client;
  private readonly pinger: Pinger;

  private constructor(client: Client, clock: Clock, signal: AbortSignal) {
    this.client = client;
    this.pinger = new Pinger(client, clock, signal);
  }

  /** Null where a program may not listen: what is measured is a little more then. */
  static async open(clock: Clock, signal: AbortSignal): Promise<Rehearsal | null> {
    try {
      const server = await listen();
      const { port } = server.address() as AddressInfo;
      const client = await Client.open({ address: { kind: "tcp", host: HOST, port } });
      // Nobody else gets in.
      server.close();
      const rehearsal = new Rehearsal(client, clock, signal);
      for (let count = 0; count < FIRST_PINGS; count++) await rehearsal.ping();
      return rehearsal;
    } catch {
      return null;
    }
  }

  async ping(): Promise<void> {
    try {
      await this.pinger.ping();
    } catch (error) {
      if (!(error instanceof ConnectionError)) throw error;
    }
  }

  close(): void {
    this.client.close();
  }
}

function listen(): Promise<Server> {
  const answer = (socket: Socket): void => {
    socket.on("error", () => undefined);
    socket.on("data", () => socket.write("+PONG\r\n"));
  };
  return new Promise((resolve, reject) => {
    const server = createServer({ noDelay: true }, answer);
    server.once("error", reject);
    server.listen(0, HOST, () => resolve(server));
    // It is no reason for the program to go on.
    server.unref();
  });
}
