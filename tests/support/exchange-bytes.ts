/** Sends bytes and takes what comes back, replies or not, until the other side is done. */
import { createConnection } from "node:net";

import { encodeCommand } from "./connection.ts";

export interface Conversation {
  /** All bytes received (Latin-1), without the reply to the closing word. */
  received: string;
  /** Whether the server ended the connection. */
  closed: boolean;
}

const closingWord = "that-was-all";
const timeoutMs = 10_000;

/** Sends the input and then an ECHO: the conversation is over when that is answered, or when the server closes. */
export function converse(port: number, input: string | Uint8Array): Promise<Conversation> {
  return exchange(port, input, encodeCommand(["ECHO", closingWord]));
}

/** Sends the input and nothing more: the conversation is over when the server closes. */
export function converseUntilClosed(port: number, input: string | Uint8Array): Promise<Conversation> {
  return exchange(port, input, new Uint8Array());
}

function exchange(port: number, input: string | Uint8Array, last: Uint8Array): Promise<Conversation> {
  const closing = `$${closingWord.length}\r\n${closingWord}\r\n`;
  return new Promise((resolve, reject) => {
    const socket = createConnection({ port, host: "127.0.0.1" });
    let received = "";
    const finish = (closed: boolean): void => {
      socket.destroy();
      resolve({ received: received.replace(closing, ""), closed });
    };
    socket.setTimeout(timeoutMs, () => {
      socket.destroy();
      reject(new Error(`no end after ${timeoutMs} ms; received ${JSON.stringify(received)}`));
    });
    socket.on("data", (bytes) => {
      received += bytes.toString("latin1");
      if (received.endsWith(closing)) finish(false);
    });
    // A server that closes while input is still on its way resets the connection.
    socket.on("error", () => finish(true));
    socket.on("close", () => finish(true));
    socket.write(typeof input === "string" ? Buffer.from(input, "latin1") : input);
    socket.write(last);
  });
}
