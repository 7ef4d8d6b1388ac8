/**
 * A server for tests of the prompt that need no redis-server: a function answers each request with bytes of RESP, or with nothing. The
 * test sees what came, and can write to the connections or end them.
 */
import { createServer, type Socket } from "node:net";
import { ReplyParser } from "@sider/resp-protocol/client";
import { listenOnLoopback, type LoopbackServer } from "./loopback.ts";

/** Gives the reply to a request; null when there is none, for now. */
export type Answer = (args: readonly string[], socket: Socket) => string | null;

export interface SmallServer extends LoopbackServer {
  /** All requests, as they came, of all connections. */
  readonly requests: string[];
}

export async function startSmallServer(answer: Answer, port = 0): Promise<SmallServer> {
  const requests: string[] = [];
  const server = createServer((socket) => {
    // A request is an array of bulk strings: the parser of replies reads it.
    const parser = new ReplyParser({ onReply: (request) => reply(request as string[]) });
    const reply = (args: readonly string[]): void => {
      requests.push(args.join(" "));
      const text = answer(args, socket);
      if (text !== null) socket.write(text, "latin1");
    };
    socket.on("data", (bytes) => parser.feed(bytes));
  });
  return { ...(await listenOnLoopback(server, port)), requests };
}

/** Encodes a reply: strings as bulks, null, integers, arrays. */
export function resp(value: string | number | null | readonly unknown[]): string {
  if (value === null) return "$-1\r\n";
  if (typeof value === "number") return `:${value}\r\n`;
  if (typeof value === "string") return `$${Buffer.byteLength(value)}\r\n${Buffer.from(value).toString("latin1")}\r\n`;
  return `*${value.length}\r\n${value.map((element) => resp(element as string)).join("")}`;
}
