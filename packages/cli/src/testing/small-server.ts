/**
 * A server with a few commands, for tests of the prompt that need no redis-server: requests are taken apart, and a function answers each
 * with bytes of RESP, or with nothing.
 */
import { createServer, type AddressInfo, type Socket } from "node:net";

/** Gives the reply to a request; null when there is none, for now. */
export type Answer = (args: readonly string[], socket: Socket) => string | null;

export interface SmallServer {
  readonly port: number;
  /** All requests, as they came, of all connections. */
  readonly requests: string[];
  readonly sockets: Set<Socket>;
  stop(): Promise<void>;
}

export async function startSmallServer(answer: Answer, port = 0): Promise<SmallServer> {
  const requests: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    let rest = "";
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => undefined);
    socket.setEncoding("latin1").on("data", (text: string) => {
      const taken = takeRequests(rest + text);
      rest = taken.rest;
      for (const args of taken.requests) {
        requests.push(args.join(" "));
        const reply = answer(args, socket);
        if (reply !== null) socket.write(reply, "latin1");
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const stop = (): Promise<void> =>
    new Promise((resolve) => {
      for (const socket of sockets) socket.destroy();
      server.close(() => resolve());
    });
  return { port: (server.address() as AddressInfo).port, requests, sockets, stop };
}

/** The requests that are complete, and what follows them. */
function takeRequests(text: string): { requests: string[][]; rest: string } {
  const requests: string[][] = [];
  let at = 0;
  for (;;) {
    const request = takeRequest(text, at);
    if (request === null) return { requests, rest: text.slice(at) };
    requests.push(request.args);
    at = request.end;
  }
}

function takeRequest(text: string, start: number): { args: string[]; end: number } | null {
  const args: string[] = [];
  let count = -1;
  for (let at = start; count !== args.length;) {
    const lineEnd = text.indexOf("\r\n", at);
    if (lineEnd < 0) return null;
    const number = Number(text.slice(at + 1, lineEnd));
    at = lineEnd + 2;
    if (count < 0) count = number;
    else {
      if (text.length < at + number + 2) return null;
      args.push(text.slice(at, at + number));
      at += number + 2;
    }
    if (count === args.length) return { args, end: at };
  }
  return null;
}

/** Encodes a reply: strings as bulks, null, integers, arrays. */
export function resp(value: string | number | null | readonly unknown[]): string {
  if (value === null) return "$-1\r\n";
  if (typeof value === "number") return `:${value}\r\n`;
  if (typeof value === "string") return `$${Buffer.byteLength(value)}\r\n${Buffer.from(value).toString("latin1")}\r\n`;
  return `*${value.length}\r\n${value.map((element) => resp(element as string)).join("")}`;
}
